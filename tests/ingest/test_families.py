"""Nearly the same texts become families, however late their members come."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError
from rensa import RMinHashLSH

from archive.choices import Visibility
from archive.ingest import families
from archive.ingest.bands import PERMUTATIONS, Bands
from archive.ingest.families import THRESHOLD, FamilyReport, relatives, sketch_of, update_families
from archive.ingest.readers import open_dump
from archive.ingest.records import RawRecord
from archive.models import Article
from archive.sketches import TextSketch
from archive.tasks import find_missing_names, find_names_of
from tests.ingest.support import ingest, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

WORDS = [f"word{n}" for n in range(200)]
WIRE = " ".join(WORDS)
OTHER = " ".join(f"other{n}" for n in range(200))


def edited(every: int) -> str:
    """The wire's text with one word of `every` replaced."""
    return " ".join(f"edit{n}" if n % every == 0 else word for n, word in enumerate(WORDS))


def bring(tmp_path: Path, name: str, **bodies: str) -> None:
    ingest(write_dump(tmp_path / name, [{"id": key, "title": key, "body": body} for key, body in bodies.items()]))


def family(key: str) -> set[str]:
    return {one.article.external_id for one in relatives(Article.objects.get(external_id=key))}


def test_edited_copies_are_a_family_and_other_texts_are_not(tmp_path: Path) -> None:
    bring(tmp_path, "a.jsonl", wire=WIRE, copy=edited(40), cut=" ".join(WORDS[:150]), other=OTHER)
    assert update_families() == FamilyReport(articles=4, related=2)
    assert family("wire") == {"copy", "cut"}
    assert family("cut") == {"wire", "copy"} or family("cut") == {"wire"}
    assert family("other") == set()
    best = relatives(Article.objects.get(external_id="wire"))[0]
    assert (best.article.external_id, 0.6 < best.similarity < 1) == ("copy", True)


def test_those_that_come_later_join_and_nothing_is_done_twice(tmp_path: Path) -> None:
    bring(tmp_path, "a.jsonl", wire=WIRE, other=OTHER)
    update_families()
    bring(tmp_path, "b.jsonl", copy=edited(40))
    assert update_families() == FamilyReport(articles=1, related=1)
    assert update_families() == FamilyReport(articles=0, related=0)
    assert family("copy") == {"wire"}


def test_two_families_become_one_when_a_text_lies_between_them(tmp_path: Path) -> None:
    left, right = " ".join(WORDS[:160]), " ".join(WORDS[40:])
    bring(tmp_path, "a.jsonl", left=left, right=right)
    update_families()
    apart = family("left") == set()
    bring(tmp_path, "b.jsonl", wire=WIRE)
    update_families()
    assert apart
    assert family("wire") == {"left", "right"}
    assert set(TextSketch.objects.values_list("leader__external_id", flat=True)) == {"left"}


def test_a_text_that_changes_leaves_its_family(tmp_path: Path) -> None:
    bring(tmp_path, "a.jsonl", wire=WIRE, copy=edited(40), third=edited(50))
    update_families()
    bring(tmp_path, "b.jsonl", wire=OTHER)
    update_families()
    assert family("wire") == set()
    assert family("copy") == {"third"}
    assert set(TextSketch.objects.exclude(leader=None).values_list("leader__external_id", flat=True)) == {"copy"}
    bring(tmp_path, "c.jsonl", copy=f"{OTHER} and more", wire=OTHER)
    update_families()
    assert family("third") == set()
    assert family("copy") == {"wire"}


def test_short_texts_and_hidden_articles_have_no_relatives(tmp_path: Path) -> None:
    bring(
        tmp_path, "a.jsonl", one="Full story to follow soon.", two="Full story to follow.", wire=WIRE, copy=edited(40)
    )
    assert update_families().articles == 2
    Article.objects.filter(external_id="copy").update(visibility=Visibility.HIDDEN)
    assert family("wire") == set()


def test_after_a_text_was_changed_by_hand_or_anew_the_task_that_seeks_its_names_brings_its_family_up_to_date(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "a.jsonl", wire=WIRE, copy=edited(40), other=OTHER)
    update_families()
    Article.objects.filter(external_id="wire").update(body=[OTHER], version=2)
    find_missing_names.call()
    assert (family("wire"), family("copy")) == ({"other"}, set())
    Article.objects.filter(external_id="wire").update(body=[WIRE], version=3)
    find_names_of.call([Article.objects.get(external_id="wire").pk])
    assert family("wire") == {"copy"}


def test_a_report_is_printed_though_what_follows_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(families, "update_families", fail)
    path = write_dump(tmp_path / "a.jsonl", [{"id": "a", "title": "A", "body": WIRE}])
    call_command("ingest", str(path), "--source", "ouse", "--no-entities", "--workers", "1")
    out = capsys.readouterr()
    assert "1 records read" in out.out
    assert "not searchable yet: database or disk is full" in out.err


def test_the_command_prints_its_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(tmp_path, "a.jsonl", wire=WIRE, copy=edited(40))
    call_command("find_families")
    assert capsys.readouterr().out == "2 articles compared, 1 nearly the same as another\n"


def test_bands_find_what_rensa_finds_among_real_stories_in_160_bytes_an_article(shared_data: Path) -> None:
    records = open_dump(shared_data / "reuters21578" / "reut2-000.sgm.gz").records()
    sketches = [sketch_of([record.text]) for record in records if isinstance(record, RawRecord) and record.text]
    rensa, bands = RMinHashLSH(THRESHOLD, PERMUTATIONS, 32), Bands()
    for number, sketch in enumerate(sketches):
        rensa.insert(number, sketch)
    for at in range(0, len(sketches), 300):
        some = sketches[at : at + 300]
        bands.add(range(at, at + len(some)), some)
    expected = [set(rensa.query(sketch)) for sketch in sketches]
    assert bands.candidates(sketches) == expected
    assert sum(len(each) > 1 for each in expected) > 10
    assert bands.nbytes < 160 * len(sketches)
