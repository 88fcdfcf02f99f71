"""What a query becomes for one snapshot: a tree that gives, segment by segment, matching documents and their scores.

Documents of a segment are always ascending int32 arrays. Matching comes first; only what matched (and, under a sort by
date, only what is shown) is ever scored. Scores are Whoosh's: BM25F of each term, added up.
"""

import abc
from collections.abc import Sequence

import numpy as np

from archive.search.backends.shape import K1
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Postings
from archive.search.backends.whoosh.snapshot import Part, Snapshot

_SPARSE = 16
"""From this ratio on, looking few documents up in many beats marking all of the many."""
NONE = np.zeros(0, np.int32)


def common(few: Array, many: Array, count: int) -> Array:
    """The documents that are in both, of a segment of `count`."""
    if len(few) > len(many):
        few, many = many, few
    if not len(few):
        return few
    return few.compress(member(few, many, count))


def member(docs: Array, of: Array, count: int) -> Array:
    """For each document whether it is among the others."""
    if not len(of):
        return np.zeros(len(docs), bool)
    if len(docs) * _SPARSE < len(of):
        index = np.searchsorted(of, docs)
        index[index == len(of)] = 0
        result: Array = of[index] == docs
        return result
    return marked(of, count).take(docs)


def marked(docs: Array, count: int) -> Array:
    """True by document of a segment of `count` that is one of these."""
    mask = np.zeros(count, bool)
    # numpy takes thrice as long to go by smaller integers than its own.
    mask[docs.astype(np.int64)] = True
    return mask


def united(many: Sequence[Array], count: int) -> Array:
    """All documents of several arrays, each once; these need not ascend."""
    filled = [docs for docs in many if len(docs)]
    if not filled:
        return NONE
    whole = np.concatenate(filled)
    if len(whole) * _SPARSE < count:
        return distinct(whole)
    return np.flatnonzero(marked(whole, count)).astype(np.int32)


def distinct(values: Array) -> Array:
    """The values in order, each once: what `np.unique` gives, which takes forty times as long since it hashes."""
    values = np.sort(values, kind="stable")
    fresh = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values.compress(fresh)


class Plan(abc.ABC):
    """One node of the tree."""

    scores = True
    """Whether a match adds to the score."""

    def __init__(self) -> None:
        self._found: dict[int, Array] = {}

    def docs(self, part: Part) -> Array:
        """The matching documents, deleted ones possibly among them."""
        found = self._found.get(part.index)
        if found is None:
            found = self._found[part.index] = self._docs(part)
        return found

    @abc.abstractmethod
    def _docs(self, part: Part) -> Array: ...

    def inside(self, part: Part, docs: Array) -> Array:
        """For each of the documents whether it matches; for few documents without working out all that match."""
        return member(docs, self.docs(part), part.count)

    def keep(self, part: Part, docs: Array) -> Array:
        """Those of the documents that match."""
        return docs.compress(self.inside(part, docs))

    def add(self, part: Part, docs: Array, scores: Array) -> None:  # noqa: B027 - filters add nothing
        """Add to the scores (float32, one a document) of those documents that match."""

    def add_to_all(self, part: Part, dense: Array) -> None:
        """Add the score of every match to an array of a score for each document of the segment."""
        docs = self.docs(part)
        scores = np.zeros(len(docs), np.float32)
        self.add(part, docs, scores)
        np.add.at(dense, docs, scores)

    @abc.abstractmethod
    def size(self, part: Part) -> int:
        """At most so many documents match, roughly: the order in which an And asks its parts."""


class Every(Plan):
    scores = False

    def _docs(self, part: Part) -> Array:
        return part.every

    def keep(self, part: Part, docs: Array) -> Array:
        return docs

    def size(self, part: Part) -> int:
        return part.count


class Never(Plan):
    scores = False

    def _docs(self, part: Part) -> Array:
        return NONE

    def size(self, part: Part) -> int:
        return 0


