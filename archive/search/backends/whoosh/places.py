"""Plans that look at where words stand: phrases and neighbourhoods.

An occurrence is one int64: document << 32 | position, so that sorting, searching and adding to a position are plain
array operations and never reach over into the next document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from archive.search.backends.whoosh.arrays import Array, spread
from archive.search.backends.whoosh.plan import NONE, Plan, Terms, common, distinct, marked, member
from archive.search.backends.whoosh.snapshot import Part

_SHIFT = 32


@dataclass(frozen=True, slots=True)
class Spans:
    """Occurrences of something that may be several words long: first and last word of each, by ascending first."""

    first: Array
    last: Array


def documents(occurrences: Array) -> Array:
    """The documents of ascending occurrences, each once."""
    if not len(occurrences):
        return NONE
    docs = (occurrences >> _SHIFT).astype(np.int32)
    fresh = np.ones(len(docs), bool)
    fresh[1:] = docs[1:] != docs[:-1]
    return docs[fresh]


def occurrences(plan: Terms, part: Part, wanted: Array | None) -> Array:
    """Where the terms stand in the wanted documents (a mask of the segment's; None: in all), ascending."""
    found = []
    for run in plan.runs(part):
        postings = run.postings
        assert postings.weights is not None
        assert postings.places is not None
        start, end = run.span
        among = postings.docs[start:end]
        weights = postings.weights[start:end].astype(np.int64)
        places = postings.place_heads(run.first, run.end)
        if wanted is not None:
            inside = np.flatnonzero(wanted.take(among))
            among, weights, places = among.take(inside), weights.take(inside), places.take(inside)
        where = postings.places.take(spread(places, weights)).astype(np.int64)
        found.append((np.repeat(among.astype(np.int64), weights) << _SHIFT) | where)
    if len(found) == 1 and plan.runs(part)[0].single:
        return found[0]
    return distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)


def mask_of(docs: Array, part: Part) -> Array | None:
    """The documents as a mask; None for all there are."""
    if len(docs) == part.count:
        return None
    return marked(docs, part.count)


def _among(keys: Array, of: Array) -> Array:
    """For each key whether it is one of the others, which ascend."""
    if not len(of):
        return np.zeros(len(keys), bool)
    index = np.searchsorted(of, keys)
    index[index == len(of)] = 0
    result: Array = of[index] == keys
    return result


class Placed(Plan):
    """A plan that can say where it matches."""

    def spans(self, part: Part, docs: Array) -> Spans:
        """Its occurrences in these documents."""
        raise NotImplementedError

    def all_docs(self, part: Part) -> Array:
        """A superset of its documents that is quick to get."""
        raise NotImplementedError


