"""Columns → the files of a segment: Whoosh's own, which stock Whoosh reads, searches and merges, and the arrays beside.

tests/search/backends/test_whoosh_stock.py holds it to that.
"""

import hashlib
import json
import struct
from collections.abc import Mapping

import numpy as np
from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec, W3Segment
from whoosh.filedb.structfile import StructFile

from archive.search.backends import shape
from archive.search.backends.whoosh import schema as names
from archive.search.backends.whoosh.arrays import Array, write_arrays
from archive.search.backends.whoosh.columns import Columns
from archive.search.backends.whoosh.posting_lists import TermTable, posting_lists
from archive.search.backends.whoosh.storage import SafeStorage
from archive.search.backends.whoosh.twins import only, shared_terms

ARRAYS_EXT = ".arrays"
SUMS_EXT = ".sums"


def write_segment(storage: SafeStorage, index_name: str, columns: Columns) -> W3Segment:
    """A new segment with its arrays and checksums; nobody sees it before a table of contents names it."""
    segment = W3Codec().new_segment(storage, index_name)
    _write_documents(storage, segment, columns)
    shared = shared_terms(columns)
    _write_postings(storage, segment, columns, shared)
    segment.set_doc_count(columns.count)
    # One file instead of ten: each has to be waited for at the commit.
    segment.create_compound_file(storage)
    with storage.create_file(segment.make_filename(ARRAYS_EXT)) as file:
        write_arrays(file.raw_file(), columns.arrays(shared))
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
    with column(shape.MOMENT) as file:
        file.write(columns.moments.astype(">i8").tobytes())
    with column(names.FAMILY) as file:
        file.write(columns.families.astype(">i8").tobytes())
    for name, lengths in columns.lengths.items():
        if lengths.any():
            with column(f"_{name}_len") as file:
                file.write(lengths.tobytes())
    segment._fieldlengths = dict(columns.totals)


def _write_postings(storage: SafeStorage, segment: W3Segment, columns: Columns, shared: Mapping[str, Array]) -> None:
    """A term of an exact field that has a twin in the field of stems names that one's posting list as its own."""
    table = TermTable()
    fields: dict[str, int] = {}
    infos: dict[str, list[bytes]] = {}
    with segment.create_file(storage, W3Codec.POSTS_EXT) as posts:
        offset = 0
        # The field of stems comes before its exact one.
        for name in sorted(columns.postings):
            number = struct.pack("!H", fields.setdefault(name, len(fields)))
            postings = columns.postings[name]
            twin_of, own = [-1] * len(postings.terms), postings
            if name in shared:
                twin_of, own = shared[name].tolist(), only(postings, np.flatnonzero(shared[name] < 0))
            lists = posting_lists(own, columns.lengths.get(name), offset)
            infos[name] = []
            for term, twin in zip(postings.terms[:], twin_of, strict=True):
                if twin >= 0:
                    info = infos[shape.STEMS_OF[name]][twin]
                else:
                    data, info = next(lists)
                    posts.write(data)
                    offset += len(data)
                table.add(number + term, info)
                infos[name].append(info)
    table.write(segment.create_file(storage, W3Codec.TERMS_EXT), fields)
