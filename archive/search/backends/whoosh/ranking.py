"""The page that is shown, out of everything that matched: only what can be on it is ever put in order."""

from collections.abc import Sequence

import numpy as np

from archive.search.backends.shape import UNKNOWN_MOMENT
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.plan import Plan
from archive.search.backends.whoosh.snapshot import Part, Snapshot
from archive.search.query import Sort
from archive.search.results import Hit

_LAST = np.iinfo(np.int64).max


def page(
    snapshot: Snapshot, plan: Plan, docs: Sequence[Array], *, sort: Sort, offset: int, limit: int
) -> tuple[Hit, ...]:
    """Hits [offset, offset + limit) of the documents of each segment.

    Equal scores are shown newest first, equal moments by descending id; unknown dates come last in both orders of date.
    A query that scores nothing (filters only) is shown newest first.
    """
    total = sum(map(len, docs))
    end = min(offset + limit, total)
    if offset < 0 or end <= offset:
        return ()
    by_score = sort is Sort.RELEVANCE and plan.scores
    if by_score:
        keys = [-_scores(plan, part, found) for part, found in zip(snapshot.parts, docs, strict=True)]
    else:
        keys = [_ages(part.columns.moments[found], sort) for part, found in zip(snapshot.parts, docs, strict=True)]
    key = keys[0] if len(keys) == 1 else np.concatenate(keys)
    candidates, before = _candidates(key, offset, end)
    which, docnums = _located(candidates, docs)
    moments, ids = np.empty(len(candidates), np.int64), np.empty(len(candidates), np.int64)
    for index, part in enumerate(snapshot.parts):
        here = which == index
        moments[here], ids[here] = part.columns.moments[docnums[here]], part.columns.ids[docnums[here]]
    ascending = sort is Sort.OLDEST
    order = np.lexsort((ids if ascending else -ids, _ages(moments, sort), key[candidates]))
    shown = order[offset - before : end - before]
    scores = -key[candidates[shown]] if by_score else _few_scores(snapshot, plan, which[shown], docnums[shown])
    return tuple(Hit(number, score) for number, score in zip(ids[shown].tolist(), scores.tolist(), strict=True))


def _candidates(key: Array, offset: int, end: int) -> tuple[Array, int]:
    """Positions of all keys that can be in [offset, end) of their order, and how many keys come before all of these."""
    if end == len(key) and not offset:
        return np.arange(len(key)), 0
    if not offset:
        return np.flatnonzero(key <= np.partition(key, end - 1)[end - 1]), 0
    first, last = np.partition(key, (offset, end - 1))[[offset, end - 1]]
    return np.flatnonzero((key >= first) & (key <= last)), int((key < first).sum())


def _ages(moments: Array, sort: Sort) -> Array:
    """A key that ascends in the order shown."""
    unknown = moments == UNKNOWN_MOMENT
    return np.where(unknown, _LAST, moments if sort is Sort.OLDEST else -moments)


def _scores(plan: Plan, part: Part, docs: Array) -> Array:
    scores = np.zeros(len(docs), np.float32)
    if len(docs):
        plan.add(part, docs, scores)
    return scores


def _located(candidates: Array, docs: Sequence[Array]) -> tuple[Array, Array]:
    """(segment, document) of positions in the concatenation of all segments' documents."""
    if len(docs) == 1:
        return np.zeros(len(candidates), np.int64), docs[0].take(candidates)
    bases = np.cumsum([0, *map(len, docs)])
    which = np.searchsorted(bases, candidates, side="right") - 1
    docnums = np.empty(len(candidates), np.int64)
    for index, found in enumerate(docs):
        here = which == index
        docnums[here] = found[candidates[here] - bases[index]]
    return which, docnums


def _few_scores(snapshot: Snapshot, plan: Plan, which: Array, docnums: Array) -> Array:
    """Scores of the hits of a page, when they were not needed to find them."""
    scores = np.zeros(len(which), np.float32)
    if plan.scores:
        for index, part in enumerate(snapshot.parts):
            here = np.flatnonzero(which == index)
            here = here[np.argsort(docnums[here])]
            scores[here] = _scores(plan, part, docnums[here].astype(np.int32))
    return scores
