"""Columns → the files of a Whoosh segment, in Whoosh's own format (W3), and the file of arrays beside them.

Writing the posting blocks from arrays is what makes indexing fast; stock Whoosh reads, searches and merges them
(tests/search/backends/test_whoosh_stock.py).
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pickle import Pickler, dumps

import numpy as np
from whoosh.codec.whoosh3 import STORED_COLUMN, WHOOSH3_HEADER_MAGIC, W3Codec, W3Segment
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.filedb.structfile import StructFile
from whoosh.util.numeric import byte_to_length, length_to_byte

from archive.search.backends.whoosh import schema as names
from archive.search.backends.whoosh.arrays import Array, write_arrays
from archive.search.backends.whoosh.columns import Columns, Postings
from archive.search.backends.whoosh.storage import SafeStorage

ARRAYS_EXT = ".arrays"
SUMS_EXT = ".sums"
_BLOCK = 128
_WORTH_COMPRESSING = 200
"""Bytes: shorter blocks hardly shrink, and half of all terms occur once."""
_LEVEL = 1

_TERM_INFO = struct.Struct("!BfIBBfIIqi")
"""`whoosh.codec.whoosh3.W3TermInfo.to_bytes` of postings that are not inlined."""
_INT = struct.Struct("!i")
_BYTE_LENGTHS = np.array([byte_to_length(number) for number in range(256)], np.int32)


def write_segment(storage: SafeStorage, index_name: str, columns: Columns) -> W3Segment:
    """A new segment with its arrays and checksums; nobody sees it before a table of contents names it."""
    segment = W3Codec().new_segment(storage, index_name)
    _write_documents(storage, segment, columns)
    _write_postings(storage, segment, columns)
    segment.set_doc_count(columns.count)
    # One file instead of ten: each has to be waited for at the commit.
    segment.create_compound_file(storage)
    with storage.create_file(segment.make_filename(ARRAYS_EXT)) as file:
        write_arrays(file.raw_file(), columns.arrays())
    write_sums(storage, segment)
    return segment


def write_sums(storage: SafeStorage, segment: W3Segment) -> None:
    """Size and sha256 of each file of a segment, which is never changed again."""
    files = [name for name in segment.list_files(storage) if not name.endswith(SUMS_EXT)]
    with storage.create_file(segment.make_filename(SUMS_EXT)) as file:
        file.write(json.dumps({name: (storage.file_length(name), digest(storage, name)) for name in files}).encode())


def digest(storage: SafeStorage, name: str) -> str:
    """sha256 of a file."""
    with open(storage._fpath(name), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_documents(storage: SafeStorage, segment: W3Segment, columns: Columns) -> None:
    """Stored fields, moments and lengths by document. Number columns are nothing but big-endian numbers in a row."""

    def column(name: str) -> StructFile:
        return storage.create_file(W3Codec.column_filename(segment, name))

    file = column("_stored")
    writer = STORED_COLUMN.writer(file)
    for docnum, key in enumerate(zip(columns.ids.tolist(), columns.hashes[:], strict=True)):
        writer.add(docnum, {names.KEY: (key[0], key[1].decode())})
    writer.finish(columns.count)
    file.close()
    with column(names.MOMENT) as file:
        file.write(columns.moments.astype(">i8").tobytes())
    for name, lengths in columns.lengths.items():
        if lengths.any():
            with column(f"_{name}_len") as file:
                file.write(lengths.tobytes())
    segment._fieldlengths = dict(columns.totals)


def _write_postings(storage: SafeStorage, segment: W3Segment, columns: Columns) -> None:
    table = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
    fields: dict[str, int] = {}
    table.extras["fieldmap"] = fields
    posts = segment.create_file(storage, W3Codec.POSTS_EXT)
    offset = 0
    for name in sorted(columns.postings):
        field = struct.pack("!H", fields.setdefault(name, len(fields)))
        postings = columns.postings[name]
        terms = iter(postings.terms[:])
        for blocks, info in _lists(postings, columns.lengths.get(name)):
            posts.write(blocks)
            table.add(field + next(terms), _TERM_INFO.pack(0, *info, offset, len(blocks)))
            offset += len(blocks)
    table.close()
    posts.close()


def _lists(postings: Postings, length_bytes: Array | None) -> Iterator[tuple[bytes, tuple[float, ...]]]:
    """(bytes of the posting list, what its term info says) of each term in order."""
    counts = np.diff(postings.starts)
    if not len(counts):
        return
    blocks = -(-counts // _BLOCK)
    term_block = np.concatenate(([0], np.cumsum(blocks)))
    within = np.arange(term_block[-1]) - np.repeat(term_block[:-1], blocks)
    edges = np.append(np.repeat(postings.starts[:-1], blocks) + within * _BLOCK, len(postings.docs))
    heads = edges[:-1]
    docs = np.asarray(postings.docs)
    deltas = np.diff(docs, prepend=docs[:1])
    deltas[heads] = docs[heads]
    weights = np.ones(len(docs), np.float32) if postings.weights is None else postings.weights.astype(np.float32)
    top = np.maximum.reduceat(weights, heads).tolist()
    if length_bytes is None:
        shortest = longest = np.zeros(len(heads), np.int32)
    else:
        # Whoosh rounds a length down to a byte, back up, and the extremes of a block down again.
        lengths = _BYTE_LENGTHS[length_bytes[docs]]
        shortest, longest = (
            np.fromiter(map(length_to_byte, ends.tolist()), np.int32, len(heads))
            for ends in (np.minimum.reduceat(lengths, heads), np.maximum.reduceat(lengths, heads))
        )
    low, high = shortest.tolist(), longest.tolist()
    values = _Values(postings) if postings.places is not None else None
    sums = np.add.reduceat(weights, postings.starts[:-1]).tolist()
    term_edges, block_edges = term_block.tolist(), edges.tolist()
    for term, total in enumerate(sums):
        first, last = term_edges[term], term_edges[term + 1]
        run = [WHOOSH3_HEADER_MAGIC]
        for block in range(first, last):
            start, end = block_edges[block], block_edges[block + 1]
            data = _pickled(
                (
                    tuple(deltas[start:end].tolist()),
                    _mini(weights[start:end]),
                    values.take(start, end) if values is not None else None,
                )
            )
            level = 0
            if len(data) > _WORTH_COMPRESSING:
                level = _LEVEL
                data = zlib.compress(data, level)
            head = dumps((end - start, int(docs[end - 1]), top[block], level, low[block], high[block]), 2)
            size = len(head) + len(data)
            run += (_INT.pack(-size if block == last - 1 else size), head, data)
        start, end = block_edges[first], block_edges[last]
        extremes = min(low[first:last]), max(high[first:last]), max(top[first:last])
        yield b"".join(run), (total, end - start, *extremes, int(docs[start]), int(docs[end - 1]))


def _pickled(data: object) -> bytes:
    """Without the pickler's memo, which for tuples of numbers and short bytes costs a tenth and saves nothing."""
    buffer = BytesIO()
    pickler = Pickler(buffer, 4)
    pickler.fast = True
    pickler.dump(data)
    return buffer.getvalue()


