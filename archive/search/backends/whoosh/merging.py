"""Several segments' columns → one, without their deleted documents; and which segments are worth merging."""

from collections.abc import Sequence

import numpy as np
from whoosh.util.numeric import byte_to_length

from archive.search.backends.shape import DAY, KEYWORDS, TEXT_FIELDS
from archive.search.backends.whoosh.arrays import Array, narrow, spread
from archive.search.backends.whoosh.columns import Columns, Postings, Vocabulary

_FIELDS = (*TEXT_FIELDS, *KEYWORDS.values(), DAY)
_BYTE_LENGTHS = np.array([byte_to_length(number) for number in range(256)], np.int64)

_GROWTH = 3
"""A segment is merged with the smaller ones as soon as they are together a third of it: so there are few, and each
document is written a handful of times."""
_PIECE = 500_000
_SMALL = 20
"""Documents of a segment that is always merged: that takes milliseconds, and every segment costs every search some."""
_MOST_POSTINGS = 60_000_000
"""A merge holds its postings in memory; segments that would exceed this stay apart."""


def to_merge(sizes: Sequence[int], postings: Sequence[int], fresh: int) -> list[int]:
    """The positions of the segments to merge with `fresh` new documents, given live documents and postings of each."""
    chosen: list[int] = []
    together, held = fresh, 0
    for position in sorted(range(len(sizes)), key=lambda position: sizes[position]):
        if sizes[position] > max(_GROWTH * together, _SMALL) or held + postings[position] > _MOST_POSTINGS:
            break
        chosen.append(position)
        together += sizes[position]
        held += postings[position]
    return sorted(chosen)


def merge(parts: Sequence[tuple[Columns, Array | None]]) -> Columns:
    """One segment of all documents that are alive: (columns, mask of live documents or None for all) in order."""
    kept = [np.arange(columns.count) if live is None else np.flatnonzero(live) for columns, live in parts]
    numbers: list[Array] = []
    count = 0
    for (columns, _), alive in zip(parts, kept, strict=True):
        number = np.full(columns.count, -1, np.int32)
        number[alive] = np.arange(count, count + len(alive), dtype=np.int32)
        numbers.append(number)
        count += len(alive)
    every = [columns for columns, _ in parts]
    lengths = {
        name: np.concatenate([c.lengths[name][alive] for c, alive in zip(every, kept, strict=True)])
        for name in TEXT_FIELDS
    }
    return Columns(
        count=count,
        ids=np.concatenate([c.ids[alive] for c, alive in zip(every, kept, strict=True)]),
        moments=np.concatenate([c.moments[alive] for c, alive in zip(every, kept, strict=True)]),
        days=np.concatenate([c.days[alive] for c, alive in zip(every, kept, strict=True)]),
        families=np.concatenate([c.families[alive] for c, alive in zip(every, kept, strict=True)]),
        hashes=Vocabulary.of([c.hashes[int(i)] for c, alive in zip(every, kept, strict=True) for i in alive]),
        postings={name: _postings([c.postings[name] for c in every], numbers) for name in _FIELDS},
        lengths=lengths,
        # As Whoosh counts when it merges: from the rounded lengths.
        totals={name: int(_BYTE_LENGTHS[found].sum()) for name, found in lengths.items()},
    )


def _postings(parts: Sequence[Postings], numbers: Sequence[Array]) -> Postings:
    """One field of several segments; `numbers` gives each document's new number, -1 for the deleted."""
    names = sorted(set().union(*(part.terms[:] for part in parts)))
    ranks = {name: rank for rank, name in enumerate(names)}
    terms, docs, weights, starts = [], [], [], []
    for part, number in zip(parts, numbers, strict=True):
        rank = np.fromiter((ranks[name] for name in part.terms[:]), np.int32, len(part.terms))
        new = number[part.docs]
        alive = new >= 0
        terms.append(np.repeat(rank, np.diff(part.starts))[alive])
        docs.append(new[alive])
        if part.weights is not None:
            weights.append(part.weights[alive])
            starts.append(part.place_heads(0, len(part.terms))[alive])
    every_term = np.concatenate(terms)
    order = np.argsort(every_term, kind="stable")
    present, first = np.unique(every_term[order], return_index=True)
    del terms, every_term
    term_starts = np.append(first, len(order)).astype(np.int64)
    vocabulary = Vocabulary.of([names[rank] for rank in present.tolist()])
    merged_docs = np.concatenate(docs)[order]
    if not weights:
        return Postings(vocabulary, term_starts, merged_docs)
    shifts = np.cumsum([0, *(0 if part.places is None else len(part.places) for part in parts)])
    places = np.concatenate([np.zeros(0, np.uint16) if part.places is None else part.places for part in parts])
    source = np.concatenate([start + shift for start, shift in zip(starts, shifts, strict=False)])[order]
    del starts, docs
    weight = np.concatenate(weights)[order]
    place_starts = np.concatenate(([0], np.cumsum(weight, dtype=np.int64)))
    merged_places = np.empty(int(place_starts[-1]), places.dtype)
    # In pieces: the indices are several times as large as what they fetch.
    for start in range(0, len(weight), _PIECE):
        end = min(start + _PIECE, len(weight))
        index = spread(source[start:end], weight[start:end].astype(np.int64))
        merged_places[place_starts[start] : place_starts[end]] = places[index]
    return Postings(
        vocabulary, term_starts, merged_docs, narrow(weight), place_starts[term_starts], narrow(merged_places)
    )
