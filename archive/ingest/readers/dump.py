"""Opens a dump: peels compressions and archives off, finds the format of what is inside, and lets its reader read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import DumpError
from archive.ingest.readers.base import Context, Format, Places, ReadOptions, Record
from archive.ingest.readers.compression import Meter, compression_of, inner_name
from archive.ingest.readers.containers import BadMember, Member, archive_of, base_name, members
from archive.ingest.readers.fields import SeenFields
from archive.ingest.readers.head import HEAD_BYTES, Head
from archive.ingest.readers.registry import detect, format_named
from archive.ingest.readers.streams import ByteStream, file_chunks
from archive.ingest.records import BadRecord

_COMPRESSIONS_IN_A_ROW = 2


def open_dump(path: Path, options: ReadOptions | None = None, *, name: str | None = None) -> "OpenedDump":
    """Find out what the file at `path` is, by its content; `name` is what it is called if not `path.name`.

    Raises DumpError with code `unreadable`, `empty`, `binary`, `unknown-format`, `truncated`, `damaged` or `nested`.
    """
    return OpenedDump(path, options or ReadOptions(), name or path.name)


class OpenedDump:
    """A dump whose format is known. `format` is "zip" or "tar" for an archive, else what is inside any compression."""

    def __init__(self, path: Path, options: ReadOptions, name: str) -> None:
        self.path, self.options, self.name = path, options, name
        self.fields = SeenFields()
        """Which fields the records read so far had."""
        self.position = 0
        """How many bytes of the file have been read, for telling how far a run is."""
        with self._opened() as file:
            self._forced = format_named(options.format) if options.format not in (None, "zip", "tar") else None
            inside = _decompressed(Member(base_name(name), file), Meter(options.limits))
            head = self.head_of(inside)
            self.format = archive_of(head.data) or self.format_of(head, inside.stream).name

    @contextmanager
    def _opened(self) -> Iterator[ByteStream]:
        """The dump's bytes; every DumpError that passes here gets the dump's name put before its sentence."""
        try:
            with self.path.open("rb") as file:
                yield ByteStream(self._told(file_chunks(file)), file)
        except OSError as error:
            raise DumpError("unreadable", f"{self.name}: cannot be read ({error.strerror or error})") from error
        except DumpError as error:
            raise DumpError(error.code, f"{self.name}: {error.reason}") from error

    def _told(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        self.position = 0
        for chunk in chunks:
            self.position += len(chunk)
            yield chunk

    def records(self) -> Iterator[Record]:
        """Every record, numbered from 1 in the order of the dump.

        Raises DumpError when nothing more can be read: the dump is too large altogether, or holds no record at all.
        """
        places = Places(base_name(self.name))
        self.fields = places.fields
        walk = _Walk(self, places, Meter(self.options.limits))
        with self._opened() as file:
            yield from walk.records(Member(base_name(self.name), file), 0)
            if not walk.places.number:
                raise DumpError("no-records", "the file was read to its end and holds no articles")

    def head_of(self, member: Member) -> Head:
        """The first bytes of a member that is compressed no more."""
        data = member.stream.peek(HEAD_BYTES)
        return Head(data, base_name(member.path), len(data) < HEAD_BYTES, frozenset(self.options.field_map.values()))

    def format_of(self, head: Head, stream: ByteStream) -> Format:
        """The format asked for, else the one that the content shows. Raises DumpError if it shows none."""
        if stream.damage and not head.data:
            raise DumpError(stream.damage.code, stream.damage.sentence)
        return self._forced if self._forced and head.data else detect(head)


class _Walk:
    """One reading of a dump, through its archives."""

    def __init__(self, dump: OpenedDump, places: Places, meter: Meter) -> None:
        self._dump, self.places, self._meter = dump, places, meter

    def records(self, outer: Member, depth: int) -> Iterator[Record]:
        """Records of one file: its own, or those of the files in it."""
        member = _decompressed(outer, self._meter)
        head = self._dump.head_of(member)
        kind = archive_of(head.data)
        if kind:
            limit = self._dump.options.limits.nesting
            if depth >= limit:
                raise DumpError("nested", f"it is an archive inside {limit} others, the limit; unpack it first")
            yield from self._archive(kind, member.stream, depth)
            return
        fmt = self._dump.format_of(head, member.stream)
        self.places.fields.counts = fmt.has_names
        context = Context(self.places, self._dump.options, head.name, member.title)
        yield from _with_its_end(fmt.read(member.stream, context), member.stream, self.places)

    def _archive(self, kind: str, stream: ByteStream, depth: int) -> Iterator[Record]:
        outer = self.places.member
        for member in members(kind, stream, self._meter):
            self.places.member = "/".join(part for part in (outer, member.path) if part)
            if isinstance(member, BadMember):
                yield self.places.bad(member.code, member.sentence)
                continue
            try:
                yield from self.records(member, depth + 1)
            except DumpError as error:
                if error.code == "too-large":
                    raise
                yield self.places.bad(error.code, error.reason, excerpt=member.stream.peek(64))
        self.places.member = outer


def _decompressed(member: Member, meter: Meter) -> Member:
    """The member below its compressions, its name without their suffixes."""
    for _ in range(_COMPRESSIONS_IN_A_ROW + 1):
        outer = member.stream
        compression = compression_of(outer.peek(16))
        if not compression:
            return member
        chunks = meter.guard(compression.unpack(outer), outer)
        member = Member(inner_name(member.path, compression), ByteStream(chunks), member.title)
    raise DumpError("nested", f"the file is compressed more than {_COMPRESSIONS_IN_A_ROW} times over; unpack it first")


def _with_its_end(records: Iterator[Record], stream: ByteStream, places: Places) -> Iterator[Record]:
    """The records of a stream; if it ends before its time, the record that was cut says so (or one more does)."""
    last: Record | None = None
    for record in records:
        if last is not None:
            yield last
        last = record
    if stream.damage is None:
        if last is not None:
            yield last
        return
    code, sentence = stream.damage.code, stream.damage.sentence
    if isinstance(last, BadRecord) and (last.locator.offset or 0) + (last.locator.length or 0) >= stream.offset:
        yield places.reject(last.locator, code, sentence, last.excerpt)
        return
    if last is not None:
        yield last
    yield places.bad(code, f"{sentence}; nothing can be read after this", offset=stream.offset)
