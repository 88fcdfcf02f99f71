"""A dump is looked into before it is brought in: its format, its fields, its first articles, and nothing is stored."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.ingest.inspect import inspect_dump
from archive.ingest.options import IngestOptions
from archive.models import Article, Dump

pytestmark = pytest.mark.django_db

STORY = "The old bridge reopened on Monday after engineers had checked every pier of it, the council said."


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    rows = "".join(f'{n},Story number {n},"{STORY}",Ann Lee,2020-01-0{n},x\n' for n in range(1, 9))
    path.write_text("Nr,Überschrift,Text,Author,Publish Date,Ressort\n" + rows + "9,short\n", "utf-8")
    return path


def test_fields_are_named_as_the_dump_names_them_and_unused_ones_too(table: Path) -> None:
    found = inspect_dump(table)
    assert (found.format, found.label) == ("csv", "CSV or TSV table")
    assert found.fields == {"body": "Text", "byline": "Author", "date": "Publish Date"}
    assert found.unused == ("Nr", "Überschrift", "Ressort")


def test_a_mapping_gives_the_unused_fields_a_meaning(table: Path) -> None:
    found = inspect_dump(table, IngestOptions(field_map={"title": "Überschrift", "id": "Nr"}))
    assert found.fields["title"] == "Überschrift"
    assert found.previews[0].article.title == "Story number 1"
    assert found.previews[0].external_id == "1"
    assert found.unused == ("Ressort",)


def test_no_more_is_read_than_is_shown(table: Path) -> None:
    assert inspect_dump(table).read == 5
    assert len(inspect_dump(table, articles=2).previews) == 2


def test_rejections_among_the_first_records_are_shown(table: Path) -> None:
    found = inspect_dump(table, articles=20)
    assert [bad.code for bad in found.rejections] == ["short-row"]


def test_a_file_that_is_no_dump_gives_a_reason_and_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    found = inspect_dump(path)
    assert not found.format
    assert "scan.pdf: the file is a PDF document" in found.reason
    assert inspect_dump(tmp_path / "absent").reason


def test_nothing_is_stored(table: Path) -> None:
    inspect_dump(table)
    assert not Article.objects.exists()
    assert not Dump.objects.exists()


def test_the_command_prints_one_json_object_to_stdout(
    table: Path, manage: Callable[..., CompletedProcess[str]]
) -> None:
    run = manage("inspect_dump", str(table), "--map", "title=Überschrift", "--limit", "2", "--json")
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout)
    assert shown["format"] == "csv"
    assert [article["title"] for article in shown["articles"]] == ["Story number 1", "Story number 2"]
    assert shown["articles"][0]["body"] == [STORY]
    assert shown["fields"]["title"] == "Überschrift"


def test_the_command_fails_with_a_sentence_on_what_is_no_dump(
    tmp_path: Path, manage: Callable[..., CompletedProcess[str]]
) -> None:
    path = tmp_path / "nothing.txt"
    path.write_bytes(b"")
    run = manage("inspect_dump", str(path))
    assert run.returncode == 1
    assert "the file is empty" in run.stderr
