"""An archive changes its database and is the same: to another SQLite file here, to PostgreSQL by `make test-postgres`."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import ROOT, Manage
from tests.postgres import make_database


@pytest.fixture
def archive(sample_archive: Path) -> str:
    """The URL of an archive with the written pages of the sample in it."""
    return f"sqlite:///{sample_archive / 'archive.sqlite3'}"


def rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names.remove("sqlite_sequence")  # the counter of a table that once had rows and has none, too
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_an_archive_is_moved_and_proved_equal(manage: Manage, archive: str, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    done = manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    assert done.returncode == 0, done.stderr
    assert "rows are equal in both" in done.stdout
    assert rows(new) == rows(tmp_path / "var" / "archive.sqlite3")
    assert rows(new)["archive_article"] > 5
    with sqlite3.connect(new) as database:
        counted = database.execute("SELECT sum(cuts) FROM archive_ruletally").fetchone()
        assert counted == database.execute("SELECT count(*) FROM archive_cut").fetchone(), "nothing is counted again"
    again = manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    assert "moved and equal" not in again.stdout


def test_a_move_that_is_killed_goes_on_and_ends_equal(manage: Manage, archive: str, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    command = [
        sys.executable,
        "-u",
        str(ROOT / "manage.py"),
        "move_database",
        "--from",
        archive,
        "--to",
        f"sqlite:///{new}",
    ]
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as moving:
        assert moving.stdout is not None
        assert next(line for line in moving.stdout if "moved and equal" in line)
        moving.kill()
    done = manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    assert done.returncode == 0, done.stderr
    assert rows(new) == rows(tmp_path / "var" / "archive.sqlite3")


def test_an_interrupted_move_goes_on_after_its_last_row(
    manage: Manage, archive: str, migrated: Path, tmp_path: Path
) -> None:
    new = shutil.copy(migrated / "archive.sqlite3", tmp_path / "new.sqlite3")
    manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    with sqlite3.connect(new) as database:
        database.execute("DELETE FROM archive_mention WHERE id > (SELECT min(id) + 3 FROM archive_mention)")
    done = manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("moved and equal") == 1


def test_a_database_with_rows_of_its_own_is_refused(
    manage: Manage, archive: str, migrated: Path, tmp_path: Path
) -> None:
    new = shutil.copy(migrated / "archive.sqlite3", tmp_path / "new.sqlite3")
    manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    with sqlite3.connect(new) as database:
        database.execute(
            "UPDATE archive_article SET title = 'Another' WHERE id = (SELECT min(id) FROM archive_article)"
        )
    refused = manage("move_database", "--from", archive, "--to", f"sqlite:///{new}")
    assert refused.returncode != 0
    assert "did not come out equal" in refused.stderr


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="to PostgreSQL: make test-postgres")
def test_an_archive_moves_to_postgresql_and_back(manage: Manage, archive: str, tmp_path: Path) -> None:
    server, back = os.environ["TEST_DATABASE_URL"], tmp_path / "back.sqlite3"
    for old, new in ((archive, server), (server, f"sqlite:///{back}")):
        done = manage("move_database", "--from", old, "--to", new)
        assert done.returncode == 0, done.stderr
    assert rows(back) == rows(tmp_path / "var" / "archive.sqlite3")


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="on PostgreSQL: make test-postgres")
def test_migrations_go_back_to_the_first_and_forth_again_with_rows_in_the_tables(manage: Manage, archive: str) -> None:
    url = make_database("migrated_both_ways")
    moved = manage("move_database", "--from", archive, "--to", url)
    assert moved.returncode == 0, moved.stderr
    with psycopg.connect(url) as database:
        before = database.execute("SELECT id, title, body FROM archive_article ORDER BY id").fetchall()
    for target in (("archive", "0001"), ()):
        done = manage("migrate", "--verbosity", "0", *target, DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
    with psycopg.connect(url) as database:
        after = database.execute("SELECT id, title, body FROM archive_article ORDER BY id").fetchall()
    assert after == before != []


@pytest.mark.parametrize("url", ["nonsense", "mailto:x", "sqlite:////nowhere/at/all.sqlite3"])
def test_what_names_no_database_is_refused_in_a_sentence(manage: Manage, archive: str, url: str) -> None:
    refused = manage("move_database", "--from", archive, "--to", url)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
