"""The frozen values that flow through ingest: what a reader yields, what cleaning makes of it, the names in it.

Nothing here touches the database; `store.py` turns these into rows.
"""

from dataclasses import dataclass, field
from datetime import datetime

from archive.choices import ContentKind, DatePrecision, EntityKind, LinePlace
from archive.text import clean_text


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a record stands in its dump.

    `number` counts from 1 within the dump. `offset` and `length` are bytes in the decompressed member; `line` counts
    from 1 in the member. `member` is the path inside containers ("pages.zip/a.txt"), empty where there is none.
    """

    number: int
    offset: int | None = None
    length: int | None = None
    line: int | None = None
    member: str = ""

    def __str__(self) -> str:
        parts = [self.member] if self.member else []
        parts.append(f"line {self.line}" if self.line is not None else f"record {self.number}")
        if self.offset is not None:
            parts.append(f"byte {self.offset}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as its dump says it, decoded but not cleaned. All texts are as found; dates are raw strings."""

    locator: Locator
    kind: ContentKind
    text: str
    """The flattened page, the HTML page, or for a structured record its body (plain or HTML; empty if it has none)."""
    title: str = ""
    standfirst: str = ""
    byline: tuple[str, ...] = ()
    published: str = ""
    source: str = ""
    """Name, slug or domain of the publisher, if the record names one."""
    external_id: str = ""
    url: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    notes: tuple[str, ...] = ()
    """What the reader had to do to make sense of the bytes ("declared utf-8, read as cp1252")."""
    crawled: str = ""
    """When it was fetched, where the dump says so, as found: what "5 days ago" in it counts from."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that a reader could not make sense of: counted as rejected, located, shown."""

    locator: Locator
    code: str
    reason: str
    excerpt: bytes = b""
    """The first raw bytes of it, at most 2,000."""


@dataclass(frozen=True, slots=True)
class Caption:
    text: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one non-blank raw line, or of one part of it where a rule stripped inside the line.

    The parts of a line, in order, joined, are the line without its outer blanks (up to blanks between parts).
    """

    number: int
    text: str
    place: LinePlace
    rule: str = ""
    """Name of the rule that decided; always given for REMOVED."""
    reason: str = ""
    """More than the rule's name, where there is more to say (score and reasons of the line model, a count)."""


@dataclass(frozen=True, slots=True)
class PublishedDate:
    """A date with its evidence. `value` is aware, in the zone the text gave (UTC where it gave none)."""

    raw: str
    value: datetime | None = None
    precision: DatePrecision = DatePrecision.DAY
    rule: str = ""
    """Which rule read it and where it stood, e.g. "json-ld datePublished", "date line", "field date"."""
    confidence: float = 0.0
    """0–1."""
    has_zone: bool = False


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article as its author wrote it, and the account of every raw line."""

    title: str = ""
    standfirst: str = ""
    byline: tuple[str, ...] = ()
    published: PublishedDate | None = None
    language: str = ""
    """ISO 639-1 code, empty where unknown."""
    section: str = ""
    canonical_url: str = ""
    paragraphs: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    lines: tuple[Line, ...] = ()
    alternative_titles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """What the page itself gives as its keywords."""
    site_name: str = ""
    """The publisher's own name where the page says it."""

    @property
    def removed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.place == LinePlace.REMOVED)

    @property
    def text(self) -> str:
        """The text that names are sought in and mention offsets count in: title, then paragraphs."""
        return clean_text(self.title, self.paragraphs)


@dataclass(frozen=True, slots=True)
class Span:
    """Code points [start, end) of a clean text, and the text they cut."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """One real-world name within one text, with all its mentions (surname-only ones included)."""

    kind: EntityKind
    name: str
    mentions: tuple[Span, ...]
    roles: tuple[str, ...] = ()
    """Titles and roles cut from in front of the name ("Treasury Secretary")."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A direct quotation. The span covers the words between the quotation marks."""

    span: Span
    speaker: str = ""
    """The speaker's full name as in `NamedEntity.name`, empty where it is not plain who speaks."""


@dataclass(frozen=True, slots=True)
class TextNames:
    """Everything `entities.find_names` says about one text."""

    entities: tuple[NamedEntity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    sought: bool = True
    """False where no model is set up for the text's language, or where the one that is set up is not installed."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """A record on its way to the database: raw, cleaned, and named unless names were put off (None)."""

    raw: RawRecord
    article: CleanArticle
    names: TextNames | None = None
    payload: bytes = field(default=b"", repr=False)
    """The raw record serialised and compressed, made in the worker so that the one writer need not."""
