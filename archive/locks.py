"""Locks between processes: files below the data directory, freed by the kernel when a process dies.

Where the database is a server, processes of other machines are kept out too, by a lock of the server's (PostgreSQL,
"Advisory Locks"), freed when the connection ends. It lives in a session: a pooler must not hand out transactions.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection

from archive.errors import ArchiveError


class Locked(ArchiveError):
    """Another process holds the lock."""


@contextmanager
def archive_lock(name: str, *, timeout: float = 0.0) -> Iterator[None]:
    """Hold the one lock of this name in the whole archive; raises `Locked` if it is not free within the time."""
    deadline = time.monotonic() + timeout
    with file_lock(settings.DATA_DIR / "locks" / f"{name}.lock", timeout=timeout, remove=True):
        if connection.vendor != "postgresql":
            yield
            return
        key = _key(name)
        while not _asked("pg_try_advisory_lock", key):
            if time.monotonic() >= deadline:
                raise Locked(f"{name} is held by a process on another machine; wait until it has finished.")
            time.sleep(0.2)
        try:
            yield
        finally:
            # With a broken connection the lock is gone already.
            with suppress(DatabaseError):
                _asked("pg_advisory_unlock", key)


def transaction_lock(name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until the one we are in ends.

    Where the database has one writer at a time (SQLite) there is nothing to wait for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _asked(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return bool(cursor.fetchone()[0])


@contextmanager
def file_lock(path: Path, *, timeout: float = 0.0, remove: bool = False) -> Iterator[None]:
    """Hold an exclusive lock on `path`, made if absent; raises `Locked` if it is not free within `timeout` seconds.

    With `remove` the file is gone afterwards: for locks of which there is one for each of many things.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout
    while True:
        with path.open("a+") as file:
            if not _taken(file, path):
                if time.monotonic() >= deadline:
                    raise Locked(f"{path.name} is held by another process; wait until it has finished.")
                time.sleep(0.05)
                continue
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            try:
                yield
            finally:
                if remove:
                    path.unlink(missing_ok=True)
            return


def _taken(file: IO[str], path: Path) -> bool:
    """Try to lock the file; a lock on one that its last holder has removed meanwhile is none."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def is_locked(path: Path) -> bool:
    """Whether some process holds the lock now."""
    try:
        with file_lock(path):
            return False
    except Locked:
        return True
