"""The index as one commit left it: what a reader holds while it answers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from whoosh.index import TOC, FileIndex
from whoosh.reading import IndexReader

from archive.search.backends.whoosh import analysis
from archive.search.backends.whoosh.schema import EXACT
from archive.search.backends.whoosh.storage import SafeStorage
from archive.search.query import TextField


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    moment: int
    facets: dict[str, tuple[str, ...]]


class Snapshot:
    """Immutable; shared by threads."""

    def __init__(self, build: str, number: int, reader: IndexReader) -> None:
        self.build = build
        self.number = number
        self.reader = reader
        self.generation = f"{build.removeprefix('build-')}.{number}"

    @classmethod
    def open(cls, storage: SafeStorage, name: str, build: str, held: "Snapshot | None") -> "Snapshot":
        """The newest commit of a build. Raises nearly anything when files are damaged or just being replaced."""
        toc = TOC.read(storage, name)
        return cls(build, toc.generation, FileIndex._reader(storage, toc.schema, toc.segments, toc.generation))

    @cached_property
    def rows(self) -> dict[int, Row]:
        return {docnum: _row(fields["key"]) for docnum, fields in self.reader.iter_docs()}

    def starting(self, place: TextField, text: str, limit: int = 2_000) -> list[str]:
        """The exact terms of a place that start so, in order."""
        found = self.reader.expand_prefix(EXACT[place], analysis.folded(text))
        return [term.decode() for term in islice(found, limit)]

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        """The exact terms of a place within so many insertions, deletions and replacements."""
        return list(self.reader.terms_within(EXACT[place], analysis.folded(text), distance))


def _row(key: tuple[int, str, int, date | None, dict[str, tuple[str, ...]]]) -> Row:
    number, _, moment, day, keywords = key
    year, month = (f"{day:%Y}", f"{day:%Y-%m}") if day else ("", "")
    return Row(number, moment, {**keywords, "year": (year,), "month": (month,)})
