"""Backup and restore: the database as of one moment and the kept files, in one zip that proves itself.

The index is not in it: it is derived, and `restore` builds it anew. Nor is the generated secret key, which a backup on
a shelf must not give away; whoever was signed in signs in again.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from archive.errors import ArchiveError
from archive.ingest.carried_over import NOTHING, CarriedOver, carry_over, standing
from archive.models import Article

MANIFEST = "manifest.json"
DATABASE = "database"
MEDIA = "media/"
FORMAT = 1
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    articles: int
    files: int
    size: int
    """Bytes of the zip."""
    made: str = ""
    """When, for a backup that was restored."""
    taken_down: CarriedOver = NOTHING
    """What was taken down since it was made, as far as the archive that was here knew."""


def backup(target: Path) -> Kept:
    """Write a backup while the site goes on serving. Raises `ArchiveError` when the file is there or cannot be written.

    The file appears under its name only when it is whole.
    """
    if target.exists():
        raise ArchiveError(f"{target} exists; a backup never replaces a file. Choose another name.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as folder:
            snapshot, articles = _snapshot(Path(folder))
            hashes: dict[str, str] = {}
            # Texts in the database compress well; dumps that are kept are compressed as they came.
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3, allowZip64=True) as archive:
                hashes[DATABASE] = _add(archive, DATABASE, snapshot)
                for path in _media():
                    name = MEDIA + path.relative_to(settings.MEDIA_ROOT).as_posix()
                    hashes[name] = _add(archive, name, path)
                about = {
                    "format": FORMAT,
                    "made": datetime.now(UTC).isoformat(timespec="seconds"),
                    "database": connection.vendor,
                    "articles": articles,
                    "sha256": hashes,
                }
                archive.writestr(MANIFEST, json.dumps(about, indent=1))
        os.replace(unfinished, target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ArchiveError(f"The backup could not be written: {error}. Nothing was left behind.") from error
    return Kept(articles, len(hashes), target.stat().st_size)


def _media() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    yield from sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _snapshot(folder: Path) -> tuple[Path, int]:
    """The database as of one moment in a file of its own, and how many articles there are in it."""
    target = folder / DATABASE
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            (articles,) = copy.execute(f"SELECT count(*) FROM {Article._meta.db_table}").fetchone()  # noqa: S608 -- our own table
        return target, int(articles)
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    return target, Article.objects.count()


def _postgres(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs on the database of the settings; the password goes by the environment."""
    chosen = connection.settings_dict
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {name: str(chosen[key]) for name, key in where.items() if chosen.get(key)}
    try:
        subprocess.run(  # noqa: S603 -- a fixed program with our own arguments
            [program, *arguments], check=True, env={**os.environ, **environment}, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise ArchiveError(f"{program} is missing; install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise ArchiveError(f"{program} failed: {error.stderr.strip()[-500:]}") from error


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file into the zip; its SHA-256."""
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        return _copy(source, target)


def _copy(source: IO[bytes], target: IO[bytes] | None) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def restore(source: Path, *, replace: bool = False) -> Kept:
    """Make this archive what the backup holds; the caller rebuilds the index. What was taken down here since is taken
    down again.

    Everything is checked against its hash before anything is replaced. Raises `ArchiveError` when the file is no whole
    backup, is of another kind of database, or (without `replace`) when there are articles here.
    """
    with _opened(source) as (archive, about):
        if about["database"] != connection.vendor:
            raise ArchiveError(
                f"This is a backup of {about['database']}, and DATABASE_URL names {connection.vendor}. "
                "Restore it into its own kind, then `move_database`."
            )
        if not replace and _has_articles():
            raise ArchiveError("There are articles in this archive; --replace restores over them.")
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restore-") as folder:
            for name, wanted in about["sha256"].items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, path.open("wb") as target:
                    if _copy(packed, target) != wanted:
                        raise ArchiveError(f"{name} in {source} is not what was backed up; nothing was changed here.")
            known = standing()
            _replace_database(Path(folder) / DATABASE)
            _replace_media(Path(folder) / MEDIA)
    call_command("migrate", verbosity=0)
    again = carry_over(known)
    return Kept(Article.objects.count(), len(about["sha256"]), source.stat().st_size, about.get("made", ""), again)


@contextmanager
def _opened(source: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """The zip and its manifest, whose names have been found to stay inside."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise ArchiveError(f"{source} is no whole backup of an archive: {error}") from error
    with archive:
        try:
            about = json.loads(archive.read(MANIFEST))
            names = about["sha256"]
            is_known = about["format"] == FORMAT and DATABASE in names and all(map(_is_inside, names))
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise ArchiveError(f"{source} is no whole backup of an archive: {error}") from error
        if not is_known:
            raise ArchiveError(f"{source} is a backup that this version does not understand.")
        try:
            yield archive, about
        except (zipfile.BadZipFile, KeyError) as error:
            raise ArchiveError(f"{source} is damaged: {error}. Nothing was changed here.") from error


def _is_inside(name: str) -> bool:
    parts = Path(name).parts
    return name == DATABASE or (name.startswith(MEDIA) and ".." not in parts and not Path(name).is_absolute())


def _has_articles() -> bool:
    return Article._meta.db_table in connection.introspection.table_names() and Article.objects.exists()


def _replace_database(snapshot: Path) -> None:
    if connection.vendor == "postgresql":
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname",
                  str(connection.settings_dict["NAME"]), str(snapshot))  # fmt: skip
        connection.close()
        return
    # Through SQLite's own interface: whoever has the file open sees the change as one transaction.
    with closing(sqlite3.connect(snapshot)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise ArchiveError(f"The database in the backup is damaged ({verdict}); nothing was changed here.")
        connection.ensure_connection()
        copy.backup(connection.connection)
    connection.close()


def _replace_media(fresh: Path) -> None:
    """Put the files in place; those that the backup does not know are of runs that it does not know, and go."""
    root = Path(settings.MEDIA_ROOT)
    old = root.with_name(f"{root.name}.before-restore")
    shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir(exist_ok=True)
    if root.exists():
        os.replace(root, old)
    os.replace(fresh, root)
    shutil.rmtree(old, ignore_errors=True)