class Single(Placed):
    """One word, wherever it stands."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._terms = terms

    def _docs(self, part: Part) -> Array:
        return self._terms.docs(part)

    def size(self, part: Part) -> int:
        return self._terms.size(part)

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        self._terms.add(part, docs, scores)

    def inside(self, part: Part, docs: Array) -> Array:
        return self._terms.inside(part, docs)

    def add_to_all(self, part: Part, dense: Array) -> None:
        self._terms.add_to_all(part, dense)

    def all_docs(self, part: Part) -> Array:
        return self._terms.docs(part)

    def spans(self, part: Part, docs: Array) -> Spans:
        found = occurrences(self._terms, part, mask_of(docs, part))
        return Spans(found, found)


class Either(Placed):
    """Several ways to write one thing."""

    def __init__(self, ways: Sequence[Placed]) -> None:
        super().__init__()
        self._ways = ways

    def _docs(self, part: Part) -> Array:
        return united_docs([way.docs(part) for way in self._ways])

    def all_docs(self, part: Part) -> Array:
        return united_docs([way.all_docs(part) for way in self._ways])

    def size(self, part: Part) -> int:
        return sum(way.size(part) for way in self._ways)

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        for way in self._ways:
            way.add(part, docs, scores)

    def spans(self, part: Part, docs: Array) -> Spans:
        if not self._ways:
            return Spans(np.zeros(0, np.int64), np.zeros(0, np.int64))
        found = [way.spans(part, docs) for way in self._ways]
        first = np.concatenate([spans.first for spans in found])
        order = np.argsort(first, kind="stable")
        return Spans(first[order], np.concatenate([spans.last for spans in found])[order])


def united_docs(many: Sequence[Array]) -> Array:
    """All documents of a few ascending arrays, each once."""
    filled = [docs for docs in many if len(docs)]
    if len(filled) <= 1:
        return filled[0] if filled else NONE
    return distinct(np.concatenate(filled))


class Phrase(Placed):
    """Words in order, with at most `slop` other words in between altogether."""

    def __init__(self, words: Sequence[Terms], slop: int) -> None:
        super().__init__()
        self._words, self._slop = words, slop
        self._with_all: dict[int, Array] = {}

    def all_docs(self, part: Part) -> Array:
        """The documents with all of the words."""
        found = self._with_all.get(part.index)
        if found is None:
            found = self._with_all[part.index] = self._all_words(part)
        return found

    def _all_words(self, part: Part) -> Array:
        first, *others = sorted(self._words, key=lambda word: word.size(part))
        docs = first.docs(part)
        for word in others:
            if not len(docs):
                break
            docs = common(docs, word.docs(part), part.count)
        return docs

    def _docs(self, part: Part) -> Array:
        return documents(self.spans(part, self.all_docs(part)).first)

    def size(self, part: Part) -> int:
        return min(word.size(part) for word in self._words)

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        inside = member(docs, self.docs(part), part.count)
        whole = bool(inside.all())
        some = scores if whole else np.zeros(int(inside.sum()), np.float32)
        for word in self._words:
            word.add(part, docs if whole else docs.compress(inside), some)
        if not whole:
            scores[inside] += some

    def spans(self, part: Part, docs: Array) -> Spans:
        if docs is not (candidates := self.all_docs(part)):
            docs = common(docs, candidates, part.count)
        if not len(docs):
            nothing = np.zeros(0, np.int64)
            return Spans(nothing, nothing)
        mask = mask_of(docs, part)
        keys = [occurrences(word, part, mask) for word in self._words]
        return self._loose(keys) if self._slop else self._strict(keys)

    @staticmethod
    def _strict(keys: list[Array]) -> Spans:
        rarest = min(range(len(keys)), key=lambda index: len(keys[index]))
        first = keys[rarest] - rarest
        for index, found in enumerate(keys):
            if index != rarest:
                first = first[_among(first + index, found)]
        return Spans(first, first + (len(keys) - 1))

    def _loose(self, keys: list[Array]) -> Spans:
        """From each first word on, always the next possible one: no other choice ends earlier."""
        first = last = keys[0]
        for found in keys[1:]:
            index = np.searchsorted(found, last, side="right")
            inside = index < len(found)
            first, last, index = first[inside], last[inside], index[inside]
            near = found[index]
            inside = near - last <= self._slop + 1
            first, last = first[inside], near[inside]
        fits = last - first - (len(keys) - 1) <= self._slop
        return Spans(first[fits], last[fits])


class Near(Plan):
    """Two things within `distance` words of each other, in either order, without overlapping."""

    def __init__(self, left: Placed, right: Placed, distance: int) -> None:
        super().__init__()
        self._left, self._right, self._distance = left, right, distance

    def _docs(self, part: Part) -> Array:
        docs = common(self._left.all_docs(part), self._right.all_docs(part), part.count)
        if not len(docs):
            return NONE
        left, right = self._left.spans(part, docs), self._right.spans(part, docs)
        followed = self._followed(left, right.first)
        # The other order, seen from the right.
        after = self._followed(right, left.first)
        return united_docs([documents(left.first[followed]), documents(right.first[after])])

    def _followed(self, spans: Spans, starts: Array) -> Array:
        """For each span whether one of the starts (ascending) comes within the distance behind its last word."""
        index = np.searchsorted(starts, spans.last, side="right")
        beyond = index == len(starts)
        index[beyond] = 0
        if not len(starts):
            return np.zeros(len(spans.last), bool)
        result: Array = ~beyond & (starts[index] - spans.last <= self._distance)
        return result

    def size(self, part: Part) -> int:
        return min(self._left.size(part), self._right.size(part))

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        inside = member(docs, self.docs(part), part.count)
        some = np.zeros(int(inside.sum()), np.float32)
        for side in (self._left, self._right):
            side.add(part, docs.compress(inside), some)
        scores[inside] += some
