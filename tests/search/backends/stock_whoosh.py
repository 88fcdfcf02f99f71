"""The same questions asked of stock Whoosh 2.7.4, over the same files: the oracle that the product's arrays are tested by.

The product never evaluates a query this way. Nodes become stock queries; where several terms stand for one word, a boost
gives them the inverse document frequency of all together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import log
from pathlib import Path

from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F
from whoosh.sorting import FieldFacet

from archive.search import query
from archive.search.backends import analysis
from archive.search.backends.shape import ANALYSED, DAY, EXACT, K1, KEYWORDS, B, fields_of

_ALMOST_NOTHING = 1e-9
"""A constant score; Whoosh takes 0 for "no constant"."""


class _Near(wq.SpanNear2):
    """Whoosh's own has a name error in `estimate_size`."""

    def _and_query(self) -> wq.Query:
        return wq.And(self.qs)


class Compiler:
    """Turns nodes into stock queries over one reader."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self.documents = reader.doc_count_all()

    def _legs(self, legs: list[tuple[str, str]], boost: float) -> list[wq.Query]:
        """Terms that stand for one and the same word: they share an inverse document frequency."""
        counts = [self.reader.doc_frequency(field, term) for field, term in legs]
        together = min(sum(counts), self.documents)
        return [
            wq.Term(field, term, boost=boost * self._idf(together) / self._idf(count))
            for (field, term), count in zip(legs, counts, strict=True)
            if count
        ]

    def _idf(self, count: int) -> float:
        return log(self.documents / (count + 1)) + 1

    def compile(self, node: query.Node) -> wq.Query:
        match node:
            case query.Everything():
                return wq.ConstantScoreQuery(wq.Every(), _ALMOST_NOTHING)
            case query.Nothing():
                return wq.NullQuery
            case query.And(parts):
                return wq.And([self.compile(part) for part in parts]) if parts else self.compile(query.Everything())
            case query.Or(parts):
                return wq.Or([self.compile(part) for part in parts])
            case query.Not(part):
                return wq.ConstantScoreQuery(wq.Not(self.compile(part)), _ALMOST_NOTHING)
            case query.KeywordIn(field, values):
                return self._filter([wq.Term(KEYWORDS[field], value) for value in values])
            case query.Dated(start, end):
                first, last = (day and day.strftime("%Y%m%d") for day in (start, end))
                return wq.ConstantScoreQuery(wq.TermRange(DAY, first or "0", last or "9999999999"), _ALMOST_NOTHING)
            case query.Word(text, field, exact):
                return self._places(field, lambda place, boost: self._word(text, place, exact, boost))
            case query.Prefix(text, field):
                return self._places(field, lambda place, boost: self._prefix(text, place, boost))
            case query.Fuzzy(text, distance, field):
                return self._places(field, lambda place, boost: self._fuzzy(text, distance, place, boost))
            case query.Phrase(words, slop, field):
                return self._places(field, lambda place, boost: self._phrase(words, slop, place, boost))
            case query.Near(left, right, distance, field):
                return self._places(field, lambda place, boost: self._near(left, right, distance, place, boost))
        raise TypeError(f"{node!r} is no resolved query")

    def _filter(self, parts: list[wq.Query]) -> wq.Query:
        return wq.ConstantScoreQuery(wq.Or(parts), _ALMOST_NOTHING)

    def _places(self, field: query.TextField, make: Callable[[query.TextField, float], wq.Query]) -> wq.Query:
        return wq.Or([make(place, boost) for place, boost in fields_of(field)])

    def _forms(self, term: str, place: query.TextField, exact: bool) -> list[tuple[str, str]]:
        if exact or place is query.TextField.BYLINE:
            return [(EXACT[place], term)]
        return [(ANALYSED[place], analysis.analysed(term, stemmed)) for stemmed in (True, False)]

    def _word(self, text: str, place: query.TextField, exact: bool, boost: float) -> wq.Query:
        found: list[wq.Query] = []
        for sequence in analysis.alternatives(text):
            found.extend(self._sequence(sequence, 0, place, exact, boost))
        return wq.Or(found)

    def _sequence(
        self, sequence: tuple[str, ...], slop: int, place: query.TextField, exact: bool, boost: float
    ) -> Iterable[wq.Query]:
        slots = [self._legs(self._forms(term, place, exact), boost) for term in sequence]
        if not all(slots):
            return
        if len(slots) == 1:
            yield from slots[0]
            return
        yield _Near([slot[0] if len(slot) == 1 else wq.Or(slot) for slot in slots], slop=1 + slop)

    def _phrase(self, words: tuple[str, ...], slop: int, place: query.TextField, boost: float) -> wq.Query:
        sequence = tuple(term for word in words for found in analysis.alternatives(word, True)[-1:] for term in found)
        return wq.Or(list(self._sequence(sequence, slop, place, False, boost)))

    def _near(
        self, left: query.Node, right: query.Node, distance: int, place: query.TextField, boost: float
    ) -> wq.Query:
        sides = []
        for side in (left, right):
            match side:
                case query.Word(text, _, exact):
                    sides.append(self._word(text, place, exact, boost))
                case query.Prefix(start):
                    sides.append(self._prefix(start, place, boost))
                case query.Phrase(words, slop):
                    sides.append(self._phrase(words, slop, place, boost))
        return _Near(sides, slop=distance, ordered=False)

    def _prefix(self, text: str, place: query.TextField, boost: float) -> wq.Query:
        start = analysis.single_term(text)
        field = EXACT[place]
        terms = [(field, term.decode()) for term in self.reader.expand_prefix(field, start)]
        return wq.Or(self._legs(terms, boost))

    def _fuzzy(self, text: str, distance: int, place: query.TextField, boost: float) -> wq.Query:
        field = EXACT[place]
        terms = [(field, term) for term in self.reader.terms_within(field, analysis.single_term(text), distance)]
        return wq.Or(self._legs(terms, boost))


@dataclass(frozen=True)
class Answer:
    scores: dict[int, float]
    facets: dict[str, dict[str, int]]


class Stock:
    """Stock Whoosh over the files of a folder as they are now. Opened once: that costs as much as an answer."""

    def __init__(self, folder: Path) -> None:
        index = FileIndex(FileStorage(str(folder)), indexname="MAIN")
        self._searcher = index.searcher(weighting=BM25F(B=B, K1=K1))
        self._compiler = Compiler(self._searcher.reader())

    def ask(self, root: query.Node, facets: Iterable[str]) -> Answer:
        """Scores by article id of all that it finds, and its groups."""
        groups = {name: FieldFacet(name, allow_overlap=True) for name in facets}
        results = self._searcher.search(self._compiler.compile(root), limit=None, groupedby=groups)
        scores = {hit["key"][0]: hit.score for hit in results}
        # Whoosh groups what has no value under None.
        found = {name: {v: len(docs) for v, docs in results.groups(name).items() if v is not None} for name in groups}
        return Answer(scores, found)

    def days(self, root: query.Node) -> dict[int, str]:
        """The day of all that it finds, by article id; "" where none is known."""
        groups = self._searcher.search(
            self._compiler.compile(root), limit=None, groupedby={DAY: FieldFacet(DAY, allow_overlap=True)}
        ).groups(DAY)
        ids = self._searcher.stored_fields
        return {ids(docnum)["key"][0]: day or "" for day, docs in groups.items() for docnum in docs}
