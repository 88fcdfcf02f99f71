"""The contract in its plainest form: every document looked at for every query. An oracle for tests, never shipped."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import ClassVar

import snowballstemmer

from archive.search.backends.base import FACETS, Capabilities, Filter, SearchBackend
from archive.search.documents import IndexDocument
from archive.search.query import (
    And,
    Dated,
    Everything,
    Fuzzy,
    Keyword,
    KeywordIn,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Sort,
    TextField,
    Word,
    leaves,
)
from archive.search.results import Facet, FacetValue, Hit, ResultPage
from archive.text import fold

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_INNER = re.compile(r"(?<=\w)['’.&-](?=\w)|(?<=\w)['’]s\b")
_STEMMER = snowballstemmer.stemmer("porter")
_DISTANT_PAST, _DISTANT_FUTURE = date.min, date.max
_KEYWORDS = {
    Keyword.SOURCE: "source",
    Keyword.SECTION: "section",
    Keyword.LANGUAGE: "language",
    Keyword.PERSON: "people",
    Keyword.ORGANISATION: "organisations",
    Keyword.PLACE: "places",
    Keyword.SPEAKER: "speakers",
    Keyword.FLAG: "flags",
}


@cache
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; characters of unspaced scripts one by one."""
    return tuple(_WORD.findall(fold(text)))


@cache
def joined(text: str) -> frozenset[str]:
    """What words with inner marks are without them: "O'Brien" is "obrien", "U.S." is "us"."""
    return frozenset(words(_INNER.sub("", text))) - frozenset(words(text))


@cache
def stem(word: str) -> str:
    return str(_STEMMER.stemWord(word)) if word.isascii() else word


