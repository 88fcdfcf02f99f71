"""What every reader is given and gives back: limits, options, places in a dump, and the shape of a format."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from archive.ingest.readers.charset import Decoder
from archive.ingest.readers.fields import SeenFields
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.records import BadRecord, Locator, RawRecord

Record: TypeAlias = RawRecord | BadRecord

EXCERPT_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a dump may ask of this machine. All sizes are bytes; what is over a limit is rejected, never loaded."""

    record_bytes: int = 32 * 1024 * 1024
    """The largest record (line, row, page, XML document)."""
    total_bytes: int = 64 * 1024**3
    """The most that all members of a dump together may decompress to."""
    bomb_ratio: int = 200
    """Decompressed ÷ compressed above which a member is taken for a bomb …"""
    bomb_floor: int = 10 * 1024 * 1024
    """… once it has grown past this size."""
    entries: int = 200_000
    """Members of a zip or tar."""
    nesting: int = 2
    """Archives within archives: 2 is a zip in a zip."""
    spool_folder: Path | None = None
    """Where what must be sought in and is compressed is laid open meanwhile; None for the system's own place."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a dump, where its content does not say.

    `format` is a name of `registry.FORMATS` (None: detected). `field_map` says which field of the dump is which of the
    archive's ({"title": "Headline"}). `record_path` leads to the records of a nested JSON document ("data.articles").
    """

    format: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)
    record_path: str = ""
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Places:
    """Gives every record of one dump its number and place, in the order in which they are read."""

    dump: str
    member: str = ""
    number: int = 0
    fields: SeenFields = field(default_factory=SeenFields)
    are_bytes_known: bool = True
    """Off while the reader does not see the member's own bytes."""

    def next(self, offset: int | None = None, length: int | None = None, line: int | None = None) -> Locator:
        """The place of the next record; call it once for each record that is yielded."""
        self.number += 1
        if not self.are_bytes_known:
            offset = length = None
        return Locator(self.number, offset, length, line, self.member)

    def bad(
        self,
        code: str,
        sentence: str,
        *,
        offset: int | None = None,
        length: int | None = None,
        line: int | None = None,
        excerpt: bytes = b"",
    ) -> BadRecord:
        """The next record, rejected: `sentence` says what is wrong, file and place are put before it."""
        return self.reject(self.next(offset, length, line), code, sentence, excerpt)

    def reject(self, locator: Locator, code: str, sentence: str, excerpt: bytes = b"") -> BadRecord:
        """A record that has its place already, rejected."""
        return BadRecord(locator, code, f"{self.dump}, {locator}: {sentence}", excerpt[:EXCERPT_BYTES])


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader knows besides the bytes: where it is, how it was asked to read, what stood beside the member."""

    places: Places
    options: ReadOptions
    name: str
    """File name of the member, without the suffix of a compression."""
    title: str = ""
    """The headline, where the container keeps it in a file of its own."""

    decoder: Decoder = field(default_factory=Decoder)

    @property
    def record_limit(self) -> int:
        return self.options.limits.record_bytes


@dataclass(frozen=True, slots=True)
class Format:
    """One dump format. `recognise` looks at the first bytes only; `read` yields every record and raises for none."""

    name: str
    label: str
    recognise: Callable[[Head], bool]
    read: Callable[[ByteStream, Context], Iterator[Record]]
    aliases: tuple[str, ...] = ()
    has_names: bool = False
    """Whether the dump names its fields itself, so that they can be mapped."""
    in_bytes: bool = False
    """Whether it is read by lines or tags in the bytes, so that UTF-16 must be made UTF-8 first."""
    holds_binary: bool = False
    """Whether such a dump may hold bytes that are no text."""


def in_bytes(size: int) -> str:
    """A size as a reader says it: "32 MB"."""
    return f"{size / 1024 / 1024:,.0f} MB" if size >= 1024 * 1024 else f"{size:,} bytes"
