"""One segment as arrays: its postings, lengths, dates and keyword values, as evaluation reads them.

The arrays say nothing that the Whoosh segment does not say, so they can always be made again from it (decoding.py).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import overload
from zlib import crc32

import numpy as np

from archive.search.backends.shape import KEYWORDS, STEMS_OF, TEXT_FIELDS, UNKNOWN_MOMENT
from archive.search.backends.whoosh.arrays import Array, ArrayFile


class Vocabulary(Sequence[bytes]):
    """Sorted terms in one run of bytes, with their checksums in order: a term is found by one search among numbers."""

    def __init__(self, blob: Array, starts: Array, sums: Array, by_sum: Array) -> None:
        self.blob, self.starts, self.sums, self.by_sum = blob, starts, sums, by_sum
        self._bytes = blob.data

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> "Vocabulary":
        lengths = np.fromiter(map(len, terms), np.int64, len(terms))
        starts = np.zeros(len(terms) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        sums = np.fromiter(map(crc32, terms), np.uint32, len(terms))
        by_sum = np.argsort(sums, kind="stable").astype(np.int32)
        return cls(np.frombuffer(b"".join(terms), np.uint8), starts, sums[by_sum], by_sum)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            edges = self.starts[index.start : (len(self) if index.stop is None else index.stop) + 1].tolist()
            run = bytes(self._bytes[edges[0] : edges[-1]]) if len(edges) > 1 else b""
            first = edges[0] if edges else 0
            return [run[start - first : end - first] for start, end in pairwise(edges)]
        return bytes(self._bytes[self.starts[index] : self.starts[index + 1]])

    def find(self, term: bytes) -> int:
        """The term's number, or -1."""
        wanted = crc32(term)
        for index in range(int(self.sums.searchsorted(np.uint32(wanted))), len(self.sums)):
            if self.sums[index] != wanted:
                break
            if self[number := int(self.by_sum[index])] == term:
                return number
        return -1

    def prefixed(self, prefix: bytes) -> tuple[int, int]:
        """[first, end) of the terms that start so."""
        # No UTF-8 byte is 0xff.
        return bisect_left(self, prefix), bisect_left(self, prefix + b"\xff")


@dataclass(frozen=True, slots=True)
class Postings:
    """Term t of a field stands in docs[starts[t]:starts[t + 1]], ascending.

    `weights` counts its occurrences in each (None: one in each), `places` their positions (None: not kept), those of
    term t from place_starts[t] on: one term after another, but for mapped files, where two fields share theirs.
    """

    terms: Vocabulary
    starts: Array
    docs: Array
    weights: Array | None = None
    place_starts: Array | None = None
    places: Array | None = None

    def place_heads(self, first: int, end: int) -> Array:
        """Where the places of each posting of the terms [first, end) begin."""
        assert self.weights is not None
        assert self.place_starts is not None
        edges = self.starts[first : end + 1]
        weights = self.weights[int(edges[0]) : int(edges[-1])]
        heads: Array = np.cumsum(weights, dtype=np.int64)
        heads -= weights
        if end == first + 1:
            heads += self.place_starts[first]
        else:
            shifts = self.place_starts[first:end] - heads.take(edges[:-1] - edges[0])
            heads += np.repeat(shifts, np.diff(edges))
        return heads


@dataclass(frozen=True)
class Columns:
    """A whole segment of `count` documents."""

    count: int
    ids: Array
    moments: Array
    """Microseconds since 1970, `UNKNOWN_MOMENT` when unknown."""
    days: Array
    """Proleptic ordinals, 0 when unknown."""
    families: Array
    """The first article of each document's family of nearly the same texts; 0 for none."""
    hashes: Vocabulary
    """Content hash by document (not sorted)."""
    postings: dict[str, Postings]
    lengths: dict[str, Array]
    """Whoosh's length byte by document."""
    totals: dict[str, int] = field(default_factory=dict)
    """Length of all documents together by text field."""
    file: ArrayFile | None = None
    """Where the arrays are mapped from; None where they are in memory."""

    def is_whole(self) -> bool:
        """Whether the arrays can be read without harm: see `ArrayFile.is_whole`."""
        return self.file is None or self.file.is_whole()

    @cached_property
    def months(self) -> Array:
        """Year * 12 + month - 1 by document, -1 when unknown."""
        since = (self.days - np.int32(719_163)).astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
        return np.where(self.days > 0, since + np.int32(1970 * 12), np.int32(-1))

    @cached_property
    def by_date(self) -> Array:
        """All documents, newest first, of one moment the highest id first, the undated last."""
        unknown = self.moments == UNKNOWN_MOMENT
        return np.lexsort((-self.ids, -self.moments, unknown)).astype(np.int32)

    @cached_property
    def values(self) -> dict[str, tuple[Array, Array]]:
        """(starts, term numbers): the values of each document in each keyword field."""
        return {name: by_document(self.postings[name], self.count) for name in KEYWORDS.values()}

    def arrays(self, shared: Mapping[str, Array]) -> dict[str, Array]:
        """Everything, named, for `write_arrays`. `shared` has, by field of exact words, the terms of the field of stems
        that stand in the same places, as `twins.shared_terms` gives them: their places are kept once."""
        named = {
            "ids": self.ids,
            "moments": self.moments,
            "days": self.days,
            "months": self.months,
            "by_date": self.by_date,
            "families": self.families,
            "totals": np.array([self.totals.get(name, 0) for name in TEXT_FIELDS], np.int64),
        }
        named |= _named_terms("hashes", self.hashes)
        for name, postings in self.postings.items():
            named |= _named_terms(name, postings.terms)
            named |= {f"{name}.starts": postings.starts, f"{name}.docs": postings.docs}
            if postings.weights is not None:
                named[f"{name}.weights"] = postings.weights
            if postings.places is not None and postings.place_starts is not None:
                named |= {f"{name}.place_starts": postings.place_starts, f"{name}.places": postings.places}
        for name, twin_of in shared.items():
            named |= _shared_places(named, name, twin_of)
            del named[f"{name}.places"]
        for name, lengths in self.lengths.items():
            named[f"{name}.lengths"] = lengths
        for name, (starts, values) in self.values.items():
            named |= {f"{name}.value_starts": starts, f"{name}.values": values}
        return named


