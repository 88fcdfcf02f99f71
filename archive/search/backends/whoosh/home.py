"""Where the index lives, who may write it, and what its readers see.

`<folder>/current` links to the build that answers; a rebuild writes another build beside it and moves the link last.
Inside a build, Whoosh's table of contents names the segments of the newest commit. Readers hold a snapshot and look for
a newer one before each search, so a commit or a rebuild of another process is noticed at once.
"""

import errno
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.index import TOC

from archive.errors import ArchiveError, IndexDamaged, IndexUnavailable
from archive.search.backends.whoosh.lock import writer_lock
from archive.search.backends.whoosh.reading import damages
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.backends.whoosh.storage import SafeStorage, sync_file
from archive.search.backends.whoosh.writing import INDEX_NAME, Commit, create

_HEAL = "Browsing goes on; rebuild it with `manage.py reindex`."
_PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM, errno.EINTR}
"""What says nothing about the files: nobody should rebuild an index for it."""
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
    def writing(self) -> Iterator[Commit]:
        """A change of the index, with the writer's lock held, published when the block ends well."""
        with writer_lock(self.folder, self._lock_seconds), self._explained():
            build = self._build()
            if build is None:
                build = self._new_build()
                self._publish(build)
            try:
                commit = Commit(self._storage(build))
            except Exception as error:
                raise IndexDamaged(f"The search index in {self.folder} is damaged ({error!r}). {_HEAL}") from error
            yield commit
            commit.finish()

    def rebuild(self, fill: Callable[[Commit], None]) -> int:
        """Fill a new build, make it the one that answers, drop the others; returns its number of documents."""
        with writer_lock(self.folder, self._lock_seconds), self._explained():
            build = self._new_build()
            try:
                commit = Commit(self._storage(build))
                fill(commit)
                commit.finish()
                self._publish(build)
            except BaseException:
                shutil.rmtree(self.folder / build, ignore_errors=True)
                raise
            for other in self.folder.glob("build-*"):
                if other.is_symlink():
                    other.unlink()
                elif other.name != build:
                    shutil.rmtree(other, ignore_errors=True)
            return commit.count

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
