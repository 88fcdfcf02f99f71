"""Which texts may be nearly the same: the bands of all MinHashes in memory, about 150 bytes an article.

Two texts are candidates where one of their bands, four of the 128 values, is the same (Leskovec, Rajaraman & Ullman,
Mining of Massive Datasets, §3.4). rensa's own table keeps whole sketches beside it: 6.6 KB an article.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

PERMUTATIONS, SEED = 128, 42
_BANDS, _ROWS = 32, 4  # finds pairs that have .6 in common with a chance of .99
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64)
"""Odd numbers without a pattern: four values become one key, and unlike bands hardly ever the same one."""


class Bands:
    """The bands of articles, by their ids. A key is 32 bits wide: a candidate by chance is one that is looked at."""

    def __init__(self) -> None:
        self._articles = np.empty(0, dtype=np.int64)
        self._keys = np.empty((_BANDS, 0), dtype=np.uint32)
        self._size = 0

    def add(self, articles: Sequence[int], sketches: Sequence[RMinHash]) -> None:
        """Remember articles and their sketches."""
        after = self._size + len(articles)
        if after > len(self._articles):
            grown = after + after // 8 - len(self._articles)
            self._articles = np.pad(self._articles, (0, grown))
            self._keys = np.pad(self._keys, ((0, 0), (0, grown)))
        self._articles[self._size : after] = articles
        self._keys[:, self._size : after] = _keys(sketches)
        self._size = after

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return self._articles.nbytes + self._keys.nbytes

    def candidates(self, sketches: Sequence[RMinHash]) -> list[set[int]]:
        """For each sketch the articles that share a band with it."""
        found: list[set[int]] = [set() for _ in sketches]
        for known, asked in zip(self._keys[:, : self._size], _keys(sketches), strict=True):
            sought: dict[int, list[set[int]]] = defaultdict(list)
            for key, candidates in zip(asked.tolist(), found, strict=True):
                sought[key].append(candidates)
            # By their upper halves first: ten times faster than comparing all keys with all that are sought.
            halves = np.zeros(1 << 16, dtype=bool)
            halves[asked >> 16] = True
            likely = np.flatnonzero(halves[known >> 16])
            for key, article in zip(known[likely].tolist(), self._articles[likely].tolist(), strict=True):
                for candidates in sought.get(key, ()):
                    candidates.add(article)
        return found


def _keys(sketches: Sequence[RMinHash]) -> NDArray[np.uint32]:
    """One key for each band and sketch."""
    values = np.array([sketch.digest() for sketch in sketches], dtype=np.uint64).reshape(-1, _BANDS, _ROWS)
    keys: NDArray[np.uint64] = (values * _MIX).sum(axis=2, dtype=np.uint64)
    return (keys >> np.uint64(32)).astype(np.uint32).T
