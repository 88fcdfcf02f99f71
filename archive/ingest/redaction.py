"""Kept dumps without some of their records: the bytes are blanked where they stand, or the copy is destroyed.

In a plain file the bytes give way to blanks, line ends excepted, so that all other records stay where they are. In zip
and gzip files the content is blanked likewise and packed anew. A copy of any other kind is destroyed.
"""

import gzip
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.ingest import intake
from archive.ingest.records import Locator
from archive.models import Dump

_CHUNK = 1024 * 1024


def redact(dump: Dump, places: Iterable[Locator]) -> None:
    """Take the bytes of these records out of the kept copy; a copy in which they cannot be placed is destroyed."""
    found = list(places)
    dump.is_redacted = True
    if intake.is_kept(dump):
        path = Path(dump.file.path)
        if all(place.offset is not None and place.length is not None for place in found):
            try:
                _redact(path, found)
                dump.size = path.stat().st_size
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
                destroy(dump)
        else:
            destroy(dump)
    dump.save(update_fields=["is_redacted", "file", "size"])


def destroy(dump: Dump) -> None:
    """Overwrite the kept copy and remove it; the caller saves."""
    path = Path(dump.file.path)
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(b"\0" * min(left, _CHUNK))
        os.fsync(file.fileno())
    path.unlink()
    dump.file.name = ""


def _redact(path: Path, places: list[Locator]) -> None:
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"PK":
        _redact_zip(path, places)
    elif head[:2] == b"\x1f\x8b":
        _redact_gzip(path, places)
    elif all(not place.member for place in places) and not head.startswith(
        (b"BZh", b"\xfd7zX", b"\x28\xb5\x2f\xfd", b"PAR1")
    ):
        with path.open("r+b") as plain:
            for place in places:
                _blank(plain, place)
            os.fsync(plain.fileno())
    else:
        raise NotImplementedError


def _blank(file: IO[bytes], place: Locator) -> None:
    file.seek(place.offset or 0)
    data = file.read(place.length or 0)
    file.seek(place.offset or 0)
    file.write(_blanked(data))


def _blanked(data: bytes) -> bytes:
    """As long as the data, its line ends kept. What was a JSON object is an empty one, which a list still takes."""
    blank = bytearray(byte if byte in b"\r\n" else 0x20 for byte in data)
    if data.lstrip()[:1] == b"{" and len(data.strip()) >= 2:
        at = len(data) - len(data.lstrip())
        blank[at : at + 2] = b"{}"
    return bytes(blank)


def _redact_zip(path: Path, places: list[Locator]) -> None:
    with _anew(path) as target, zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        members = {info.filename for info in old.infolist()}
        if not all(place.member in members for place in places):
            raise NotImplementedError
        for info in old.infolist():
            inside = sorted(
                (place for place in places if place.member == info.filename), key=lambda one: one.offset or 0
            )
            with old.open(info) as source, new.open(info.filename, "w", force_zip64=True) as into:
                for chunk in _without(source, inside):
                    into.write(chunk)


def _redact_gzip(path: Path, places: list[Locator]) -> None:
    inside = sorted(places, key=lambda one: one.offset or 0)
    if len({place.member for place in inside}) > 1:
        raise NotImplementedError
    with _anew(path) as target, gzip.open(path) as source, gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as into:
        for chunk in _without(source, inside):
            into.write(chunk)


def _without(source: IO[bytes] | gzip.GzipFile, places: list[Locator]) -> Iterator[bytes]:
    """The content as a stream, the records at these places blanked; they ascend."""
    at = 0
    for place in places:
        start = place.offset or 0
        if start < at:
            raise NotImplementedError
        yield from _read(source, start - at)
        yield _blanked(source.read(place.length or 0))
        at = start + (place.length or 0)
    yield from _read(source, None)


def _read(source: IO[bytes] | gzip.GzipFile, length: int | None) -> Iterator[bytes]:
    left = length
    while left is None or left > 0:
        chunk = source.read(_CHUNK if left is None else min(left, _CHUNK))
        if not chunk:
            return
        left = None if left is None else left - len(chunk)
        yield chunk


@contextmanager
def _anew(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of another when all is written. A run may be reading the other: it is not touched."""
    beside = path.with_name(f".redacted-{path.name}-{os.getpid()}")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
