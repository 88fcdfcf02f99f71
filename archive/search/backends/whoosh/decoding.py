"""A Whoosh segment's own files → columns: for segments whose file of arrays is missing, damaged or was never written.

Whole blocks are decoded at once, without Whoosh's matchers.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Segment
from whoosh.fields import Schema
from whoosh.reading import SegmentReader

from archive.search.backends import shape
from archive.search.backends.whoosh import schema as names
from archive.search.backends.whoosh.arrays import Array, narrow
from archive.search.backends.whoosh.columns import Columns, Postings, Vocabulary
from archive.search.backends.whoosh.storage import SafeStorage


def decode(storage: SafeStorage, segment: W3Segment, schema: Schema) -> Columns:
    """The columns of a segment, deleted documents included. Raises nearly anything when its files are damaged."""
    reader = SegmentReader(storage, schema, segment)
    try:
        return _Decoder(reader, schema).columns(segment._fieldlengths)
    finally:
        reader.close()


class _Decoder:
    def __init__(self, reader: SegmentReader, schema: Schema) -> None:
        self._reader, self._schema = reader, schema
        self._count = reader.doc_count_all()

    def columns(self, totals: dict[str, int]) -> Columns:
        terms: dict[str, list[bytes]] = defaultdict(list)
        for field, term in self._reader.all_terms():
            terms[field].append(term)
        fields = (*shape.TEXT_FIELDS, *shape.KEYWORDS.values(), shape.DAY)
        postings = {field: self._postings(field, terms[field]) for field in fields}
        keys = [self._reader.stored_fields(docnum)[names.KEY] for docnum in range(self._count)]
        moments = self._reader.column_reader(shape.MOMENT, self._schema[shape.MOMENT].column_type)
        return Columns(
            count=self._count,
            ids=np.array([number for number, _ in keys], np.int64),
            moments=np.fromiter(moments, np.int64, self._count),
            days=self._days(postings[shape.DAY]),
            families=self._families(),
            hashes=Vocabulary.of([content_hash.encode() for _, content_hash in keys]),
            postings=postings,
            lengths={field: self._lengths(field) for field in shape.TEXT_FIELDS},
            totals={field: totals.get(field, 0) for field in shape.TEXT_FIELDS},
        )

    def _days(self, postings: Postings) -> Array:
        days = np.zeros(self._count, np.int32)
        for number, term in enumerate(postings.terms):
            docs = postings.docs[postings.starts[number] : postings.starts[number + 1]]
            days[docs] = date(int(term[:4]), int(term[4:6]), int(term[6:])).toordinal()
        return days

    def _families(self) -> Array:
        if not self._reader._perdoc.has_column(names.FAMILY):
            return np.zeros(self._count, np.int64)
        return np.fromiter(self._reader._perdoc.column_reader(names.FAMILY, names.FAMILY_COLUMN), np.int64, self._count)

    def _lengths(self, field: str) -> Array:
        column = f"_{field}_len"
        if not self._reader._perdoc.has_column(column):
            return np.zeros(self._count, np.uint8)
        return np.fromiter(self._reader._perdoc.column_reader(column, LENGTHS_COLUMN), np.uint8, self._count)

    def _postings(self, field: str, terms: list[bytes]) -> Postings:
        counts: list[int] = []
        docs: list[int] = []
        weights: list[float] = []
        places: list[int] = []
        positional = field in shape.TEXT_FIELDS
        decode_positions = self._schema[field].format.decode_positions if positional else None
        for term in terms:
            before = len(docs)
            for ids, block_weights, values in self._blocks(field, term):
                docs.extend(ids)
                weights.extend(block_weights)
                if decode_positions is not None:
                    for value in values:
                        places.extend(decode_positions(value))
            counts.append(len(docs) - before)
        starts = np.concatenate(([0], np.cumsum(np.array(counts, np.int64)))).astype(np.int64)
        vocabulary = Vocabulary.of(terms)
        if not positional:
            return Postings(vocabulary, starts, np.array(docs, np.int32))
        found = np.array(weights, np.int64)
        place_starts = np.concatenate(([0], np.cumsum(found)))[starts]
        return Postings(
            vocabulary,
            starts,
            np.array(docs, np.int32),
            narrow(found),
            place_starts,
            narrow(np.array(places, np.int64)),
        )

    def _blocks(self, field: str, term: bytes) -> Iterator[tuple[list[int], list[float], list[bytes]]]:
        # Not `reader.postings`, which leaves deleted documents out.
        matcher = self._reader._terms.matcher(field, term, self._schema[field].format)
        while matcher.is_active():
            matcher._read_ids()
            matcher._read_weights()
            matcher._read_values()
            yield list(matcher._ids), list(matcher._weights), list(matcher._values)
            matcher._next_block()
