"""Backup and restore as an operator does them, and what the doctor says of an archive that is well or is not."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Manage


@pytest.fixture
def archive(sample_archive: Path) -> Path:
    """An archive with the written pages of the sample in it; its data folder."""
    return sample_archive


def found(manage: Manage) -> dict[str, object]:
    """What a search says, but for how long it took."""
    answer: dict[str, object] = json.loads(manage("search", "the", "--json").stdout)
    return {key: value for key, value in answer.items() if key != "took_ms"}


def test_a_backup_restores_articles_kept_dumps_and_search(manage: Manage, archive: Path, tmp_path: Path) -> None:
    before, file = found(manage), tmp_path / "backup.zip"
    kept = sorted(path.name for path in (archive / "media").rglob("*") if path.is_file())
    assert kept
    made = manage("backup", str(file))
    assert made.returncode == 0, made.stderr
    assert not any(path.name.startswith("backup-") for path in archive.iterdir())
    shutil.rmtree(archive)
    restored = manage("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert found(manage)["total"] == before["total"] != 0
    assert sorted(path.name for path in (archive / "media").rglob("*") if path.is_file()) == kept
    assert manage("reindex", "--verify").returncode == 0


def test_what_came_after_the_backup_is_gone_after_a_restore(manage: Manage, archive: Path, tmp_path: Path) -> None:
    before, file = found(manage), tmp_path / "backup.zip"
    manage("backup", str(file))
    later = tmp_path / "later.jsonl"
    later.write_text(
        json.dumps({"title": "The later one", "text": "The later article came after the backup was made."})
    )
    manage("ingest", str(later), "--no-entities")
    assert found(manage)["total"] != before["total"]
    refused = manage("restore", str(file))
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert manage("restore", str(file), "--replace").returncode == 0
    assert found(manage)["total"] == before["total"]


def test_what_was_erased_after_the_backup_is_erased_again_by_a_restore(
    manage: Manage, empty_archive: Path, tmp_path: Path
) -> None:
    story = "Perpetua Dunwiddie keeps seven wolverines behind the brewery in Ashcombe Parva."
    dump, file, later = tmp_path / "dump.jsonl", tmp_path / "backup.zip", tmp_path / "later.jsonl"
    records = [
        {"id": "a", "title": "Wolverines", "body": story},
        {"id": "b", "title": "Tram", "body": "Trams are slow."},
    ]
    dump.write_text("".join(json.dumps(each) + "\n" for each in records))
    later.write_text(json.dumps({"id": "c", "title": "Later", "body": "Nine wolverines came later.", "source": "X"}))
    manage("ingest", str(dump), "--no-entities", "--no-index")
    manage("backup", str(file))
    manage("ingest", str(later), "--no-entities", "--no-index")
    code = (
        "from archive.ingest.takedown import *;"
        "[take_down(one.pk, Request(Degree.ERASE, TakedownReason.PRIVACY), None)"
        " for one in Article.objects.exclude(external_id='b')]"
    )
    assert manage("shell", "--no-imports", "-c", code).returncode == 0
    restored = manage("restore", str(file), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert "Taken down again: 2 articles" in restored.stdout
    assert "What was taken down after that" in restored.stderr
    files = [path for path in empty_archive.rglob("*") if path.is_file()]
    assert not [path for path in files if b"wolverines" in path.read_bytes()]
    for path in (dump, later):
        manage("ingest", str(path), "--no-entities")
    assert found(manage)["total"] == 0
    assert json.loads(manage("search", "tram", "--json").stdout)["total"] == 1
    assert json.loads(manage("search", "wolverines", "--json").stdout)["total"] == 0


def test_a_backup_replaces_no_file(manage: Manage, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    assert "exists" in manage("backup", str(tmp_path / "there")).stderr
    assert (tmp_path / "there").read_text() == "mine"


def test_what_is_no_backup_or_a_spoilt_one_changes_nothing(manage: Manage, archive: Path, tmp_path: Path) -> None:
    before, file = found(manage), tmp_path / "backup.zip"
    manage("backup", str(file))
    spoilt, foreign, escaping = tmp_path / "spoilt.zip", tmp_path / "foreign.zip", tmp_path / "escaping.zip"
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(spoilt, "w") as other:
        for name in whole.namelist():
            other.writestr(name, whole.read(name) if name == "manifest.json" else whole.read(name) + b"!")
    with zipfile.ZipFile(foreign, "w") as other:
        other.writestr("a.txt", "hello")
    with zipfile.ZipFile(escaping, "w") as other:
        names = {"database": "0", "media/../../escaped": "0"}
        other.writestr("manifest.json", json.dumps({"format": 1, "database": "sqlite", "sha256": names}))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:2_000])
    for bad in (spoilt, foreign, escaping, cut, tmp_path / "nothing.zip"):
        refused = manage("restore", str(bad), "--replace")
        assert refused.returncode == 1, bad
        assert "Traceback" not in refused.stderr
    assert found(manage) == before


def test_the_doctor_finds_an_archive_well(manage: Manage, archive: Path) -> None:
    said = manage("doctor")
    assert said.returncode == 0, said.stdout
    assert "broken" not in said.stdout


def test_the_doctor_finds_what_is_broken_and_says_what_to_do(manage: Manage, archive: Path) -> None:
    shutil.rmtree(archive / "media")
    next((archive / "index").glob("build-*/*.seg")).write_bytes(b"nonsense")
    said = manage("doctor")
    assert said.returncode == 1
    assert "kept dumps are gone" in said.stdout
    assert "manage.py reindex" in said.stdout


def test_the_doctor_speaks_of_a_database_that_was_never_made(manage: Manage) -> None:
    said = manage("doctor")
    assert said.returncode == 1
    assert "manage.py migrate" in said.stdout