def _mini(weights: Array) -> float | tuple[float, ...] | None:
    """A block's weights as `W3PostingsWriter._mini_weights` shortens them."""
    found = weights.tolist()
    if found.count(found[0]) < len(found):
        return tuple(found)
    return None if found[0] == 1.0 else float(found[0])


class _Values:
    """The encoded positions of each posting, as `whoosh.formats.Positions.encode` writes them."""

    def __init__(self, postings: Postings) -> None:
        assert postings.weights is not None
        assert postings.places is not None
        places = postings.places.astype(np.int64)
        ends = np.cumsum(postings.weights, dtype=np.int64)
        self._starts = np.concatenate(([0], ends))
        self._deltas = np.diff(places, prepend=0)
        heads = self._starts[:-1]
        self._deltas[heads] = places[heads]

    def take(self, start: int, end: int) -> tuple[bytes, ...]:
        """The values of postings [start, end)."""
        edges = self._starts[start : end + 1].tolist()
        base = edges[0]
        deltas = self._deltas[base : edges[-1]].tolist()
        if len(deltas) == end - start:
            return tuple([_ONCE[delta] for delta in deltas])
        return tuple(
            [
                _ONCE[deltas[first - base]] if after == first + 1 else _encode(deltas[first - base : after - base])
                for first, after in pairwise(edges)
            ]
        )


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
