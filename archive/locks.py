"""Locks between processes of one machine: files below the data directory, freed by the kernel when a process dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import ArchiveError


class Locked(ArchiveError):
    """Another process holds the lock."""


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
