"""From any paragraph back to the bytes that it came from."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.ingest.provenance import NotProvable, provenance
from archive.models import Article
from tests.ingest.support import LONG, ingest, story, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]
PAGE = f"Old bridge to close\n\nAdvertisement\n\n{LONG}\n\nIt was built in 1863 and repaired in 1920 after a flood.\n"


def test_a_paragraph_of_a_page_leads_to_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PAGE)
    ingest(path)
    found = provenance(Article.objects.get(), 2)
    assert found.text.startswith("It was built in 1863")
    assert found.lines == (7,)
    assert found.raw == path.read_bytes()


def test_a_record_in_a_zip_leads_to_its_member_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    lines = [json.dumps(story(n)) + "\n" for n in range(3)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/one.jsonl", "".join(lines))
    ingest(path)
    found = provenance(Article.objects.get(external_id="s1"), 1)
    assert (found.member, found.record, found.offset, found.length) == ("x/one.jsonl", 2, len(lines[0]), len(lines[1]))
    assert json.loads(found.raw) == story(1)


def test_every_paragraph_of_the_wire_leads_to_its_lines(tmp_path: Path, shared_data: Path) -> None:
    """Each paragraph's words stand in the record's bytes, and its lines follow those of the one before."""
    from html import unescape

    ingest(shared_data / "reuters21578" / "reut2-000.sgm.gz", limit=150)
    checked = 0
    for article in Article.objects.select_related("raw__dump").exclude(body=[])[::10]:
        last = 0
        plain = unescape(re.sub(r"</?[A-Z]+[^>]*>", "", provenance(article).raw.decode("latin-1")))
        text = "".join(filter(str.isalnum, plain))
        for number, paragraph in enumerate(article.body, start=1):
            found = provenance(article, number)
            assert found.lines, (article.pk, number)
            assert found.lines[0] >= last
            last = found.lines[-1]
            assert "".join(filter(str.isalnum, paragraph)) in text
            checked += 1
    assert checked > 30


def test_a_dump_that_is_not_kept_still_has_its_place_but_no_bytes(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]), keep=False)
    found = provenance(Article.objects.get(), 1)
    assert (found.is_kept, found.raw, found.record) == (False, b"", 1)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    article = Article.objects.get()
    with pytest.raises(NotProvable, match="no paragraph 2; it has 1"):
        provenance(article, 2)
    article.raw = None
    with pytest.raises(NotProvable, match="came from no dump"):
        provenance(article)


def test_the_command_prints_place_and_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    pk = str(Article.objects.get().pk)
    call_command("provenance", pk, "--paragraph", "1")
    out = capsys.readouterr().out
    assert "bytes    0 + " in out
    assert json.dumps(story(1)) in out
    call_command("provenance", pk, "--json")
    assert json.loads(capsys.readouterr().out)["record"] == 1
    with pytest.raises(CommandError, match="no article 0"):
        call_command("provenance", "0")
