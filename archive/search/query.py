"""The query language: what a reader typed becomes a `SearchQuery` that every backend compiles.

The nodes are plain values without any engine's notions; `SearchQuery.describe()` says them back in words.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive.choices import EntityKind


class Sort(enum.StrEnum):
    RELEVANCE = "relevance"
    FRESH = "fresh"
    """Relevance, a little more for the newer: score × (1 + ¼ · 2^(−age in years)), age before the newest article."""
    NEWEST = "newest"
    OLDEST = "oldest"


class TextField(enum.StrEnum):
    """The analysed text fields a word or phrase can be sought in; ANYWHERE is title, standfirst and body."""

    ANYWHERE = ""
    TITLE = "title"
    BYLINE = "byline"
    SAID = "said"


class Keyword(enum.StrEnum):
    """Fields that hold exact values. PERSON, ORGANISATION, PLACE and SPEAKER hold entity slugs."""

    SOURCE = "source"
    SECTION = "section"
    LANGUAGE = "language"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    SPEAKER = "speaker"
    FLAG = "flag"
    """One of "headline-only", "versions", "changed-headline", "date-unknown"."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every article."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no article (a name that nobody bears)."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    field: TextField = TextField.ANYWHERE
    exact: bool = False
    """No stemming, no variants; accents and case are folded all the same."""


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str
    field: TextField = TextField.ANYWHERE


@dataclass(frozen=True, slots=True)
class Fuzzy:
    text: str
    distance: int = 1
    field: TextField = TextField.ANYWHERE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in order, at most `slop` other words in between altogether."""

    words: tuple[str, ...]
    slop: int = 0
    field: TextField = TextField.ANYWHERE
    exact: bool = False
    """No other spellings of names; their grammatical forms are found all the same."""


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides within `distance` words of each other, in either order."""

    left: "Word | Phrase | Prefix"
    right: "Word | Phrase | Prefix"
    distance: int
    field: TextField = TextField.ANYWHERE


@dataclass(frozen=True, slots=True)
class KeywordIn:
    """The field holds at least one of the values. Filters only: adds nothing to the score."""

    field: Keyword
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """`person:"James Baker"` as typed; resolved to `KeywordIn` of slugs before a backend sees it."""

    kind: EntityKind
    name: str
    speaks: bool = False
    """`speaker:"James Baker"`: only where the person is quoted."""


@dataclass(frozen=True, slots=True)
class Dated:
    """Published on a day in [start, end], both inclusive, either open."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class And:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Node = Everything | Nothing | Word | Prefix | Fuzzy | Phrase | Near | KeywordIn | Named | Dated | And | Or | Not


def leaves(root: Node) -> Iterator[Node]:
    """The conditions that a query is built of, in the order typed, those under NOT among them."""
    match root:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield root


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed query: `text` as typed, `root` what it means, `notes` what could not be understood, in words."""

    text: str
    root: Node
    notes: tuple[str, ...] = ()
    is_plain: bool = False
    """Typed as words alone, without any operator; "and" and "or" inside a sentence are words."""
