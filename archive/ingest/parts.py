"""Uploads on their way: they come piece by piece, go on after any interruption, and are dumps once they are whole.

A part lies below the data folder under a hash of whose and which file it is; its length is how far it is, and beside it
lies what it will be called. The database knows nothing of it: an upload that is given up leaves no trace there.
"""

import errno
import hashlib
import json
import re
import shutil
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.template.defaultfilters import filesizeformat

from archive.errors import ArchiveError
from archive.ingest.intake import adopt, is_kept
from archive.locks import file_lock
from archive.models import Dump
from archive.vitals import LOW_DISK_BYTES

CHUNK_BYTES = 4 * 1024**2
"""What the page sends at a time; twice as much is still taken."""
OPEN_AT_ONCE = 8
"""Unfinished uploads that one person may have."""
KEPT_SECONDS = 24 * 3600
FINGERPRINT_BYTES = 1024**2
"""Of the beginning and of the end of a file: what tells whether it was here before without sending it."""
_PIECE = 64 * 1024
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What a file name may hold and neither a page nor a database takes."""


class UploadRefused(ArchiveError):
    """An upload cannot begin or go on; `status` is the HTTP answer that says so, `offset` where it stands."""

    def __init__(self, sentence: str, status: int = 400, offset: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Part:
    """A file of which `offset` of `size` bytes are here."""

    key: str
    name: str
    size: int
    offset: int
    ends_at: float
    """When it is thrown away unless it goes on, as a Unix time."""

    @property
    def percent(self) -> int:
        return self.offset * 100 // self.size


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Digests:
    """SHA-256 of parts as far as they are here. Whichever process has not seen the beginning reads it from the file."""

    def __init__(self, at_most: int = 32) -> None:
        self._digests: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._lock, self._at_most = Lock(), at_most

    def grow(self, key: str, path: Path, size: int) -> str:
        """The hex digest of the file's first `size` bytes. Raises OSError."""
        with self._lock:
            done, digest = self._digests.pop(key, (0, None))
        if digest is None or done > size:
            done, digest = 0, hashlib.sha256()
        with path.open("rb") as file:
            file.seek(done)
            while done < size and (piece := file.read(min(_PIECE, size - done))):
                digest.update(piece)
                done += len(piece)
        with self._lock:
            self._digests[key] = done, digest
            while len(self._digests) > self._at_most:
                self._digests.popitem(last=False)
        return str(digest.hexdigest())

    def forget(self, key: str) -> None:
        with self._lock:
            self._digests.pop(key, None)


_digests = _Digests()


def begin(user: AbstractBaseUser, name: str, size: int, fingerprint: str) -> Part:
    """A new upload, or the one of the same file that was interrupted, with how far it is.

    `fingerprint` is whatever tells this content from another of the same name and size. Raises UploadRefused.
    """
    name = _UNPRINTABLE.sub("\ufffd", Path(name.replace("\\", "/")).name[:500]) or "upload"
    if size <= 0:
        raise UploadRefused(f"{name} is empty: there is nothing to ingest in it.")
    if size > settings.ARCHIVE_MAX_UPLOAD_BYTES:
        limit = filesizeformat(settings.ARCHIVE_MAX_UPLOAD_BYTES)
        raise UploadRefused(
            f"{name} has {filesizeformat(size)}, and {limit} is the most this site takes. "
            "Split it, or ingest it on the server with `manage.py ingest`.",
            status=413,
        )
    sweep()
    key = hashlib.sha256(json.dumps([user.pk, name, size, fingerprint]).encode()).hexdigest()
    data, about = _paths(user, key)
    if not about.exists():
        _demand_room(user, name, size)
        data.parent.mkdir(parents=True, exist_ok=True)
        data.touch()
        about.write_text(json.dumps({"name": name, "size": size}), "utf-8")
    return find(user, key)


def find(user: AbstractBaseUser, key: str) -> Part:
    """An unfinished upload of this person. Raises UploadRefused where there is none."""
    data, about = _paths(user, key)
    try:
        said, state = json.loads(about.read_text("utf-8")), data.stat()
    except (OSError, ValueError) as error:
        raise UploadRefused("There is no such upload any more: choose the file again.", status=404) from error
    return Part(key, said["name"], said["size"], state.st_size, state.st_mtime + KEPT_SECONDS)


