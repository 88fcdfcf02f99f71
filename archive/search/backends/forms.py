"""Which words of a text a highlighter must mark for a query, in the forms that `SearchBackend.analyse` gives."""

from collections.abc import Iterator
from typing import Protocol

from archive.search import query
from archive.search.backends import analysis
from archive.search.backends.shape import fields_of
from archive.search.query import TextField

_NAMES = {TextField.ANYWHERE: "body"}


class Vocabulary(Protocol):
    """The exact terms of an index."""

    def starting(self, place: TextField, text: str) -> list[str]:
        """The terms of a field that start so, the first of them if they are many."""

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        """The terms of a field within so many insertions, deletions and replacements."""


def says_something(node: query.Node) -> bool:
    """False for a word or phrase of punctuation only."""
    match node:
        case query.Word(text):
            return bool(analysis.alternatives(text))
        case query.Phrase(words):
            return any(analysis.alternatives(word) for word in words)
    return True


def matched_forms(vocabulary: Vocabulary | None, root: query.Node) -> dict[str, set[str]]:
    """Forms by text field: "title", "body", "byline", "said"; what the query excludes is not among them."""
    found: dict[str, set[str]] = {}
    for field, form in _forms(vocabulary, root, None):
        for place, _ in fields_of(field):
            found.setdefault(_NAMES.get(place, place.value), set()).add(form)
    return found


def _forms(vocabulary: Vocabulary | None, node: query.Node, field: TextField | None) -> Iterator[tuple[TextField, str]]:
    """(field, form) of each word below a node; `field` is the one that a Near imposes on its sides."""
    match node:
        case query.And(parts) | query.Or(parts):
            for part in parts:
                yield from _forms(vocabulary, part, field)
        case query.Near(left, right, _, of):
            yield from _forms(vocabulary, left, of)
            yield from _forms(vocabulary, right, of)
        case query.Word(text, of, exact):
            of = of if field is None else field
            for sequence in analysis.alternatives(text):
                yield from ((of, form) for term in sequence for form in _of_word(term, of, exact))
        case query.Phrase(words, _, of):
            of = of if field is None else field
            for word in words:
                for sequence in analysis.alternatives(word, inside_phrase=True):
                    yield from ((of, form) for term in sequence for form in _of_word(term, of, False))
        case query.Prefix(text, of) if vocabulary is not None:
            of = of if field is None else field
            ways = analysis.alternatives(text)
            if ways and len(ways[0]) > 1:
                yield from ((of, term) for term in ways[0])
            else:
                for place, _ in fields_of(of):
                    yield from ((of, term) for term in vocabulary.starting(place, text))
        case query.Fuzzy(text, distance, of) if vocabulary is not None:
            for place, _ in fields_of(of):
                yield from ((of, term) for term in vocabulary.within(place, text, distance))


def _of_word(term: str, field: TextField, exact: bool) -> set[str]:
    return {term} if exact or field is TextField.BYLINE else {term, analysis.stem(term)}
