"""Where the index lives, who may write it, and what its readers see.

`<folder>/current` links to the build that answers; a rebuild writes another build beside it and moves the link last.
Inside a build, Whoosh's table of contents names the segments of the newest commit. Readers hold a snapshot and look for
a newer one before each search, so a commit or a rebuild of another process is noticed at once.
"""

import errno
import os
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.index import TOC

from archive.errors import ArchiveError, IndexDamaged, IndexUnavailable
from archive.search.backends.whoosh.lock import writer_lock
from archive.search.backends.whoosh.reading import damages
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.backends.whoosh.storage import SafeStorage, sync_file
from archive.search.backends.whoosh.writing import INDEX_NAME, Commit, create
from archive.search.documents import IndexDocument

_HEAL = "Browsing goes on; rebuild it with `manage.py reindex`."
_PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM, errno.EINTR}
"""What says nothing about the files: nobody should rebuild an index for it."""
_PROGRESS = "progress"
"""A file in a build that is not finished: the highest id in it. All with lower ids are in it, and kept true."""
_ATTEMPTS = 5
_PAUSE = 0.02


class Home:
    """One index's folder. Safe to share between threads; every process has its own."""

    def __init__(self, folder: Path, lock_seconds: float) -> None:
        self.folder = folder
        # As strings: they are asked before every search, and paths are slow to put together.
        self._path, self._link = str(folder), f"{folder}/current"
        self._lock_seconds = lock_seconds
        self._snapshot: Snapshot | None = None
        self._opening = threading.Lock()

    def snapshot(self) -> Snapshot | None:
        """What the index says now; None when none was ever built here. Raises `IndexDamaged` for an unreadable one."""
        held = self._snapshot
        if held is not None and self._is_newest(held):
            return held
        with self._opening:
            held = self._snapshot
            if held is not None and self._is_newest(held):
                return held
            self._snapshot = self._open(held)
            return self._snapshot

    def _is_newest(self, held: Snapshot) -> bool:
        """Cheap enough for every search: the link, this table of contents, the next one and the sizes of the arrays."""
        try:
            if os.readlink(self._link) != held.build:
                return False
        except OSError:
            return False
        now, next_one = (
            f"{self._path}/{held.build}/{TOC._filename(INDEX_NAME, held.number + more)}" for more in (0, 1)
        )
        return os.path.exists(now) and not os.path.exists(next_one) and held.is_whole()

    def _build(self) -> str | None:
        """The name of the build that answers."""
        try:
            return os.readlink(self._link)
        except FileNotFoundError:
            damaged = self._snapshot is not None or any(self.folder.glob("build-*"))
        except OSError:
            damaged = True
        if damaged:
            raise IndexDamaged(f"The search index in {self.folder} is gone. {_HEAL}")
        return None

    def _open(self, held: Snapshot | None) -> Snapshot | None:
        for attempt in range(_ATTEMPTS):
            build = self._build()
            if build is None:
                return None
            try:
                return Snapshot.open(self._storage(build), INDEX_NAME, build, held)
            except Exception as error:
                # A writer may have committed and cleaned up in between: then the next try finds the new files. Damaged
                # files make Whoosh's readers raise nearly anything.
                time.sleep(_PAUSE * attempt)
                if attempt == _ATTEMPTS - 1:
                    passing = isinstance(error, OSError) and error.errno in _PASSING
                    raise (IndexUnavailable if passing else IndexDamaged)(
                        f"The search index in {self.folder} cannot be read ({error!r}). {_HEAL}"
                    ) from error
        return None

    def _storage(self, build: str) -> SafeStorage:
        return SafeStorage(str(self.folder / build))

    @contextmanager
    def writing(self) -> Iterator[list[tuple[Commit, int]]]:
        """A change of the index, with the writer's lock held, published when the block ends well.

        It is made of (commit, the highest id that it takes): of the build that answers, which takes all, and of one
        that an interrupted rebuild has left, so that it can be gone on with.
        """
        with writer_lock(self.folder, self._lock_seconds), self._explained():
            build = self._build()
            if build is None:
                build = self._new_build()
                self._publish(build)
            half, last = self.unfinished()
            try:
                commits = [(Commit(self._storage(build)), sys.maxsize)]
            except Exception as error:
                raise IndexDamaged(f"The search index in {self.folder} is damaged ({error!r}). {_HEAL}") from error
            if half:
                try:
                    commits.append((Commit(self._storage(half)), last))
                except Exception:
                    # Nobody needs it: the next rebuild begins anew.
                    shutil.rmtree(self.folder / half, ignore_errors=True)
            yield commits
            for commit, _ in commits:
                commit.finish()

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], after: int = 0) -> int:
        """Fill a build beside the live one, make it the one that answers, drop the others; returns its documents.

        With `after`, as `unfinished` tells it, an interrupted rebuild is gone on with: `documents()` are those beyond.
        """
        with writer_lock(self.folder, self._lock_seconds), self._explained():
            half, last = self.unfinished()
            goes_on = bool(half) and after == last
            if after and not goes_on:
                raise IndexUnavailable("Another rebuild has come between; nothing was changed. Begin again.")
            if half and not goes_on:
                # Changes are only kept up in one.
                shutil.rmtree(self.folder / half, ignore_errors=True)
            build = half if goes_on else self._new_build()
            progress = self.folder / build / _PROGRESS
            try:
                commit = Commit(self._storage(build))
                if goes_on:
                    # Whoever died between a segment and the note of it has left more than was said.
                    commit.delete_beyond(last)
                commit.add(documents(), lambda highest: _note(progress, highest))
                commit.finish()
                progress.unlink(missing_ok=True)
                self._publish(build)
            except BaseException as error:
                # A full disk needs the room more than the next rebuild needs the beginning of this.
                if isinstance(error, OSError) or not progress.exists():
                    shutil.rmtree(self.folder / build, ignore_errors=True)
                raise
            for other in self.folder.glob("build-*"):
                if other.is_symlink():
                    other.unlink()
                elif other.name != build:
                    shutil.rmtree(other, ignore_errors=True)
            return commit.count

    def unfinished(self) -> tuple[str, int]:
        """The build that an interrupted rebuild left, and the highest id in it; ("", 0) where there is none."""
        for file in self.folder.glob(f"build-*/{_PROGRESS}"):
            with suppress(OSError, ValueError):
                return file.parent.name, int(file.read_text())
        return "", 0

    def _new_build(self) -> str:
        build = f"build-{secrets.token_hex(6)}"
        (self.folder / build).mkdir()
        create(self._storage(build))
        return build

    def _publish(self, build: str) -> None:
        """Point `current` at a build, in one step."""
        fresh = self.folder / f"{build}.link"
        with suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(build)
        current = self.folder / "current"
        if current.is_dir() and not current.is_symlink():
            shutil.rmtree(current)
        fresh.replace(current)
        sync_file(str(self.folder))

    def damages(self) -> list[str]:
        """The files of the build that answers which are not as they were written."""
        build = self._build()
        if build is None:
            return []
        storage = self._storage(build)
        try:
            segments = TOC.read(storage, INDEX_NAME).segments
        except Exception as error:
            raise IndexDamaged(f"The search index in {self.folder} is damaged ({error!r}). {_HEAL}") from error
        return [name for segment in segments for name in damages(storage, segment)]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What the disk refuses becomes an `IndexUnavailable` that says so."""
        try:
            yield
        except ArchiveError:
            raise
        except OSError as error:
            raise IndexUnavailable(
                f"The search index in {self.folder} could not be written: {error.strerror or error}. "
                "Check free space and the folder's owner; what is waiting will be indexed on the next try."
            ) from error


def _note(progress: Path, highest: int) -> None:
    """Say how far a rebuild is, in one step: after the segment that holds it is on the disk."""
    fresh = progress.with_suffix(".new")
    fresh.write_text(f"{highest}\n")
    sync_file(str(fresh))
    fresh.replace(progress)
