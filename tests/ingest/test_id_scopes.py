"""Dumps that name no source: an id like "17" is an identity within its dump and says nothing about another's."""

import zipfile
from pathlib import Path

import pytest

from archive.ingest.identity import UNKNOWN, scope
from archive.models import Appearance, Article, ArticleVersion
from tests.ingest.support import LONG, counts, ingest, story, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def numbered(number: int, about: str) -> dict[str, object]:
    return {"id": number, "title": f"{about} {number}", "body": f"{LONG} It was about {about}, number {number}."}


def test_the_same_small_ids_of_two_dumps_are_two_articles_each(tmp_path: Path) -> None:
    for about in ("bridges", "ferries"):
        path = write_dump(tmp_path / f"{about}.jsonl", [numbered(1, about), numbered(2, about)])
        assert counts(ingest(path, source="")) == {"stored": 2}
    assert not ArticleVersion.objects.exists()
    assert sorted(Article.objects.values_list("external_id", "source__slug")) == sorted(
        [("1", UNKNOWN), ("2", UNKNOWN)] * 2
    )


def test_the_same_dump_exported_anew_brings_updates_under_its_name(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "bridges.jsonl", [numbered(1, "bridges"), numbered(2, "bridges")])
    ingest(path, source="")
    write_dump(path, [numbered(1, "bridges"), {**numbered(2, "bridges"), "title": "Corrected"}, numbered(3, "bridges")])
    assert counts(ingest(path, source="")) == {"stored": 1, "updated": 1, "unchanged": 1}


def test_the_same_text_under_the_same_id_of_another_dump_is_a_further_appearance(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        report = ingest(write_dump(tmp_path / name, [numbered(1, "bridges"), numbered(len(name), name)]), source="")
    assert counts(report) == {"stored": 1, "duplicates": 1}
    assert Appearance.objects.get().external_id == "1"
    assert Appearance.objects.get().id_scope


def test_members_of_an_archive_keep_their_ids_apart(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for about in ("bridges", "ferries"):
            archive.writestr(
                f"{about}.csv",
                f'id,title,body\n1,"{about} shut","{LONG} {about}."\n2,"{about}","{LONG} More {about}."\n',
            )
    assert counts(ingest(path, source="")) == {"stored": 4}


def test_a_named_source_an_address_and_a_telling_id_count_everywhere(tmp_path: Path) -> None:
    records = [
        story(1, source="Ouse Times"),
        story(2, url="https://ouse.example/2"),
        story(3, id="6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
    ]
    ingest(write_dump(tmp_path / "a.jsonl", records), source="")
    changed = [{**record, "title": "Corrected"} for record in records]
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", changed), source="")) == {"updated": 3}
    assert not Article.objects.exclude(id_scope="").exists()


def test_what_was_stored_before_ids_had_scopes_is_known_by_its_record(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [numbered(1, "bridges"), numbered(2, "bridges")])
    ingest(path, source="")
    Article.objects.update(id_scope="")
    assert counts(ingest(path, source="", limit=10)) == {"unchanged": 2}


def test_a_scope_is_of_name_and_member_and_empty_for_what_is_somebodys() -> None:
    assert scope(UNKNOWN, "17", "a.csv", "") != scope(UNKNOWN, "17", "b.csv", "")
    assert scope(UNKNOWN, "17", "a.zip", "x") != scope(UNKNOWN, "17", "a.zip", "y")
    assert scope("ouse-times", "17", "a.csv", "") == scope(UNKNOWN, "", "a.csv", "") == ""
    assert scope(UNKNOWN, "tag://x", "a.csv", "") == ""