def unfinished(user: AbstractBaseUser) -> list[Part]:
    """This person's uploads that stopped on the way, oldest first."""
    folder, _ = _paths(user, "")
    parts = []
    for about in folder.parent.glob("*.json"):
        # One that another process finishes at this moment is unfinished no more.
        with suppress(UploadRefused):
            parts.append(find(user, about.stem))
    return sorted(parts, key=lambda part: part.ends_at)


def append(user: AbstractBaseUser, key: str, offset: int, stream: Readable, length: int) -> Part:
    """Add `length` bytes of the stream at `offset`, which must be where the part ends.

    What came before a connection broke is kept. Raises UploadRefused: nothing of this name, another offset, too much,
    or a full disk (the part then ends after the last byte that was written).
    """
    part, (data, _) = find(user, key), _paths(user, key)
    if length > 2 * CHUNK_BYTES or offset + length > part.size:
        raise UploadRefused("That is more than was announced.", status=413, offset=part.offset)
    with file_lock(data.with_suffix(".lock"), timeout=20, remove=True):
        if offset != data.stat().st_size:
            raise UploadRefused("Not where the upload stands.", status=409, offset=data.stat().st_size)
        try:
            with data.open("ab", buffering=0) as file:
                while piece := stream.read(_PIECE):
                    _write(file, piece)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            raise UploadRefused(
                f"The server's disk is full: {part.name} stopped. What is here stays for a day; make room and go on.",
                status=507,
                offset=data.stat().st_size,
            ) from error
        _digests.grow(key, data, data.stat().st_size)
    return find(user, key)


def finish(user: AbstractBaseUser, part: Part) -> tuple[Dump, bool]:
    """The dump that a whole part is, and whether it was here before. Raises OSError."""
    data, about = _paths(user, part.key)
    sha256 = _digests.grow(part.key, data, part.size)
    dump, is_new = adopt(data, sha256, part.name, user)
    about.unlink(missing_ok=True)
    _digests.forget(part.key)
    return dump, not is_new


def remove(user: AbstractBaseUser, key: str) -> None:
    """Throw away what is here of an upload."""
    for path in _paths(user, key):
        path.unlink(missing_ok=True)
    _digests.forget(key)


def remove_all() -> None:
    """Throw away everybody's unfinished uploads: nobody can tell what is in a part."""
    for path in _folder().glob("*/*"):
        path.unlink(missing_ok=True)


def sweep() -> int:
    """Throw away parts to which nothing was added for a day; how many files that were."""
    swept, now = 0, time.time()
    for path in _folder().glob("*/*"):
        try:
            if path.with_suffix(".part").stat().st_mtime + KEPT_SECONDS > now:
                continue
        except FileNotFoundError:
            pass
        path.unlink(missing_ok=True)
        swept += 1
    return swept


def seen_before(size: int, fingerprint: str) -> Dump | None:
    """A kept dump of this size with this beginning and end: very probably the same, and told before it is sent."""
    for dump in Dump.objects.filter(size=size, is_redacted=False).order_by("-pk")[:5]:
        if is_kept(dump) and fingerprint_of(Path(dump.file.path)) == fingerprint:
            return dump
    return None


def fingerprint_of(path: Path) -> str:
    """SHA-256 (hex) over size, first and last MiB of a file, as static/archive/upload.js makes it. Raises OSError."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(FINGERPRINT_BYTES))
        file.seek(max(size - FINGERPRINT_BYTES, 0))
        digest.update(file.read(FINGERPRINT_BYTES))
    return digest.hexdigest()


def _demand_room(user: AbstractBaseUser, name: str, size: int) -> None:
    if len(unfinished(user)) >= OPEN_AT_ONCE:
        raise UploadRefused(
            f"{OPEN_AT_ONCE} uploads of yours are unfinished, which is the most: go on with them, or remove some.",
            status=429,
        )
    _folder().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(_folder()).free
    if size + LOW_DISK_BYTES > free:
        raise UploadRefused(
            f"The server's disk has {filesizeformat(free)} free, too little for {name} ({filesizeformat(size)}). "
            "Make room, or ask whoever runs the site.",
            status=507,
        )


def _write(file: IO[bytes], piece: bytes) -> None:
    """All of it: an unbuffered file may take less than it is given."""
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads" / "parts"


def _paths(user: AbstractBaseUser, key: str) -> tuple[Path, Path]:
    """Where the bytes lie, and what they will be called. A key is ours or matches nothing: it is never a path."""
    folder, name = _folder() / str(user.pk), key if key.isalnum() else "none"
    return folder / f"{name}.part", folder / f"{name}.json"