class ReferenceBackend(SearchBackend):
    capabilities: ClassVar[Capabilities] = Capabilities(
        fuzzy=True, near=True, exact_words=True, many_writers=False, facets=FACETS
    )

    def __init__(self) -> None:
        self._documents: dict[int, IndexDocument] = {}
        self._generation = 0

    def search(
        self,
        root: Node,
        *,
        filters: tuple[Filter, ...] = (),
        among: frozenset[int] | None = None,
        hidden_sources: frozenset[str] = frozenset(),
        sort: Sort = Sort.RELEVANCE,
        offset: int = 0,
        limit: int = 20,
        facets: tuple[str, ...] = (),
        facet_limit: int = 20,
        collapse: bool = False,
        after: str = "",
    ) -> ResultPage:
        matching = [
            one
            for one in self._documents.values()
            if one.source not in hidden_sources and (among is None or one.id in among) and _matches(root, one)
        ]
        found = [one for one in matching if all(_passes(entry, one) for entry in filters)]
        scores = {one.id: float(_occurrences(root, one)) for one in found}
        by_score = sort in (Sort.RELEVANCE, Sort.FRESH) and any(scores.values())
        if sort is Sort.FRESH:
            newest = max((one.published_at for one in self._documents.values() if one.published_at), default=None)
            scores = {one.id: scores[one.id] * _freshness(one, newest) for one in found}
        if by_score:
            found.sort(key=lambda one: (-scores[one.id], *_age(one, Sort.NEWEST)))
        else:
            found.sort(key=lambda one: _age(one, sort))
        counted = tuple(
            _count(
                name, [one for one in matching if all(_passes(e, one) for e in filters if e.facet != name)], facet_limit
            )
            for name in facets
        )
        families: dict[int, list[int]] = {}
        for one in found:
            families.setdefault(one.family or -one.id if collapse else one.id, []).append(one.id)
        stories = [(group[0], tuple(group[1:])) for group in families.values()]
        ages = {one.id: _age(one, sort) for one in found}
        if after and not by_score:
            stories = [story for story in stories if ages[story[0]] > _written(after)]
        page = stories[max(offset, 0) : offset + limit]
        more = page and not by_score and page[-1] != stories[-1]
        return ResultPage(
            len(found),
            tuple(Hit(number, scores[number], others) for number, others in page),
            counted,
            self.generation(),
            len(families),
            json.dumps(ages[page[-1][0]]) if more else "",
        )

    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = (), version: int = 0) -> None:
        for number in deleted:
            self._documents.pop(number, None)
        self._documents.update({one.id: one for one in documents})
        self._generation += 1

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], version: int = 0, after: int = 0) -> int:
        self._documents = {one.id: one for one in documents()}
        self._generation += 1
        return len(self._documents)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        return iter([(one.id, one.content_hash) for one in self._documents.values()])

    def suggest_terms(
        self, prefix: str, limit: int = 10, *, hidden_sources: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for one in self._documents.values():
            if one.source in hidden_sources:
                continue
            counts.update({word for word in words(one.body) if word.startswith(fold(prefix))})
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def matched_forms(self, root: Node, among: frozenset[int] | None = None) -> dict[str, set[str]]:
        forms: dict[str, set[str]] = {}
        every = {word for one in self._documents.values() for word in (*words(one.title), *words(one.body))}
        for leaf in leaves(_without_exclusions(root)):
            field = getattr(leaf, "field", None)
            for place in ("title", "body") if field is TextField.ANYWHERE else (field,):
                if isinstance(place, str):
                    forms.setdefault(str(place), set()).update(_forms(leaf, every))
        return forms

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        found = []
        for match in _WORD.finditer(text):
            word = fold(match[0])
            found += [(form, *match.span()) for form in dict.fromkeys((word, stem(word)))]
        return found

    def generation(self) -> str:
        return str(self._generation)

    def count(self) -> int:
        return len(self._documents)


def _without_exclusions(node: Node) -> Node:
    match node:
        case And(parts) | Or(parts):
            return Or(tuple(_without_exclusions(part) for part in parts))
        case Not():
            return Nothing()
    return node


def _forms(leaf: Node, every: set[str]) -> set[str]:
    match leaf:
        case Word(text, _, True):
            return set(words(text))
        case Word(text):
            return {form for word in words(text) for form in (word, stem(word))}
        case Phrase(typed):
            return {form for text in typed for word in words(text) for form in (word, stem(word))}
        case Near(left, right):
            return _forms(left, every) | _forms(right, every)
        case Prefix(text):
            return {word for word in every if word.startswith(fold(text))}
        case Fuzzy(text, distance):
            return {word for word in every if _distance(fold(text), word) <= distance}
    return set()


def _texts(field: TextField, one: IndexDocument) -> tuple[str, ...]:
    if field is TextField.ANYWHERE:
        return one.title, one.body
    return (getattr(one, field.value),)


def _matches(node: Node, one: IndexDocument) -> bool:
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case And(parts):
            return all(_matches(part, one) for part in parts)
        case Or(parts):
            return any(_matches(part, one) for part in parts)
        case Not(part):
            return not _matches(part, one)
        case KeywordIn(field, values):
            held = getattr(one, _KEYWORDS[field])
            return bool(set(values) & set((held,) if isinstance(held, str) else held))
        case Dated(start, end):
            day = one.published_on
            return day is not None and (start or _DISTANT_PAST) <= day <= (end or _DISTANT_FUTURE)
        case Near(left, right, distance, field):
            return any(
                _near(_spans(left, text, one), _spans(right, text, one), distance) for text in _texts(field, one)
            )
        case Word(field=field) | Phrase(field=field) | Prefix(field=field) | Fuzzy(field=field):
            return any(_spans(node, text, one) for text in _texts(field, one))
    raise TypeError(f"{node!r} is no resolved query")


def _near(left: list[tuple[int, int]], right: list[tuple[int, int]], distance: int) -> bool:
    return any(0 < b[0] - a[1] <= distance or 0 < a[0] - b[1] <= distance for a in left for b in right)


def _spans(node: Node, text: str, one: IndexDocument) -> list[tuple[int, int]]:
    """(first, last) place of every match of a word or phrase in a text."""
    held = words(text)
    stemmed = (not one.language or one.language.startswith("en")) and getattr(node, "field", "") is not TextField.BYLINE

    def same(a: str, b: str) -> bool:
        return a == b or (stemmed and stem(a) == stem(b))

    match node:
        case Prefix(start):
            return [(n, n) for n, word in enumerate(held) if word.startswith(fold(start))]
        case Fuzzy(typed, distance):
            return [(n, n) for n, word in enumerate(held) if _distance(fold(typed), word) <= distance]
        case Word(typed, _, exact):
            wanted = words(typed)
            spelt = joined(typed) or (frozenset(wanted) if len(wanted) == 1 else frozenset())
            if spelt & (joined(text) | (frozenset(held) if joined(typed) else frozenset())):
                return [(0, 0)]
            test = str.__eq__ if exact else same
            ends = len(held) - len(wanted) + 1
            return [(n, n + len(wanted) - 1) for n in range(ends) if wanted and all(map(test, wanted, held[n:]))]
        case Phrase(typed_words, slop):
            wanted = tuple(word for typed in typed_words for word in words(typed))
            return list(_sequences(wanted, slop, held, same))
    return []


def _sequences(
    wanted: tuple[str, ...], slop: int, held: tuple[str, ...], same: Callable[[str, str], bool]
) -> Iterator[tuple[int, int]]:
    def grow(first: int, last: int, left: int, rest: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        if not rest:
            yield first, last
            return
        for gap in range(left + 1):
            place = last + 1 + gap
            if place < len(held) and same(rest[0], held[place]):
                yield from grow(first, place, left - gap, rest[1:])

    for first, word in enumerate(held):
        if wanted and same(wanted[0], word):
            yield from grow(first, first, slop, wanted[1:])


def _occurrences(node: Node, one: IndexDocument) -> int:
    match node:
        case And(parts) | Or(parts):
            return sum(_occurrences(part, one) for part in parts)
        case Word(field=field) | Phrase(field=field) | Prefix(field=field) | Fuzzy(field=field):
            return sum(len(_spans(node, text, one)) for text in _texts(field, one))
        case Near():
            return int(_matches(node, one))
    return 0


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, char in enumerate(one, start=1):
        corner, row[0] = row[0], number
        for place, letter in enumerate(other, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (char != letter))
    return row[-1]


def _age(one: IndexDocument, sort: Sort) -> tuple[bool, float, int]:
    moment = one.published_at or datetime(1, 1, 1, tzinfo=UTC)
    sign = 1 if sort is Sort.OLDEST else -1
    return one.published_at is None, sign * moment.timestamp(), sign * one.id


def _written(after: str) -> tuple[bool, float, int]:
    try:
        unknown, moment, number = json.loads(after)
    except (ValueError, TypeError):
        return False, -math.inf, 0
    return unknown, moment, number


def _freshness(one: IndexDocument, newest: datetime | None) -> float:
    if one.published_at is None or newest is None:
        return 1.0
    return 1 + 0.25 * 2.0 ** (-(newest - one.published_at).days / 365.25)


def _values(facet: str, one: IndexDocument) -> tuple[str, ...]:
    day = one.published_on
    match facet:
        case "person":
            return one.people
        case "organisation":
            return one.organisations
        case "place":
            return one.places
        case "year":
            return (f"{day:%Y}" if day else "",)
        case "month":
            return (f"{day:%Y-%m}" if day else "",)
        case "day":
            return (day.isoformat() if day else "",)
    return (value,) if (value := getattr(one, facet)) else ()


def _passes(entry: Filter, one: IndexDocument) -> bool:
    held = set(_values(entry.facet, one))
    return any(value in held or _in_range(value, entry.facet, one) for value in entry.values) is not entry.exclude


def _in_range(value: str, facet: str, one: IndexDocument) -> bool:
    ends = value.split("..")
    if facet not in ("year", "month", "day") or len(ends) != 2 or one.published_on is None:
        return False
    day = one.published_on.isoformat()
    first, last = sorted(ends) if all(ends) else ends
    return (not first or day[: len(first)] >= first) and (not last or day[: len(last)] <= last)


def _count(name: str, found: list[IndexDocument], limit: int) -> Facet:
    counts = Counter(value for one in found for value in _values(name, one))
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: None if name in ("month", "day") else limit]
    return Facet(name, tuple(FacetValue(*pair) for pair in best))
