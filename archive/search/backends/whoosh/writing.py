"""Commits: new segments, deletions and merges become the next table of contents, all or nothing."""

from collections.abc import Callable, Iterable

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import TOC, clean_files

from archive.search.backends.shape import TEXT_FIELDS
from archive.search.backends.whoosh import schema
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.columns import Columns
from archive.search.backends.whoosh.inverting import Inverter
from archive.search.backends.whoosh.merging import merge, to_merge
from archive.search.backends.whoosh.reading import live_mask, open_columns
from archive.search.backends.whoosh.segments import write_segment
from archive.search.backends.whoosh.storage import SafeStorage
from archive.search.documents import IndexDocument

INDEX_NAME = "MAIN"
_FLUSH_PIECES = 4_000_000
"""Words held before a segment is written: about half a gigabyte of memory while it is."""


def create(storage: SafeStorage) -> None:
    """An index without documents."""
    TOC.create(storage, schema.schema(), INDEX_NAME)


class Commit:
    """One change of the index; the caller holds the writer's lock. Nothing is visible before `finish`."""

    def __init__(self, storage: SafeStorage) -> None:
        self._storage = storage
        self._toc = TOC.read(storage, INDEX_NAME)
        self._columns: dict[str, Columns] = {}
        self._changed = False

    def _columns_of(self, segment: W3Segment) -> Columns:
        name = segment.segment_id()
        if name not in self._columns:
            self._columns[name] = open_columns(self._storage, segment, self._toc.schema)
        return self._columns[name]

    def delete(self, numbers: Iterable[int]) -> None:
        """Take the articles with these ids out."""
        wanted = np.fromiter(numbers, np.int64)
        self._delete(lambda ids: np.isin(ids, wanted))

    def delete_beyond(self, last: int) -> None:
        """Take all articles with a higher id out."""
        self._delete(lambda ids: ids > last)

    def _delete(self, are_meant: Callable[[Array], Array]) -> None:
        for segment in self._toc.segments:
            for docnum in np.flatnonzero(are_meant(self._columns_of(segment).ids)).tolist():
                if not segment.is_deleted(docnum):
                    segment.delete_document(docnum)
                    self._changed = True

    def add(self, documents: Iterable[IndexDocument], reached: Callable[[int], None] | None = None) -> None:
        """Put documents in, in segments of bounded size; ids that are in already must have been deleted.

        With `reached` each segment but the last is published at once, and the highest id in it told, as long as the
        documents come in the order of their ids.
        """
        inverter, highest, in_order = Inverter(), 0, True
        for document in documents:
            inverter.add(document)
            in_order = in_order and document.id > highest
            highest = max(highest, document.id)
            if inverter.size >= _FLUSH_PIECES:
                self._write(inverter.columns())
                inverter = Inverter()
                if reached and in_order:
                    self.finish()
                    reached(highest)
        if len(inverter):
            fresh = inverter.columns()
            del inverter
            merged = self._take_small(fresh.count)
            self._write(merge([*merged, (fresh, None)]) if merged else fresh)

    def _take_small(self, fresh: int) -> list[tuple[Columns, Array | None]]:
        """Take the segments out that are worth merging with so many new documents."""
        segments = self._toc.segments
        every = [self._columns_of(segment) for segment in segments]
        sizes = [segment.doc_count_all() - segment.deleted_count() for segment in segments]
        held = [sum(len(columns.postings[name].docs) for name in TEXT_FIELDS) for columns in every]
        chosen = to_merge(sizes, held, fresh)
        taken = [(every[position], live_mask(segments[position])) for position in chosen]
        self._toc.segments = [one for position, one in enumerate(segments) if position not in chosen]
        return taken

    @property
    def count(self) -> int:
        """Documents after the change."""
        return sum(one.doc_count_all() - one.deleted_count() for one in self._toc.segments)

    def _write(self, columns: Columns) -> None:
        self._toc.segments.append(write_segment(self._storage, INDEX_NAME, columns))
        self._changed = True

    def finish(self) -> None:
        """Publish: sync the segments, then the table of contents, then the folder; remove what nothing names."""
        if not self._changed:
            return
        self._toc.generation += 1
        self._toc.segments = [one for one in self._toc.segments if one.deleted_count() < one.doc_count_all()]
        self._toc.write(self._storage, INDEX_NAME)
        clean_files(self._storage, INDEX_NAME, self._toc.generation, self._toc.segments)
        for name in self._storage.list():
            # Left by a writer that was killed before its rename; Whoosh overlooks them.
            if ".toc." in name:
                self._storage.delete_file(name)
