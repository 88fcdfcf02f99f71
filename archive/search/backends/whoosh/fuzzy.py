"""The terms of a vocabulary within an edit distance: sieved by length and letters, then measured.

Levenshtein distance over code points (insertion, deletion, replacement), as Whoosh's FuzzyTerm counts.
"""

import weakref
from functools import reduce
from operator import or_

import numpy as np

from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Vocabulary

_CHUNK = 4_096


def within(terms: Vocabulary, word: str, distance: int) -> list[int]:
    """The numbers of the terms within the distance of a word, ascending."""
    if not len(terms):
        return []
    lengths, letters = _profile(terms)
    # One edit changes the length by at most one and adds or removes at most one letter each way.
    candidates = np.flatnonzero((lengths >= len(word) - distance) & (lengths <= len(word) + distance))
    own = np.uint64(reduce(or_, (1 << ord(char) % 64 for char in word), 0))
    candidates = candidates[np.bitwise_count(letters.take(candidates) & ~own) <= distance]
    candidates = candidates[np.bitwise_count(own & ~letters.take(candidates)) <= distance]
    found: list[int] = []
    for first in range(0, len(candidates), _CHUNK):
        chunk = candidates[first : first + _CHUNK].tolist()
        texts = [terms[number].decode() for number in chunk]
        found.extend(
            number for number, near_enough in zip(chunk, _close(texts, word, distance), strict=True) if near_enough
        )
    return found


# Vocabularies of segments live as long as the segment is open; so do their profiles.
_profiles: "weakref.WeakKeyDictionary[Vocabulary, tuple[Array, Array]]" = weakref.WeakKeyDictionary()


def _profile(terms: Vocabulary) -> tuple[Array, Array]:
    """(length in characters, set of letters as 64 bits) of each term."""
    found = _profiles.get(terms)
    if found is None:
        texts = bytes(terms.blob).decode()
        codes = np.frombuffer(texts.encode("utf-32-le"), np.uint32)
        # A byte that is no continuation byte starts a character.
        begins = (np.asarray(terms.blob) & 0xC0) != 0x80
        starts = np.concatenate(([0], np.cumsum(begins)))[terms.starts]
        lengths = np.diff(starts).astype(np.int32)
        bits = np.left_shift(np.uint64(1), (codes % 64).astype(np.uint64))
        letters = np.zeros(len(terms), np.uint64)
        full = lengths > 0
        if len(bits):
            letters[full] = np.bitwise_or.reduceat(bits, starts[:-1][full])
        _profiles[terms] = found = (lengths, letters)
    return found


def _close(texts: list[str], word: str, distance: int) -> Array:
    """Which of the texts are within the distance: the usual table, a row at a time, for all texts at once."""
    width = max(map(len, texts))
    codes = np.zeros((len(texts), width), np.uint32)
    for index, text in enumerate(texts):
        codes[index, : len(text)] = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    columns = np.arange(width + 1, dtype=np.int16)
    row: Array = np.broadcast_to(columns, (len(texts), width + 1))
    for number, char in enumerate(word, 1):
        fresh = np.empty((len(texts), width + 1), np.int16)
        fresh[:, 0] = number
        fresh[:, 1:] = np.minimum(row[:, 1:] + 1, row[:, :-1] + (codes != ord(char)))
        # An insertion costs one a column: the running minimum of (value - column), plus column.
        row = np.minimum.accumulate(fresh - columns, axis=1) + columns
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    result: Array = row[np.arange(len(texts)), lengths] <= distance
    return result
