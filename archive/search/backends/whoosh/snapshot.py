"""The index as one commit left it: what a reader holds while it answers. Immutable, so threads share it."""

from collections.abc import Iterator
from functools import cached_property
from math import log

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import TOC
from whoosh.util.numeric import byte_to_length

from archive.search.backends import analysis
from archive.search.backends.shape import EXACT, K1, KEYWORDS, TEXT_FIELDS, B
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Columns, Postings
from archive.search.backends.whoosh.fuzzy import within
from archive.search.backends.whoosh.reading import live_mask, open_columns
from archive.search.backends.whoosh.storage import SafeStorage
from archive.search.query import Keyword, TextField

# A length byte of 0 stands for a length of 1 in Whoosh's scorer.
_LENGTHS = np.array([byte_to_length(number) or 1 for number in range(256)], np.float64)

_KINDS_OF_READERS = 64
"""Sets of hidden sources for which masks are kept; there are about as many as there are groups of readers."""


class Part:
    """One segment as the commit sees it: its columns, and which of its documents are alive."""

    def __init__(self, index: int, name: str, columns: Columns, live: Array | None) -> None:
        self.index, self.name, self.columns, self.live = index, name, columns, live
        self.count = columns.count
        self._shown: dict[frozenset[str], Array] = {}

    @cached_property
    def every(self) -> Array:
        """All living documents."""
        return (
            np.arange(self.count, dtype=np.int32) if self.live is None else np.flatnonzero(self.live).astype(np.int32)
        )

    def shown(self, hidden_sources: frozenset[str] = frozenset()) -> Array | None:
        """True by document that is alive and of no hidden source; None when all are."""
        if not hidden_sources:
            return self.live
        found = self._shown.get(hidden_sources)
        if found is None:
            found = np.ones(self.count, bool) if self.live is None else self.live.copy()
            postings = self.columns.postings[KEYWORDS[Keyword.SOURCE]]
            for slug in hidden_sources:
                if (number := postings.terms.find(slug.encode())) >= 0:
                    found[postings.docs[int(postings.starts[number]) : int(postings.starts[number + 1])]] = False
            if len(self._shown) >= _KINDS_OF_READERS:
                self._shown.clear()
            self._shown[hidden_sources] = found
        return found

    def visible(self, docs: Array, hidden_sources: frozenset[str] = frozenset()) -> Array:
        """Those of the documents that are alive and of no hidden source."""
        shown = self.shown(hidden_sources)
        return docs if shown is None else docs.compress(shown.take(docs))


class Snapshot:
    """All segments of a commit, with the statistics of the whole that scoring needs."""

    def __init__(self, build: str, number: int, parts: list[Part]) -> None:
        self.build, self.number, self.parts = build, number, parts
        self.generation = f"{build.removeprefix('build-')}.{number}"
        self.documents = sum(part.count for part in parts)
        """Deleted documents included, as Whoosh counts for scoring."""
        self.alive = sum(len(part.every) for part in parts)
        self._norms: dict[str, Array] = {}
        self.ordinals: dict[tuple[str, str, str], Array] = {}
        """(field, segment, other segment) → value numbers of the one in the other; filled by facets.py."""

    @classmethod
    def open(cls, storage: SafeStorage, name: str, build: str, held: "Snapshot | None") -> "Snapshot":
        """The newest commit of a build. Raises nearly anything when files are damaged or just being replaced."""
        toc = TOC.read(storage, name)
        known = {part.name: part for part in held.parts} if held is not None and held.build == build else {}
        parts = [_part(index, segment, known, storage, toc) for index, segment in enumerate(toc.segments)]
        snapshot = cls(build, toc.generation, parts)
        if held is not None:
            names = {part.name for part in parts}
            snapshot.ordinals.update({key: found for key, found in held.ordinals.items() if names.issuperset(key[1:])})
        return snapshot

    def is_whole(self) -> bool:
        """Whether no file was cut short since it was opened."""
        return all(part.columns.is_whole() for part in self.parts)

    def norms(self, field: str) -> Array:
        """What BM25F adds to a weight in its denominator, by length byte: K1 ((1 - B) + B length / average length)."""
        found = self._norms.get(field)
        if found is None:
            total = sum(part.columns.totals[field] for part in self.parts)
            average = total / (self.documents or 1) or 1
            found = self._norms[field] = (K1 * ((1 - B) + B * _LENGTHS / average)).astype(np.float32)
        return found

    @cached_property
    def families(self) -> list[Array]:
        """By segment, the number of each document's family, -1 for none; families are numbered from 0 over them all."""
        every = np.concatenate([np.zeros(0, np.int64), *(part.columns.families for part in self.parts)])
        numbers = np.full(len(every), -1, np.int32)
        inside = np.flatnonzero(every)
        numbers[inside] = np.unique(every[inside], return_inverse=True)[1]
        return np.split(numbers, np.cumsum([part.count for part in self.parts])[:-1])

    @cached_property
    def newest(self) -> int:
        """The last known moment; 0 where none is known."""
        known = [int(part.columns.moments.max()) for part in self.parts if part.count]
        return max(0, *known, 0)

    def idf(self, count: int) -> float:
        """Whoosh's inverse document frequency of a term that stands in so many documents."""
        # An index can be empty, and nothing is rare in it.
        return log((self.documents or 1) / (min(count, self.documents) + 1)) + 1

    def starting(self, place: TextField, text: str, limit: int = 2_000) -> list[str]:
        """The first exact terms of a place that start so, in order."""
        found: set[bytes] = set()
        for postings, (first, end) in self.prefixed(EXACT[place], text):
            found.update(postings.terms[first : min(end, first + limit)])
        return [term.decode() for term in sorted(found)[:limit]]

    def prefixed(self, field: str, text: str) -> Iterator[tuple[Postings, tuple[int, int]]]:
        """By segment: the postings of a field and the range of its terms that start so."""
        prefix = analysis.single_term(text).encode("utf-8", "surrogatepass")
        for part in self.parts:
            postings = part.columns.postings[field]
            yield postings, postings.terms.prefixed(prefix)

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        """The exact terms of a place within so many insertions, deletions and replacements."""
        found: set[bytes] = set()
        for part in self.parts:
            terms = part.columns.postings[EXACT[place]].terms
            found.update(terms[number] for number in within(terms, analysis.single_term(text), distance))
        return [term.decode() for term in sorted(found)]

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """(id, content hash) of every document."""
        for part in self.parts:
            ids, hashes = part.columns.ids.tolist(), part.columns.hashes
            yield from ((ids[docnum], hashes[docnum].decode()) for docnum in part.every.tolist())


def _part(index: int, segment: W3Segment, known: dict[str, Part], storage: SafeStorage, toc: TOC) -> Part:
    name = segment.segment_id()
    held = known.get(name)
    whole = held is not None and held.columns.is_whole()
    columns = held.columns if held is not None and whole else open_columns(storage, segment, toc.schema)
    if columns.count != segment.doc_count_all() or any(field not in columns.totals for field in TEXT_FIELDS):
        raise ValueError(f"segment {name} and its arrays disagree")
    return Part(index, name, columns, live_mask(segment))