_TERM_ARRAYS = ("terms", "term_starts", "term_sums", "term_by_sum")


def _named_terms(name: str, terms: Vocabulary) -> dict[str, Array]:
    found = (terms.blob, terms.starts, terms.sums, terms.by_sum)
    return {f"{name}.{part}": array for part, array in zip(_TERM_ARRAYS, found, strict=True)}


def _mapped_terms(file: ArrayFile, name: str) -> Vocabulary:
    return Vocabulary(*(file[f"{name}.{part}"] for part in _TERM_ARRAYS))


def _shared_places(named: Mapping[str, Array], name: str, twin_of: Array) -> dict[str, Array]:
    """The places of a field of stems, behind them those that only its exact field has, and where each of its terms'."""
    stems = STEMS_OF[name]
    places, starts, of_stems = named[f"{name}.places"], named[f"{name}.place_starts"], named[f"{stems}.places"]
    own = twin_of < 0
    counts = np.diff(starts)
    heads = np.where(own, len(of_stems) + np.cumsum(counts * own) - counts, named[f"{stems}.place_starts"][twin_of])
    kept = places[np.repeat(own, counts)]
    return {f"{name}.place_starts": heads, f"{stems}.places": np.concatenate([of_stems, kept])}


def by_document(postings: Postings, count: int) -> tuple[Array, Array]:
    """The postings of a field turned round: (starts by document, term numbers)."""
    terms = np.repeat(np.arange(len(postings.terms), dtype=np.int32), np.diff(postings.starts))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(postings.docs, minlength=count), out=starts[1:])
    return starts, terms[np.argsort(postings.docs, kind="stable")]


class _Fields(dict[str, Postings]):
    """Postings made from the file when first asked for: a search touches few of the fields."""

    def __init__(self, file: ArrayFile) -> None:
        super().__init__()
        self._file = file

    def __missing__(self, name: str) -> Postings:
        file = self._file
        optional = [file[key] if (key := f"{name}.{part}") in file else None for part in _OPTIONAL]
        if name in STEMS_OF and optional[-1] is None:
            optional[-1] = file[f"{STEMS_OF[name]}.places"]
        terms = _mapped_terms(file, name)
        self[name] = found = Postings(terms, file[f"{name}.starts"], file[f"{name}.docs"], *optional)
        return found


_OPTIONAL = ("weights", "place_starts", "places")


class _Lazy(dict[str, Array]):
    def __init__(self, file: ArrayFile, part: str) -> None:
        super().__init__()
        self._file, self._part = file, part

    def __missing__(self, name: str) -> Array:
        self[name] = found = self._file[f"{name}.{self._part}"]
        return found


class _Values(dict[str, tuple[Array, Array]]):
    def __init__(self, file: ArrayFile) -> None:
        super().__init__()
        self._file = file

    def __missing__(self, name: str) -> tuple[Array, Array]:
        self[name] = found = (self._file[f"{name}.value_starts"], self._file[f"{name}.values"])
        return found


def mapped(file: ArrayFile) -> Columns:
    """A segment over its file of arrays."""
    ids = file["ids"]
    columns = Columns(
        count=len(ids),
        ids=ids,
        moments=file["moments"],
        days=file["days"],
        # An index from before there were families has none until it is built again.
        families=file["families"] if "families" in file else np.zeros(len(ids), np.int64),
        hashes=_mapped_terms(file, "hashes"),
        postings=_Fields(file),
        lengths=_Lazy(file, "lengths"),
        totals=dict(zip(TEXT_FIELDS, file["totals"].tolist(), strict=True)),
        file=file,
    )
    # What `cached_property` would compute lies ready in the file.
    columns.__dict__.update(months=file["months"], values=_Values(file))
    if "by_date" in file:
        columns.__dict__.update(by_date=file["by_date"])
    return columns


def gathered(terms: Iterable[tuple[bytes, Sequence[int]]]) -> Postings:
    """Postings of a keyword field from (value, ascending documents), sorted by value."""
    pairs = list(terms)
    starts = np.zeros(len(pairs) + 1, np.int64)
    np.cumsum([len(docs) for _, docs in pairs], out=starts[1:])
    docs = np.fromiter((doc for _, docs in pairs for doc in docs), np.int32, int(starts[-1]))
    return Postings(Vocabulary.of([term for term, _ in pairs]), starts, docs)
