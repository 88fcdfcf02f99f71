"""Zip and tar: their members one by one, in the order in which they stand; unsafe ones are refused, the rest read."""

import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, cast

from archive.ingest.readers.base import Limits
from archive.ingest.readers.compression import Meter
from archive.ingest.readers.ignorable import is_ignorable
from archive.ingest.readers.pairs import MAX_TITLE_BYTES, titles_beside
from archive.ingest.readers.streams import CHUNK, ByteStream, Damaged, file_chunks
from archive.ingest.readers.zip_salvage import LostFile, lost_files

# What tells that a zip is a .docx, .xlsx, .odt or .epub.
_OFFICE = frozenset(("[Content_Types].xml", "mimetype"))
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
_TAR_ERRORS = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. `title` is its headline, where that stood in a file of its own."""

    path: str
    stream: ByteStream
    title: str = ""


@dataclass(frozen=True, slots=True)
class BadMember:
    """A member that is not read, or the archive's own untimely end (then without a path)."""

    path: str
    code: str
    sentence: str


def archive_of(head: bytes) -> str:
    """ "zip" or "tar" by content, empty for anything else. `head` needs 512 bytes for a tar."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head[257:262] == b"ustar" or _old_tar(head):
        return "tar"
    return ""


def _old_tar(head: bytes) -> bool:
    """A tar from before POSIX has no magic number; its first header's checksum is right."""
    if len(head) < 512 or not head[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def unsafe_name(path: str) -> str:
    """Why a member's name must not be believed, empty if there is no reason."""
    if path.startswith(("/", "\\")) or (len(path) > 1 and path[1] == ":" and path[0].isalpha()):
        return "its name is an absolute path"
    if ".." in path.replace("\\", "/").split("/"):
        return 'its name leads out of the archive ("..")'
    return "its name holds a NUL" if "\x00" in path else ""


def members(kind: str, stream: ByteStream, meter: Meter) -> Iterator[Member | BadMember]:
    """Files of the archive in `stream`; a member's stream must be read before the next member is asked for."""
    walk = _zip_members if kind == "zip" else _tar_members
    cut = False
    for count, member in enumerate(walk(stream, meter), start=1):
        if cut and isinstance(member, BadMember) and not member.path:
            return  # the archive ends where its last file says that it is cut off
        if count > meter.limits.entries:
            yield BadMember(
                "", "too-many-files", f"the {kind} has more than {meter.limits.entries:,} files; the rest is not read"
            )
            return
        yield member
        cut = isinstance(member, Member) and member.stream.damage is not None


@contextmanager
def seekable(stream: ByteStream, limits: Limits) -> Iterator[IO[bytes]]:
    """All bytes of a stream as a file that can be sought in: the dump itself, or a copy in the spool folder."""
    if stream.file is not None:
        stream.file.seek(0)
        yield stream.file
        return
    with tempfile.TemporaryFile(dir=limits.spool_folder) as spool:
        for chunk in file_chunks(cast("IO[bytes]", stream)):
            spool.write(chunk)
        spool.seek(0)
        yield spool


def _zip_members(stream: ByteStream, meter: Meter) -> Iterator[Member | BadMember]:
    with seekable(stream, meter.limits) as file:
        if stream.damage:
            yield BadMember("", stream.damage.code, stream.damage.sentence)
            return
        try:
            archive = zipfile.ZipFile(file)
        except _ZIP_ERRORS:
            yield from _lost_members(file, meter)
            return
        with archive:
            infos = [
                info for info in archive.infolist() if not info.is_dir() and not is_ignorable(_shown(info.filename))
            ]
            if archive.NameToInfo.keys() & _OFFICE:
                yield BadMember("", "binary", "the zip is an office document or e-book; save it as text or HTML")
                return
            titles = titles_beside([info.filename for info in infos])
            headlines = set(titles.values())
            for info in infos:
                if info.filename not in headlines:
                    yield _zip_member(archive, info, titles.get(info.filename, ""), meter)


def _lost_members(file: IO[bytes], meter: Meter) -> Iterator[Member | BadMember]:
    """The files of a zip that has lost its end, and the news of that."""
    lost: dict[str, LostFile] = {}
    survey = Meter(meter.limits)  # gone through once to learn all names, before anything is read for good
    for each in lost_files(file):
        with suppress(Damaged):
            for _ in survey.guard(each.chunks(), each.size or CHUNK):
                pass
        if not each.name.endswith("/") and not is_ignorable(_shown(each.name)):
            lost[each.name] = each
        if len(lost) >= meter.limits.entries:
            break
    titles = titles_beside(lost)
    for name, each in lost.items():
        if name not in titles.values():
            yield _lost_member(each, lost.get(titles.get(name, "")), meter)
    sentence = f"the zip's list of files at its end is missing: it is cut off after {len(lost):,} files"
    yield BadMember("", "truncated", sentence)


def _lost_member(lost: LostFile, title: LostFile | None, meter: Meter) -> Member | BadMember:
    path = _shown(lost.name)
    if reason := unsafe_name(lost.name):
        return BadMember(path, "unsafe-name", f"not read, because {reason}")
    if lost.encrypted:
        return BadMember(path, "encrypted", "the file is encrypted; decrypt the zip before ingesting it")
    headline = b""
    if title:
        with suppress(Damaged):
            headline = next(title.chunks(), b"")[:MAX_TITLE_BYTES]
    # How much of the file is compressed may stand only in the lost list: then a chunk is taken for it.
    return Member(path, ByteStream(meter.guard(lost.chunks(), lost.size or CHUNK)), headline.decode("latin-1"))


def _shown(path: str) -> str:
    return path.replace("\\", "/")


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, title_name: str, meter: Meter) -> Member | BadMember:
    path = _shown(info.filename)
    if reason := unsafe_name(info.filename):
        return BadMember(path, "unsafe-name", f"not read, because {reason}")
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return BadMember(path, "unsafe-name", "not read, because it is a symbolic link")
    if info.flag_bits & 0x1:
        return BadMember(path, "encrypted", "the file is encrypted; decrypt the zip before ingesting it")
    title = ""
    if title_name:
        try:
            with archive.open(title_name) as title_file:
                title = title_file.read(MAX_TITLE_BYTES).decode("latin-1")
        except _ZIP_ERRORS:
            title = ""
    chunks = meter.guard(_zip_chunks(archive, info), info.compress_size)
    return Member(path, ByteStream(chunks), title)


