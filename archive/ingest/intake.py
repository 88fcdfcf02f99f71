"""Dumps as files: hashed as a stream, kept below MEDIA_ROOT by their hash, received from uploads."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.files.uploadedfile import UploadedFile

from archive.errors import DumpError
from archive.models import Dump, IngestRun, Source

_CHUNK = 1024 * 1024


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file, read as a stream. Raises DumpError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DumpError("unreadable", f"{path.name} cannot be read: {error.strerror or error}.") from error


def dump_of(path: Path, sha256: str, name: str) -> Dump:
    """The row of this dump, made if it is new."""
    return Dump.objects.get_or_create(sha256=sha256, defaults={"name": name[:500], "size": path.stat().st_size})[0]


def keep(dump: Dump, path: Path) -> None:
    """Keep a copy of the dump, unless there is one or it is larger than ARCHIVE_KEEP_MAX_BYTES; the caller saves.

    Raises OSError.
    """
    # A copy out of which something was erased does not come back.
    if dump.is_redacted or dump.size > settings.ARCHIVE_KEEP_MAX_BYTES or is_kept(dump):
        return
    with path.open("rb") as file:
        _keep(dump, iter(lambda: file.read(_CHUNK), b""))


def is_kept(dump: Dump) -> bool:
    """Whether the dump's bytes are here, all of them: a power cut may have lost the end of a file."""
    try:
        return bool(dump.file.name) and Path(dump.file.path).stat().st_size == dump.size
    except OSError:
        return False


def receive(file: "UploadedFile[Any]", user: AbstractBaseUser | AnonymousUser | None) -> Dump:
    """Keep an uploaded dump. Raises OSError (disk full)."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    name = Path(file.name or "upload").name
    dump, _ = Dump.objects.get_or_create(
        sha256=digest.hexdigest(),
        defaults={"name": name[:500], "size": file.size or 0, "brought_by": _signed_in(user)},
    )
    if not is_kept(dump):
        _keep(dump, file.chunks())
        dump.save(update_fields=["file"])
    return dump


def adopt(path: Path, sha256: str, name: str, user: AbstractBaseUser | AnonymousUser | None) -> tuple[Dump, bool]:
    """Make a file below the data folder a kept dump; it is moved, or gone if it was here. Gives whether it is new.

    Raises OSError.
    """
    dump, is_new = Dump.objects.get_or_create(
        sha256=sha256, defaults={"name": name[:500], "size": path.stat().st_size, "brought_by": _signed_in(user)}
    )
    if is_kept(dump):
        path.unlink()
        return dump, is_new
    target = _place(dump)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    dump.save(update_fields=["file"])
    return dump, is_new


def queue(
    dump: Dump,
    *,
    source: Source | None,
    user: AbstractBaseUser | AnonymousUser | None,
    options: Mapping[str, Any],
) -> IngestRun:
    """A queued run of a kept dump; `pipeline.run_queued` works it off."""
    return IngestRun.objects.create(
        dump=dump, path=dump.name, source=source, options=dict(options), started_by=_signed_in(user)
    )


def _signed_in(user: AbstractBaseUser | AnonymousUser | None) -> Any:
    return user if user is not None and user.is_authenticated else None


def _keep(dump: Dump, chunks: Iterable[bytes]) -> None:
    """Write beside, then rename: what lies under a hash is always whole."""
    target = _place(dump)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".part-{dump.sha256}-{os.getpid()}")
    try:
        with beside.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _place(dump: Dump) -> Path:
    """Where this dump's bytes are kept, which its row says from now on; the caller saves."""
    dump.file.name = f"dumps/{dump.sha256[:2]}/{dump.sha256}"
    return Path(dump.file.path)


@contextmanager
def spooled(stream: IO[bytes]) -> Iterator[Path]:
    """A stream as a file, for as long as the context lasts."""
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="stdin-") as file:
        shutil.copyfileobj(stream, file, _CHUNK)
        file.flush()
        yield Path(file.name)
