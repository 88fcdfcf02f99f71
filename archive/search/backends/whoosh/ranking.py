"""The page that is shown, out of everything that matched: only what can be on it is ever put in order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from archive.search.backends.shape import FRESHNESS, HALF_LIFE, UNKNOWN_MOMENT
from archive.search.backends.whoosh import collapsing
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.plan import NONE, Plan, marked
from archive.search.backends.whoosh.snapshot import Part, Snapshot
from archive.search.query import Sort
from archive.search.results import Hit

_LAST = np.iinfo(np.int64).max
_BLOCK = 64
_BY_SCORE = (Sort.RELEVANCE, Sort.FRESH)
_FRESHNESS = np.float32(FRESHNESS)


@dataclass(frozen=True, slots=True)
class Page:
    """See `ResultPage`."""

    hits: tuple[Hit, ...]
    stories: int
    next: str = ""


def page(
    snapshot: Snapshot,
    plan: Plan,
    docs: Sequence[Array],
    *,
    sort: Sort,
    offset: int,
    limit: int,
    collapse: bool = False,
    after: str = "",
) -> Page:
    """Hits [offset, offset + limit) of the documents of each segment; see `SearchBackend.search`.

    Equal scores are shown newest first, equal moments by descending id; unknown dates come last in both orders of date.
    A query that scores nothing (filters only) is shown newest first.
    """
    total = sum(map(len, docs))
    if not total or (limit <= 0 and not collapse):
        return Page((), total)
    by_score = plan.scores and sort in _BY_SCORE
    begin = None if by_score else _read(after)
    if not (by_score or collapse or begin) and sort is not Sort.OLDEST:
        docs = [_newest(part, found, offset + limit) for part, found in zip(snapshot.parts, docs, strict=True)]
    ranked = _Ranked(snapshot, plan, docs, sort)
    groups = collapsing.groups(ranked.families(), ranked.ordered) if collapse else None
    stories = total - len(groups.hidden) if groups else total
    offset, end = max(offset, 0), min(offset + limit, stories)
    if end <= offset:
        return Page((), stories)
    left = None
    if groups and len(groups.hidden):
        left = np.ones(total, bool)
        left[groups.hidden] = False
    if begin is not None:
        beyond = ranked.beyond(*begin)
        left = beyond if left is None else left & beyond
    among = None if left is None else np.flatnonzero(left)
    key = ranked.key if among is None else ranked.key[among]
    end = min(end, len(key))
    if end <= offset:
        return Page((), stories)
    candidates, before = _candidates(key, offset, end)
    if among is not None:
        candidates = among[candidates]
    shown = ranked.ordered(candidates)[offset - before : end - before]
    others = groups.others(shown, ranked.ids) if groups else [()] * len(shown)
    found = zip(ranked.ids(shown).tolist(), ranked.scores(shown).tolist(), others, strict=True)
    last = "" if by_score or end == stories or (begin and end == len(key)) else ranked.written(shown[-1:])
    return Page(tuple(Hit(*hit) for hit in found), stories, last)


def _newest(part: Part, docs: Array, wanted: int) -> Array:
    """The so many newest of the documents at least, without looking at the dates of all."""
    if len(docs) < _BLOCK * max(wanted, 1):
        return docs
    order, found, start = part.columns.by_date, [NONE], 0
    inside = marked(docs, part.count)
    step = 2 * wanted * part.count // len(docs)
    while start < part.count and sum(map(len, found)) < wanted:
        block = order[start : start + step]
        found.append(block.compress(inside.take(block)))
        start += step
        step *= 4
    return np.sort(np.concatenate(found))


class _Ranked:
    """All matches as positions in the concatenation of the segments' documents, and the key to their order."""

    def __init__(self, snapshot: Snapshot, plan: Plan, docs: Sequence[Array], sort: Sort) -> None:
        self._snapshot, self._plan, self._docs, self._sort = snapshot, plan, docs, sort
        self.by_score = sort in _BY_SCORE and plan.scores
        keys = [self._key(part, found) for part, found in zip(snapshot.parts, docs, strict=True) if len(found)]
        self.key = keys[0] if len(keys) == 1 else np.concatenate(keys)
        self._bases = np.cumsum([0, *map(len, docs)])

    def _key(self, part: Part, docs: Array) -> Array:
        """Ascends in the order shown."""
        if not self.by_score:
            return _ages(part.columns.moments.take(docs), self._sort)
        scores = _scores(self._plan, part, docs)
        if self._sort is Sort.FRESH:
            scores *= _freshness(part.columns.moments.take(docs), self._snapshot.newest)
        return np.negative(scores, out=scores)

    def _column(self, positions: Array, arrays: Sequence[Array]) -> Array:
        """The values of an array by document (one array a segment) at some positions."""
        filled = [index for index, docs in enumerate(self._docs) if len(docs)]
        if len(filled) == 1:
            return arrays[filled[0]].take(self._docs[filled[0]].take(positions))
        result = np.empty(len(positions), arrays[0].dtype)
        which = np.searchsorted(self._bases, positions, side="right") - 1
        for index in filled:
            here = which == index
            result[here] = arrays[index][self._docs[index][positions[here] - self._bases[index]]]
        return result

    def ids(self, positions: Array) -> Array:
        return self._column(positions, [part.columns.ids for part in self._snapshot.parts])

    def moments(self, positions: Array) -> Array:
        return self._column(positions, [part.columns.moments for part in self._snapshot.parts])

    def families(self) -> Array:
        """The family number of every match, -1 for none."""
        pairs = zip(self._snapshot.families, self._docs, strict=True)
        return np.concatenate([numbers.take(docs) for numbers, docs in pairs])

    def ordered(self, positions: Array, first_by: Array | None = None) -> Array:
        """The positions in the order shown; `first_by` groups them before that."""
        ids = self.ids(positions)
        keys = [ids if self._sort is Sort.OLDEST else -ids, _ages(self.moments(positions), self._sort)]
        keys.append(self.key[positions])
        if first_by is not None:
            keys.append(first_by)
        result: Array = positions[np.lexsort(keys)]
        return result

    def scores(self, positions: Array) -> Array:
        """What hits of a page say; worked out only now where they were not needed to find them."""
        if self.by_score:
            return -self.key[positions]
        scores = np.zeros(len(positions), np.float32)
        if self._plan.scores:
            which = np.searchsorted(self._bases, positions, side="right") - 1
            for index, part in enumerate(self._snapshot.parts):
                here = np.flatnonzero(which == index)
                if len(here):
                    docs = self._docs[index][positions[here] - self._bases[index]]
                    order = np.argsort(docs)
                    scores[here[order]] = _scores(self._plan, part, docs[order])
        return scores

    def beyond(self, age: int, number: int) -> Array:
        """True by position that comes behind a hit of this age and id."""
        found: Array = self.key > age
        ties = np.flatnonzero(self.key == age)
        ids = self.ids(ties)
        found[ties] = ids > number if self._sort is Sort.OLDEST else ids < number
        return found

    def written(self, position: Array) -> str:
        """Where the hit at a position stands, for `after`."""
        return f"{int(self.key[position[0]])}.{int(self.ids(position)[0])}"