def _zip_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as file:
            yield from file_chunks(file)
    except _ZIP_ERRORS as error:
        raise Damaged("damaged", f"the zip's data of this file are corrupt ({error})") from error


def _tar_members(stream: ByteStream, meter: Meter) -> Iterator[Member | BadMember]:
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
            for info in archive:
                if info.isdir() or is_ignorable(info.name):
                    continue
                yield _tar_member(archive, info)
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps all headers otherwise
    except _TAR_ERRORS as error:
        damage = stream.damage
        code, sentence = (
            (damage.code, damage.sentence) if damage else ("truncated", f"the tar cannot be read on ({error})")
        )
        yield BadMember("", code, f"{sentence}; after byte {stream.offset:,} nothing is read")
        return
    if stream.damage:
        yield BadMember("", stream.damage.code, stream.damage.sentence)


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member | BadMember:
    if reason := unsafe_name(info.name):
        return BadMember(info.name, "unsafe-name", f"not read, because {reason}")
    if info.issym() or info.islnk():
        return BadMember(info.name, "unsafe-name", f"not read, because it is a link (to {info.linkname[:200]})")
    if not info.isreg() or info.issparse():
        return BadMember(info.name, "unsafe-name", "not read, because it is not an ordinary file")
    return Member(info.name, ByteStream(_tar_chunks(archive, info)))


def _tar_chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    read = 0
    try:
        file = archive.extractfile(info)
        while file is not None and (chunk := file.read(64 * 1024)):
            read += len(chunk)
            yield chunk
    except _TAR_ERRORS as error:
        raise Damaged("truncated", f"the tar ends within this file, after {read:,} of {info.size:,} bytes") from error
    if read < info.size:
        raise Damaged("truncated", f"the tar ends within this file, after {read:,} of {info.size:,} bytes")


def base_name(path: str) -> str:
    return PurePosixPath(path).name or path
