"""Opens a dump: peels compressions and archives off, finds the format of what is inside, and lets its reader read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import DumpError
from archive.ingest.readers.base import Context, Format, Places, ReadOptions, Record
from archive.ingest.readers.charset import wide_encoding
from archive.ingest.readers.compression import Meter
from archive.ingest.readers.containers import BadMember, Member, archive_of, base_name
from archive.ingest.readers.fields import SeenFields
from archive.ingest.readers.head import HEAD_BYTES, Head
from archive.ingest.readers.registry import detect, format_named
from archive.ingest.readers.streams import CHUNK, ByteStream, as_utf_8, file_chunks
from archive.ingest.readers.walk import Leaf, leaves, unpacked
from archive.ingest.records import BadRecord, Locator


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
            inside = unpacked(Member(base_name(name), file), Meter(options.limits))
            kind = archive_of(inside.stream.peek(HEAD_BYTES))
            self.format = kind or self._format_of(inside.stream, base_name(inside.path))[0].name

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
        with self._opened() as file:
            for leaf in self._leaves(file):
                places.member = leaf.path
                if isinstance(leaf, BadMember):
                    yield places.bad(leaf.code, leaf.sentence)
                else:
                    yield from self._records_of(leaf, places)
            if not places.number:
                raise DumpError("no-records", "the file was read to its end and holds no articles")

    def raw(self, locator: Locator) -> bytes:
        """The bytes of a record, at most the record limit, for showing or repairing it.

        Empty if its reader does not say where they are (see `Locator`), or the dump is another one now.
        """
        return next((data for _, data in self.raws([locator])), b"")

    def raws(self, locators: Iterable[Locator]) -> Iterator[tuple[Locator, bytes]]:
        """The bytes of many records as `raw` gives them, in the order of the dump, in one reading of it.

        Records whose place is not known, or that are not there, are left out.
        """
        wanted: dict[str, list[Locator]] = {}
        for locator in locators:
            if locator.offset is not None and locator.length:
                wanted.setdefault(locator.member, []).append(locator)
        with self._opened() as file:
            for leaf in self._leaves(file):
                if isinstance(leaf, Leaf):
                    for locator in sorted(wanted.pop(leaf.path, []), key=lambda one: one.offset or 0):
                        if data := self._cut_out(leaf.stream, locator):
                            yield locator, data
                if not wanted:
                    return

    def _cut_out(self, stream: ByteStream, locator: Locator) -> bytes:
        offset, length = locator.offset or 0, locator.length or 0
        while (ahead := offset - stream.offset) > 0 and stream.read(min(ahead, CHUNK)):
            pass
        if stream.offset != offset:
            return b""
        return stream.read_exactly(min(length, self.options.limits.record_bytes))

    def _leaves(self, file: ByteStream) -> Iterator[Leaf | BadMember]:
        return leaves(Member(base_name(self.name), file), Meter(self.options.limits))

    def _records_of(self, leaf: Leaf, places: Places) -> Iterator[Record]:
        try:
            fmt, head = self._format_of(leaf.stream, leaf.name)
            places.fields.counts = fmt.has_names
            context = Context(places, self.options, head.name, leaf.title)
            wide = wide_encoding(head.data) if fmt.in_bytes else ""
            places.are_bytes_known = not wide
            stream = ByteStream(as_utf_8(leaf.stream, wide)) if wide else leaf.stream
            yield from _with_its_end(fmt.read(stream, context), stream, places)
        except DumpError as error:
            if not leaf.path or error.code == "too-large":
                raise
            yield places.bad(error.code, error.reason, excerpt=leaf.stream.peek(64))

    def _format_of(self, stream: ByteStream, name: str) -> tuple[Format, Head]:
        """The format asked for, else the one that the content shows. Raises DumpError if it shows none."""
        data = stream.peek(HEAD_BYTES)
        head = Head(data, name, len(data) < HEAD_BYTES, frozenset(self.options.field_map.values()))
        if stream.damage and not data:
            raise DumpError(stream.damage.code, stream.damage.sentence)
        return (self._forced if self._forced and data else detect(head)), head


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
