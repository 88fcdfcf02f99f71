"""Words of the index by their beginning, for autocompletion and did-you-mean."""

from collections import Counter

import numpy as np

from archive.search.backends.whoosh.schema import EXACT
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.query import TextField

_FIELD = EXACT[TextField.ANYWHERE]
_CANDIDATES = 50
"""How many times the limit each segment proposes: a word that is frequent in all is frequent in some."""


def suggestions(snapshot: Snapshot, prefix: str, limit: int) -> list[tuple[str, int]]:
    """(word, documents) that start so, most frequent first; documents deleted since may still be counted."""
    proposed: set[bytes] = set()
    for postings, (first, end) in snapshot.prefixed(_FIELD, prefix):
        counts = np.diff(postings.starts[first : end + 1]) if end > first else np.zeros(0, np.int64)
        many = limit * _CANDIDATES
        best = np.argpartition(-counts, many)[:many] if len(counts) > many else np.arange(len(counts))
        proposed.update(postings.terms[first + number] for number in best.tolist())
    found: Counter[bytes] = Counter()
    for part in snapshot.parts:
        postings = part.columns.postings[_FIELD]
        for term in proposed:
            if (number := postings.terms.find(term)) >= 0:
                found[term] += int(postings.starts[number + 1] - postings.starts[number])
    best_first = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(term.decode(), number) for term, number in best_first[:limit]]
