"""The fields of the query language: the names a reader may type, and the node that a value of each becomes."""

from collections.abc import Callable
from datetime import date

from archive.choices import EntityKind
from archive.search.dates import parse_days
from archive.search.query import Dated, Keyword, KeywordIn, Named, Node, TextField

Maker = Callable[[str, date], Node | None]
"""(value as typed, today) → node, or None when the value is not understood."""


def _named(kind: EntityKind, *, speaks: bool = False) -> Maker:
    return lambda value, today: Named(kind, value.strip(), speaks) if value.strip() else None


def _keyword(field: Keyword) -> Maker:
    return lambda value, today: KeywordIn(field, (value.strip(),)) if value.strip() else None


def _flag(**flags: str) -> Maker:
    def make(value: str, today: date) -> Node | None:
        flag = flags.get(value.strip().lower().replace("-", "_"))
        return KeywordIn(Keyword.FLAG, (flag,)) if flag else None

    return make


def _date(value: str, today: date) -> Node | None:
    if value.strip().lower() in ("unknown", "none"):
        return KeywordIn(Keyword.FLAG, ("date-unknown",))
    days = parse_days(value, today=today)
    return Dated(*days) if days else None


def _after(value: str, today: date) -> Node | None:
    days = parse_days(value, today=today)
    return Dated(start=days[0]) if days and days[0] else None


def _before(value: str, today: date) -> Node | None:
    days = parse_days(value, today=today)
    return Dated(end=days[1]) if days and days[1] else None


FIELDS: dict[str, TextField | Maker] = {
    "title": TextField.TITLE,
    "byline": TextField.BYLINE,
    "said": TextField.SAID,
    "person": _named(EntityKind.PERSON),
    "org": _named(EntityKind.ORGANISATION),
    "place": _named(EntityKind.PLACE),
    "speaker": _named(EntityKind.PERSON, speaks=True),
    "source": _keyword(Keyword.SOURCE),
    "section": _keyword(Keyword.SECTION),
    "lang": _keyword(Keyword.LANGUAGE),
    "date": _date,
    "after": _after,
    "before": _before,
    "has": _flag(versions="versions"),
    "is": _flag(headline_only="headline-only"),
    "changed": _flag(headline="changed-headline"),
}

_SYNONYMS = {
    "headline": "title",
    "author": "byline",
    "people": "person",
    "organisation": "org",
    "organization": "org",
    "publisher": "source",
    "language": "lang",
    "since": "after",
    "until": "before",
}


def named(name: str) -> TextField | Maker | None:
    """The field of that name, in any case; None when there is none."""
    folded = name.lower()
    return FIELDS.get(_SYNONYMS.get(folded, folded))
