"""The files in a dump that are no containers any more, below its compressions and archives, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import DumpError
from archive.ingest.readers.compression import Meter, compression_of, inner_name
from archive.ingest.readers.containers import BadMember, Member, archive_of, base_name, members
from archive.ingest.readers.streams import ByteStream

COMPRESSIONS_IN_A_ROW = 2
_TAR_HEADER = 512


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file to be read. `path` is its place inside containers, empty if there are none but compressions."""

    path: str
    name: str
    """The file's own name, without the suffix of a compression."""
    stream: ByteStream
    title: str = ""


def unpacked(file: Member, meter: Meter) -> Member:
    """The file below its compressions, its path without their suffixes. Raises DumpError `nested`: too many."""
    for _ in range(COMPRESSIONS_IN_A_ROW + 1):
        outer = file.stream
        compression = compression_of(outer.peek(16))
        if not compression:
            return file
        chunks = meter.guard(compression.unpack(outer), outer)
        file = Member(inner_name(file.path, compression), ByteStream(chunks), file.title)
    raise DumpError("nested", f"the file is compressed more than {COMPRESSIONS_IN_A_ROW} times over; unpack it first")


def leaves(file: Member, meter: Meter, path: str = "", depth: int = 0) -> Iterator[Leaf | BadMember]:
    """Leaves of `file`, itself or what is in it; read a leaf's stream before the next one is asked for.

    `path` is where it stands itself, `depth` in how many archives. Raises DumpError if nothing of it can be read; what
    cannot be read within an archive comes as a BadMember instead.
    """
    inner = unpacked(file, meter)
    kind = archive_of(inner.stream.peek(_TAR_HEADER))
    if not kind:
        yield Leaf(path, base_name(inner.path), inner.stream, inner.title)
        return
    if depth >= meter.limits.nesting:
        raise DumpError("nested", f"it is an archive inside {depth} others, which is the limit; unpack it first")
    for member in members(kind, inner.stream, meter):
        inside = "/".join(part for part in (path, member.path) if part)
        if isinstance(member, BadMember):
            yield BadMember(inside, member.code, member.sentence)
            continue
        try:
            yield from leaves(member, meter, inside, depth + 1)
        except DumpError as error:
            if error.code == "too-large":
                raise
            yield BadMember(inside, error.code, error.reason)