def _read(after: str) -> tuple[int, int] | None:
    """(age, id) as `_Ranked.written` wrote them; None for anything else."""
    age, _, number = after.partition(".")
    if len(after) > 40 or not age.removeprefix("-").isdecimal() or not number.isdecimal():
        return None
    found = int(age), int(number)
    return found if abs(found[0]) <= _LAST and found[1] <= _LAST else None


def _candidates(key: Array, offset: int, end: int) -> tuple[Array, int]:
    """Positions of all keys that can be in [offset, end) of their order, and how many keys come before all of these."""
    if end == len(key) and not offset:
        return np.arange(len(key)), 0
    if not offset:
        # The best of each block: as many blocks as hits are wanted hold one at least that good.
        best = key[: len(key) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).min(axis=1)
        if len(best) < 2 * end:
            best = key
        return np.flatnonzero(key <= np.partition(best, end - 1)[end - 1]), 0
    first, last = np.partition(key, (offset, end - 1))[[offset, end - 1]]
    return np.flatnonzero((key >= first) & (key <= last)), int((key < first).sum())


def _ages(moments: Array, sort: Sort) -> Array:
    """A key that ascends in the order shown."""
    unknown = moments == UNKNOWN_MOMENT
    return np.where(unknown, _LAST, moments if sort is Sort.OLDEST else -moments)


def _freshness(moments: Array, newest: int) -> Array:
    """What scores are multiplied with; nothing more for what is undated."""
    age = (np.float64(newest) - moments) / HALF_LIFE
    return (1 + _FRESHNESS * np.exp2(-np.maximum(age, 0))).astype(np.float32)


def _scores(plan: Plan, part: Part, docs: Array) -> Array:
    scores = np.zeros(len(docs), np.float32)
    if len(docs):
        plan.add(part, docs, scores)
    return scores
