"""Postings → the bytes of Whoosh's posting and term files (codec W3), assembled from arrays.

Whoosh's own writers take one posting at a time; this is what makes indexing several times as fast as theirs. The format
is theirs: `whoosh.codec.whoosh3.W3PostingsWriter`, `W3TermInfo` and `whoosh.filedb.filetables.OrderedHashWriter`.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pickle import Pickler, dumps

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.filedb.structfile import StructFile
from whoosh.util.numeric import byte_to_length, length_to_byte

from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Postings

_BLOCK = 128
_WORTH_COMPRESSING = 200
"""Bytes: shorter blocks hardly shrink, and half of all terms occur once."""
_LEVEL = 1
_SLAB = 65_536
"""Postings turned into Python objects at a time."""

_TERM_INFO = struct.Struct("!BfIBBfIIqi")
"""`W3TermInfo.to_bytes` of postings that are not inlined."""
_INT, _ENTRY = struct.Struct("!i"), struct.Struct("!ii")
_CRC32 = 1
"""The cheapest of the hash functions that Whoosh's files can name."""
_BYTE_LENGTHS = np.array([byte_to_length(number) for number in range(256)], np.int32)


class TermTable:
    """Whoosh's ordered hash file: term infos by key, in memory until `write`."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = [b"HSH3" + bytes([_CRC32]) + bytes(8)]
        self._offset = len(self._chunks[0])
        self._positions: list[int] = []
        self._buckets: list[list[tuple[int, int]]] = [[] for _ in range(256)]

    def add(self, key: bytes, value: bytes) -> None:
        """Keys ascend."""
        self._chunks += (_ENTRY.pack(len(key), len(value)), key, value)
        hashed = zlib.crc32(key)
        self._buckets[hashed & 255].append((hashed, self._offset))
        self._positions.append(self._offset)
        self._offset += _ENTRY.size + len(key) + len(value)

    def write(self, file: StructFile, fields: dict[str, int]) -> None:
        """Entries, hash tables, their directory, and the extras that Whoosh keeps there; closes the file."""
        directory = []
        for bucket in self._buckets:
            slots = 2 * len(bucket)
            directory.append(struct.pack("!qi", self._offset, slots))
            table = [(0, 0)] * slots
            for hashed, position in bucket:
                slot = (hashed >> 8) % slots
                while table[slot][1]:
                    slot = (slot + 1) % slots
                table[slot] = (hashed, position)
            packed = b"".join([struct.pack("!Iq", *entry) for entry in table])
            self._chunks.append(packed)
            self._offset += len(packed)
        extras = {"fieldmap": fields, "indextype": "q", "indexlen": len(self._positions)}
        tail = dumps(extras, -1) + np.array(self._positions, ">i8").tobytes()
        file.write(b"".join([*self._chunks, *directory, tail, _INT.pack(len(tail))]))
        file.close()


def posting_lists(postings: Postings, length_bytes: Array | None, offset: int) -> Iterator[tuple[bytes, bytes]]:
    """(posting list, term info) of each term in order, for a posting file that is `offset` bytes long already."""
    counts = np.diff(postings.starts)
    if not len(counts):
        return
    docs = np.asarray(postings.docs)
    blocks = -(-counts // _BLOCK)
    term_block = np.concatenate(([0], np.cumsum(blocks)))
    within = np.arange(term_block[-1]) - np.repeat(term_block[:-1], blocks)
    heads = np.repeat(postings.starts[:-1], blocks) + within * _BLOCK
    deltas = np.diff(docs, prepend=docs[:1])
    deltas[heads] = docs[heads]
    weights = np.ones(len(docs), np.float32) if postings.weights is None else postings.weights.astype(np.float32)
    top = np.maximum.reduceat(weights, heads).tolist()
    sums = np.add.reduceat(weights, postings.starts[:-1]).tolist()
    low, high = _extremes(docs, length_bytes, heads)
    values = _Values(postings) if postings.places is not None else None
    term_blocks, block_starts = term_block.tolist(), [*heads.tolist(), len(docs)]
    for first_term, end_term in _slabs(postings.starts):
        base, end_posting = int(postings.starts[first_term]), int(postings.starts[end_term])
        slab = slice(base, end_posting)
        numbers, gaps, counted = docs[slab].tolist(), deltas[slab].tolist(), weights[slab].tolist()
        encoded = values.take(base, end_posting) if values is not None else None
        for term in range(first_term, end_term):
            first, last = term_blocks[term], term_blocks[term + 1]
            run = [WHOOSH3_HEADER_MAGIC]
            for block in range(first, last):
                start, end = block_starts[block] - base, block_starts[block + 1] - base
                data = _pickled(
                    (
                        tuple(gaps[start:end]),
                        _mini(counted[start:end]),
                        None if encoded is None else tuple(encoded[start:end]),
                    )
                )
                level = 0
                if len(data) > _WORTH_COMPRESSING:
                    level = _LEVEL
                    data = zlib.compress(data, level)
                head = dumps((end - start, numbers[end - 1], top[block], level, low[block], high[block]), 2)
                size = len(head) + len(data)
                run += (_INT.pack(-size if block == last - 1 else size), head, data)
            start, end = block_starts[first] - base, block_starts[last] - base
            found = b"".join(run)
            extremes = min(low[first:last]), max(high[first:last]), max(top[first:last])
            ends = numbers[start], numbers[end - 1]
            yield found, _TERM_INFO.pack(0, sums[term], end - start, *extremes, *ends, offset, len(found))
            offset += len(found)


def _extremes(docs: Array, length_bytes: Array | None, heads: Array) -> tuple[list[int], list[int]]:
    """Shortest and longest document of each block, as length bytes."""
    if length_bytes is None:
        return [0] * len(heads), [0] * len(heads)
    # Whoosh rounds a length down to a byte, back up, and the extremes of a block down again.
    lengths = _BYTE_LENGTHS[length_bytes[docs]]
    ends = np.minimum.reduceat(lengths, heads), np.maximum.reduceat(lengths, heads)
    low, high = ([length_to_byte(length) for length in found.tolist()] for found in ends)
    return low, high


def _slabs(starts: Array) -> Iterator[tuple[int, int]]:
    """Ranges of terms with about `_SLAB` postings each."""
    edges = np.searchsorted(starts, np.arange(0, int(starts[-1]) + _SLAB, _SLAB))
    edges = np.unique(np.append(np.minimum(edges, len(starts) - 1), [0, len(starts) - 1])).tolist()
    yield from pairwise(edges)


def _pickled(data: object) -> bytes:
    """Without the pickler's memo, which for tuples of numbers and short bytes costs a tenth and saves nothing."""
    buffer = BytesIO()
    pickler = Pickler(buffer, 4)
    pickler.fast = True
    pickler.dump(data)
    return buffer.getvalue()