class Run:
    """Terms [first, end) of one field in one segment, and where their postings lie."""

    __slots__ = ("end", "field", "first", "postings", "single", "span")

    def __init__(self, field: str, postings: Postings, first: int, end: int) -> None:
        self.field, self.postings, self.first, self.end = field, postings, first, end
        self.single = end == first + 1
        self.span = int(postings.starts[first]), int(postings.starts[end])


class Terms(Plan):
    """Terms that stand for one and the same word (or prefix, or misspelling) of the query: they share one idf."""

    def __init__(self, snapshot: Snapshot, runs: dict[int, list[Run]], boost: float) -> None:
        super().__init__()
        self._snapshot, self._runs = snapshot, runs
        count = sum(end - start for found in runs.values() for start, end in (run.span for run in found))
        self._factor = np.float32(boost * snapshot.idf(count) * (K1 + 1))

    def runs(self, part: Part) -> list[Run]:
        return self._runs.get(part.index, [])

    def _docs(self, part: Part) -> Array:
        found = self.runs(part)
        slices = [run.postings.docs[slice(*run.span)] for run in found]
        if len(slices) == 1 and found[0].single:
            return slices[0]
        return united(slices, part.count)

    def size(self, part: Part) -> int:
        return sum(end - start for start, end in (run.span for run in self.runs(part)))

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        for run in self.runs(part):
            start, end = run.span
            among = run.postings.docs[start:end]
            if run.single and len(docs) * _SPARSE < max(len(among), part.count // 4):
                index = np.searchsorted(among, docs)
                index[index == len(among)] = 0
                hit = np.flatnonzero(among[index] == docs)
                scores[hit] += self._scored(part, run, start + index[hit])
            elif run.single and len(docs) == len(among) and docs is self._found.get(part.index):
                scores += self._scored(part, run, slice(start, end))
            elif run.single and len(among) * _SPARSE < len(docs):
                index = np.searchsorted(docs, among)
                index[index == len(docs)] = 0
                hit = np.flatnonzero(docs[index] == among)
                scores[index[hit]] += self._scored(part, run, start + hit)
            else:
                dense = np.zeros(part.count, np.float32)
                self._add_run(part, run, dense)
                scores += dense.take(docs)

    def inside(self, part: Part, docs: Array) -> Array:
        runs = self.runs(part)
        if part.index in self._found or len(runs) > 4 or not all(run.single for run in runs):
            return super().inside(part, docs)
        found = np.zeros(len(docs), bool)
        for run in runs:
            found |= member(docs, run.postings.docs[slice(*run.span)], part.count)
        return found

    def add_to_all(self, part: Part, dense: Array) -> None:
        for run in self.runs(part):
            self._add_run(part, run, dense)

    def _add_run(self, part: Part, run: Run, dense: Array) -> None:
        span = slice(*run.span)
        among, scored = run.postings.docs[span], self._scored(part, run, span)
        if run.single:
            np.add.at(dense, among, scored)
        else:
            dense += np.bincount(among, scored, part.count)

    def _scored(self, part: Part, run: Run, which: Array | slice) -> Array:
        """Whoosh's BM25F of these postings of a run."""
        assert run.postings.weights is not None
        weights: Array = run.postings.weights[which].astype(np.float32)
        norms = self._snapshot.norms(run.field).take(part.columns.lengths[run.field].take(run.postings.docs[which]))
        norms += weights
        weights /= norms
        weights *= self._factor
        return weights


class All(Plan):
    """Documents that every part matches."""

    def __init__(self, parts: Sequence[Plan]) -> None:
        super().__init__()
        self._parts = parts
        self.scores = any(plan.scores for plan in parts)

    def _docs(self, part: Part) -> Array:
        # An exclusion is a large set, so it is asked last, and then only about what is left.
        first, *others = sorted(self._parts, key=lambda plan: plan.size(part))
        docs = first.docs(part)
        for plan in others:
            if not len(docs):
                break
            docs = plan.keep(part, docs)
        return docs

    def size(self, part: Part) -> int:
        return min(plan.size(part) for plan in self._parts)

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        own = self.docs(part)
        inside = None if docs is own else member(docs, own, part.count)
        if inside is None or inside.all():
            for plan in self._parts:
                if plan.scores:
                    plan.add(part, docs, scores)
        else:
            some = np.zeros(int(inside.sum()), np.float32)
            for plan in self._parts:
                if plan.scores:
                    plan.add(part, docs.compress(inside), some)
            scores[inside] += some


class Any(Plan):
    """Documents that at least one part matches."""

    def __init__(self, parts: Sequence[Plan]) -> None:
        super().__init__()
        self.parts = parts
        self.scores = any(plan.scores for plan in parts)

    def _docs(self, part: Part) -> Array:
        found = [docs for plan in self.parts if len(docs := plan.docs(part))]
        return found[0] if len(found) == 1 else united(found, part.count)

    def size(self, part: Part) -> int:
        return min(part.count, sum(plan.size(part) for plan in self.parts))

    def inside(self, part: Part, docs: Array) -> Array:
        if part.index in self._found:
            return super().inside(part, docs)
        found = np.zeros(len(docs), bool)
        for plan in self.parts:
            found |= plan.inside(part, docs)
        return found

    def add(self, part: Part, docs: Array, scores: Array) -> None:
        scoring = [plan for plan in self.parts if plan.scores]
        if len(docs) * _SPARSE < max(sum(plan.size(part) for plan in scoring), part.count // 4):
            for plan in scoring:
                plan.add(part, docs, scores)
        else:
            dense = np.zeros(part.count, np.float32)
            self.add_to_all(part, dense)
            scores += dense.take(docs)

    def add_to_all(self, part: Part, dense: Array) -> None:
        for plan in self.parts:
            if plan.scores:
                plan.add_to_all(part, dense)


class Without(Plan):
    """All documents but those that match."""

    scores = False

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def _docs(self, part: Part) -> Array:
        return self.keep(part, part.every)

    def inside(self, part: Part, docs: Array) -> Array:
        return ~self._plan.inside(part, docs)

    def size(self, part: Part) -> int:
        return part.count


class Values(Plan):
    """Documents with at least one of the values in a keyword field; "" stands for having none."""

    scores = False

    def __init__(self, field: str, values: Sequence[str]) -> None:
        super().__init__()
        self._field, self._values = field, [value.encode("utf-8", "surrogatepass") for value in dict.fromkeys(values)]

    def _docs(self, part: Part) -> Array:
        postings = part.columns.postings[self._field]
        found = []
        for value in self._values:
            if not value:
                starts, _ = part.columns.values[self._field]
                found.append(np.flatnonzero(np.diff(starts) == 0).astype(np.int32))
            elif (number := postings.terms.find(value)) >= 0:
                found.append(postings.docs[int(postings.starts[number]) : int(postings.starts[number + 1])])
        return found[0] if len(found) == 1 else united(found, part.count)

    def size(self, part: Part) -> int:
        return len(self.docs(part))


class Between(Plan):
    """Documents whose number in a column (days, months) lies in one of the ranges [first, last]."""

    scores = False

    def __init__(self, column: str, ranges: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self._column, self._ranges = column, ranges

    def _docs(self, part: Part) -> Array:
        return np.flatnonzero(self._matches(getattr(part.columns, self._column))).astype(np.int32)

    def inside(self, part: Part, docs: Array) -> Array:
        return self._matches(getattr(part.columns, self._column).take(docs))

    def _matches(self, numbers: Array) -> Array:
        found = np.zeros(len(numbers), bool)
        for first, last in self._ranges:
            found |= (numbers >= first) & (numbers <= last)
        return found

    def size(self, part: Part) -> int:
        return part.count
