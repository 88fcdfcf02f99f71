"""A query said back: in words for readers, and as canonical text that parses to the same query again."""

import calendar
from datetime import date

from archive.choices import EntityKind
from archive.search.query import (
    And,
    Dated,
    Everything,
    Fuzzy,
    Keyword,
    KeywordIn,
    Named,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    TextField,
    Word,
)
from archive.search.tokens import Kind, tokens
from archive.search.words import word_nodes

_KINDS = {EntityKind.PERSON: "person", EntityKind.ORGANISATION: "org", EntityKind.PLACE: "place"}
_FLAG_TEXT = {
    "headline-only": ("is:headline-only", "headline only"),
    "versions": ("has:versions", "with earlier versions"),
    "changed-headline": ("changed:headline", "headline changed"),
    "date-unknown": ("date:unknown", "date unknown"),
}
_KEYWORDS = {Keyword.SOURCE: "source", Keyword.SECTION: "section", Keyword.LANGUAGE: "lang"}
_IN = {
    TextField.ANYWHERE: "",
    TextField.TITLE: " in titles",
    TextField.BYLINE: " in bylines",
    TextField.SAID: " in quotations",
}


def describe(root: Node) -> str:
    """The query in words: "oil AND price, in titles and text; person James Baker; March 1987"."""
    parts = root.parts if isinstance(root, And) else (root,)
    texts = [part for part in parts if _is_text(part)]
    others = [part for part in parts if not _is_text(part)]
    said = []
    if texts:
        words = " AND ".join(_words(part, nested=len(texts) > 1) for part in texts)
        said.append(words + (", in titles and text" if _is_anywhere(texts) else ""))
    said += [_words(part) for part in others]
    return "; ".join(said)


def describe_part(node: Node) -> str:
    """One condition of a query in words."""
    return _words(node)


def _is_text(node: Node) -> bool:
    match node:
        case Word() | Prefix() | Fuzzy() | Phrase() | Near():
            return True
        case And(parts) | Or(parts):
            return all(_is_text(part) for part in parts)
        case Not(part):
            return _is_text(part)
    return False


def _is_anywhere(nodes: list[Node]) -> bool:
    def anywhere(node: Node) -> bool:
        match node:
            case And(parts) | Or(parts):
                return all(anywhere(part) for part in parts)
            case Not(part):
                return anywhere(part)
        return getattr(node, "field", None) is TextField.ANYWHERE

    return all(anywhere(node) for node in nodes)


def _words(node: Node, *, nested: bool = False) -> str:
    match node:
        case Everything():
            return "every article"
        case Nothing():
            return "nothing"
        case Word(text, field, exact):
            return (f"exactly “{text}”" if exact else text) + _IN[field]
        case Prefix(text, field):
            return f"words that begin with “{text}”{_IN[field]}"
        case Fuzzy(text, distance, field):
            return (
                f"words spelt nearly like “{text}” ({distance} letter{'s'[: distance - 1]} other at most){_IN[field]}"
            )
        case Phrase(words, slop, field, exact):
            within = f" with up to {slop} words in between" if slop else ""
            return f"“{' '.join(words)}”{' as it is spelt' if exact else ''}{within}{_IN[field]}"
        case Near(left, right, distance, _):
            return f"{_words(left)} within {distance} words of {_words(right)}"
        case Named(kind, name, speaks):
            return f"said by {name}" if speaks else f"{kind.label.lower()} {name}"
        case KeywordIn(Keyword.FLAG, values):
            return " or ".join(_FLAG_TEXT[value][1] for value in values)
        case KeywordIn(field, values):
            return f"{field.value} {' or '.join(values)}"
        case Dated():
            return _days(node)
        case Not(part):
            return f"NOT {_words(part, nested=True)}"
        case And(parts):
            text = " AND ".join(_words(part, nested=True) for part in parts)
        case Or(parts):
            text = " OR ".join(_words(part, nested=True) for part in parts)
    return f"({text})" if nested else text


def _days(node: Dated) -> str:
    start, end = node.start, node.end
    if start and end:
        if whole := _whole(start, end):
            return whole
        return _day(start) if start == end else f"{_day(start)} to {_day(end)}"
    return f"since {_day(start)}" if start else f"until {_day(end)}" if end else "any date"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def _whole(start: date, end: date) -> str:
    """A whole month or year by its name; empty if it is neither."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        one = f"{start:%B} {start.year}"
        return one if (start.year, start.month) == (end.year, end.month) else f"{one} to {end:%B} {end.year}"
    return ""


def to_text(root: Node) -> str:
    """The canonical query text of a parsed query: parsing it gives an equal query."""
    match root:
        case And(parts):
            return " ".join(_text(part) for part in parts)
        case Or(parts):
            return " OR ".join(_text(part) for part in parts)
    return _text(root)


def _text(node: Node) -> str:
    match node:
        case Word(text, field, exact):
            return _fielded(field, f"={text}" if exact else _plain(text))
        case Prefix(text, field):
            return _fielded(field, f"{text}*")
        case Fuzzy(text, distance, field):
            return _fielded(field, f"{text}~{distance}")
        case Phrase(words, slop, field, exact):
            return _fielded(field, f'{"=" if exact else ""}"{" ".join(words)}"' + (f"~{slop}" if slop else ""))
        case Near(left, right, distance, _):
            return f"{_text(left)} near/{distance} {_text(right)}"
        case Named(kind, name, speaks):
            return f'{"speaker" if speaks else _KINDS[kind]}:"{name}"'
        case KeywordIn(Keyword.FLAG, values):
            return " OR ".join(_FLAG_TEXT[value][0] for value in values)
        case KeywordIn(field, values):
            return " OR ".join(f'{_KEYWORDS[field]}:"{value}"' for value in values)
        case Dated(start, end):
            return f"date:{_span(start, end)}"
        case Not(part):
            return f"NOT {_text(part)}"
        case And(parts):
            return f"({' '.join(_text(part) for part in parts)})"
        case Or(parts):
            return f"({' OR '.join(_text(part) for part in parts)})"
        case Nothing():
            return "()"
    return ""


def _span(start: date | None, end: date | None) -> str:
    """Days as they are typed: "1987", "1987-03", "1987-03-15", or two days with dots between."""
    if start and end:
        if start == end:
            return start.isoformat()
        if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
            return start.isoformat()[:4]
        if start.day == 1 and end == start.replace(day=calendar.monthrange(start.year, start.month)[1]):
            return start.isoformat()[:7]
    return f"{start or ''}..{end or ''}"


def _plain(text: str) -> str:
    """A word that is read as this word again; any other ("or", "a*b") in quotation marks."""
    found, _ = tokens(text)
    alone = [token.kind for token in found] == [Kind.WORD] and word_nodes(text, TextField.ANYWHERE)[0] == [Word(text)]
    return text if alone else f'"{text}"'


def _fielded(field: TextField, text: str) -> str:
    return f"{field.value}:{text}" if field else text