def _mini(weights: list[float]) -> float | tuple[float, ...] | None:
    """A block's weights as `W3PostingsWriter._mini_weights` shortens them."""
    if weights.count(weights[0]) < len(weights):
        return tuple(weights)
    return None if weights[0] == 1.0 else weights[0]


class _Values:
    """The encoded positions of each posting, as `whoosh.formats.Positions.encode` writes them."""

    def __init__(self, postings: Postings) -> None:
        assert postings.weights is not None
        assert postings.places is not None
        places = postings.places.astype(np.int64)
        self._counts = postings.weights
        self._starts = np.concatenate(([0], np.cumsum(postings.weights, dtype=np.int64)))
        self._deltas = np.diff(places, prepend=0)
        heads = self._starts[:-1]
        self._deltas[heads] = places[heads]

    def take(self, start: int, end: int) -> list[bytes]:
        """The values of postings [start, end)."""
        deltas = self._deltas[int(self._starts[start]) : int(self._starts[end])].tolist()
        if len(deltas) == end - start:
            return [_ONCE[delta] for delta in deltas]
        found = []
        at = 0
        for count in self._counts[start:end].tolist():
            found.append(_ONCE[deltas[at]] if count == 1 else _encode(deltas[at : at + count]))
            at += count
        return found


class _Once(dict[int, bytes]):
    """The value of a posting with a single position; most are, and early positions are frequent."""

    def __missing__(self, delta: int) -> bytes:
        found = _encode([delta])
        if len(self) < 65_536:
            self[delta] = found
        return found


_ONCE = _Once()


def _encode(deltas: list[int]) -> bytes:
    return struct.pack("!I", len(deltas)) + dumps(deltas, 2)
