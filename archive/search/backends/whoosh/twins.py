"""Terms of two fields that stand in exactly the same places. Most words have one form only: what is kept of them in the
field of stems need not be kept again in the field of exact words."""

import numpy as np

from archive.search.backends.shape import STEMS_OF
from archive.search.backends.whoosh.arrays import Array, spread
from archive.search.backends.whoosh.columns import Columns, Postings, Vocabulary

_PIECE = 1_000_000
"""Numbers compared at a time."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Any large odd number spreads what it is multiplied with."""

_Runs = tuple[Array, Array]
"""Values, and where those of each term begin."""


def shared_terms(columns: Columns) -> dict[str, Array]:
    """For each field of exact words the twins of its terms in its field of stems."""
    return {exact: twins(columns.postings[exact], columns.postings[stems]) for exact, stems in STEMS_OF.items()}


def twins(postings: Postings, other: Postings) -> Array:
    """For each term of one text field a term of another with the same documents, weights and places; -1 for none."""
    found = np.full(len(postings.terms), -1, np.int32)
    if not len(found) or not len(other.terms):
        return found
    marks, others = _marks(postings), _marks(other)
    order = np.argsort(others, kind="stable")
    at = np.searchsorted(others, marks, sorter=order)
    at[at == len(order)] = 0
    partners = order[at]
    numbers = np.flatnonzero(others[partners] == marks)
    for left, right in zip(_runs(postings), _runs(other), strict=True):
        numbers = numbers[_alike(left, right, numbers, partners[numbers])]
    found[numbers] = partners[numbers]
    return found


def only(postings: Postings, numbers: Array) -> Postings:
    """The postings of some of the terms of a text field, which ascend."""
    (docs, weights, places), edges = zip(*(_some(runs, numbers) for runs in _runs(postings)), strict=True)
    terms = Vocabulary.of([postings.terms[number] for number in numbers.tolist()])
    return Postings(terms, edges[0], docs, weights, edges[2], places)


def _runs(postings: Postings) -> tuple[_Runs, _Runs, _Runs]:
    assert postings.weights is not None
    assert postings.place_starts is not None
    assert postings.places is not None
    starts = postings.starts
    return (postings.docs, starts), (postings.weights, starts), (postings.places, postings.place_starts)


def _marks(postings: Postings) -> Array:
    """A number by term that is the same for the same postings, and seldom for others."""
    (docs, starts), _, (places, place_starts) = _runs(postings)
    heads, ends = starts[:-1], starts[1:]
    marks = np.zeros(len(heads), np.uint64)
    first, last = places[place_starts[:-1]], places[place_starts[1:] - 1]
    for part in (ends - heads, np.diff(place_starts), docs[heads], docs[ends - 1], first, last):
        marks = marks * _FACTOR + part.astype(np.uint64)
    return marks


def _alike(left: _Runs, right: _Runs, numbers: Array, partners: Array) -> Array:
    """For each pair of terms, whose runs are equally long, whether these hold the same."""
    (values, starts), (others, other_starts) = left, right
    counts = starts[numbers + 1] - starts[numbers]
    cuts = np.searchsorted(np.cumsum(counts), np.arange(_PIECE, int(counts.sum()), _PIECE))
    found = [np.zeros(0, bool)]
    columns = (np.split(column, cuts) for column in (counts, starts[numbers], other_starts[partners]))
    for many, here, there in zip(*columns, strict=True):
        if len(many):
            differ = values[spread(here, many)] != others[spread(there, many)]
            found.append(~np.logical_or.reduceat(differ, np.cumsum(many) - many))
    return np.concatenate(found)


def _some(runs: _Runs, numbers: Array) -> _Runs:
    values, starts = runs
    counts = starts[numbers + 1] - starts[numbers]
    return values[spread(starts[numbers], counts)], np.concatenate(([0], np.cumsum(counts)))
