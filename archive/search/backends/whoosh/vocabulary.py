"""Words of the index by their beginning, for autocompletion and did-you-mean."""

from collections import Counter

import numpy as np

from archive.search.backends.shape import EXACT
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Postings
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.query import TextField

_FIELD = EXACT[TextField.ANYWHERE]
_CANDIDATES = 50
"""How many times the limit each segment proposes: a word that is frequent in all is frequent in some."""


def suggestions(
    snapshot: Snapshot, prefix: str, limit: int, hidden_sources: frozenset[str] = frozenset()
) -> list[tuple[str, int]]:
    """(word, documents) that start so, most frequent first; deleted and hidden documents are not counted."""
    counted: list[tuple[Postings, int, Array]] = []
    proposed: set[bytes] = set()
    for part, (postings, (first, end)) in zip(snapshot.parts, snapshot.prefixed(_FIELD, prefix), strict=True):
        if first < end:
            counts = _documents(postings, first, end, part.shown(hidden_sources))
            counted.append((postings, first, counts))
            many = limit * _CANDIDATES
            best = np.argpartition(-counts, many)[:many] if len(counts) > many else np.arange(len(counts))
            proposed.update(postings.terms[first + number] for number in best[counts[best] > 0].tolist())
    found: Counter[bytes] = Counter()
    for postings, first, counts in counted:
        for term in proposed:
            if (number := postings.terms.find(term)) >= 0:
                found[term] += int(counts[number - first])
    best_first = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(term.decode(), number) for term, number in best_first[:limit]]


def _documents(postings: Postings, first: int, end: int, shown: Array | None) -> Array:
    """In how many of the documents shown each of the terms [first, end) stands."""
    edges = postings.starts[first : end + 1]
    if shown is None:
        return np.diff(edges)
    among = shown[postings.docs[int(edges[0]) : int(edges[-1])]]
    # No term is without postings, which `reduceat` would take for one.
    return np.add.reduceat(among, edges[:-1] - edges[0], dtype=np.int64)
