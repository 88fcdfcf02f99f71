"""The embedded search backend over a folder of Whoosh indexes; how it is laid out and healed is in home.py."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from whoosh import query as wq
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from archive.search import query
from archive.search.backends.base import FACETS, Capabilities, Filter, SearchBackend
from archive.search.backends.whoosh import analysis, schema, writing
from archive.search.backends.whoosh.forms import matched_forms
from archive.search.backends.whoosh.home import Home
from archive.search.backends.whoosh.stock import Compiler
from archive.search.documents import IndexDocument
from archive.search.query import Node, Sort
from archive.search.results import Facet, FacetValue, Hit, ResultPage


class WhooshBackend(SearchBackend):
    """See `SearchBackend`. `path` is the folder that holds everything of this index; it need not exist yet."""

    capabilities: ClassVar[Capabilities] = Capabilities(fuzzy=True, near=True, exact_words=True, facets=FACETS)

    def __init__(self, path: str, lock_seconds: float = 30.0) -> None:
        self._home = Home(Path(path), lock_seconds)

    def search(
        self,
        root: Node,
        *,
        filters: tuple[Filter, ...] = (),
        sort: Sort = Sort.RELEVANCE,
        offset: int = 0,
        limit: int = 20,
        facets: tuple[str, ...] = (),
        facet_limit: int = 20,
    ) -> ResultPage:
        snapshot = self._home.snapshot()
        if snapshot is None:
            return ResultPage(0, (), tuple(Facet(name, ()) for name in facets), self.generation())
        searcher = Searcher(snapshot.reader, weighting=BM25F(B=schema.B, K1=schema.K1))
        compiled = Compiler(snapshot.reader).compile(root)
        base = {entry: _matches(searcher, _filter_query(entry)) for entry in filters}
        scores = _scores(searcher, compiled)

        def narrowed(without: str | None) -> list[int]:
            found = set(scores)
            for entry, matches in base.items():
                if entry.facet != without:
                    found = found - matches if entry.exclude else found & matches
            return sorted(found)

        found = narrowed(None)
        rows = snapshot.rows
        if sort is Sort.RELEVANCE:
            found.sort(key=lambda docnum: (-scores[docnum], -rows[docnum].moment, -rows[docnum].id))
        else:
            sign = -1 if sort is Sort.NEWEST else 1
            found.sort(
                key=lambda docnum: (
                    rows[docnum].moment == schema.UNKNOWN_MOMENT,
                    sign * rows[docnum].moment,
                    sign * rows[docnum].id,
                )
            )
        hits = tuple(Hit(rows[docnum].id, scores[docnum]) for docnum in found[offset : offset + limit])
        counted = tuple(
            Facet(name, _count(name, [rows[docnum].facets for docnum in narrowed(name)], facet_limit))
            for name in facets
        )
        return ResultPage(len(found), hits, counted, snapshot.generation)

    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = ()) -> None:
        with self._home.writing() as index:
            writing.update(index, documents, deleted)

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]]) -> int:
        return self._home.rebuild(lambda index: writing.update(index, documents(), ()))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        snapshot = self._home.snapshot()
        found = [] if snapshot is None else [fields["key"][:2] for _, fields in snapshot.reader.iter_docs()]
        yield from found

    def suggest_terms(self, prefix: str, limit: int = 10) -> list[tuple[str, int]]:
        snapshot = self._home.snapshot()
        if snapshot is None:
            return []
        field = schema.EXACT[query.TextField.ANYWHERE]
        terms = (term.decode() for term in snapshot.reader.expand_prefix(field, analysis.folded(prefix)))
        counted = [(term, snapshot.reader.doc_frequency(field, term)) for term in terms]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def matched_forms(self, root: Node) -> dict[str, set[str]]:
        return matched_forms(self._home.snapshot(), root)

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        stemmed = analysis.is_stemmed(language)
        found: list[tuple[str, int, int]] = []
        for token in analysis.tokens(text):
            found.append((token.term, token.start, token.end))
            if stemmed and (stem := analysis.stem(token.term)) != token.term:
                found.append((stem, token.start, token.end))
        return found

    def generation(self) -> str:
        snapshot = self._home.snapshot()
        return "" if snapshot is None else snapshot.generation

    def count(self) -> int:
        snapshot = self._home.snapshot()
        return 0 if snapshot is None else snapshot.reader.doc_count()


def _filter_query(entry: Filter) -> wq.Query:
    if entry.facet in ("year", "month"):
        return wq.Or([wq.Prefix(schema.DAY, value.replace("-", "")) for value in entry.values])
    return wq.Or([wq.Term(entry.facet, value) for value in entry.values])


def _matches(searcher: Searcher, compiled: wq.Query) -> set[int]:
    return set(compiled.docs(searcher))


def _scores(searcher: Searcher, compiled: wq.Query) -> dict[int, float]:
    found = {}
    for sub, base in searcher.leaf_searchers():
        matcher = compiled.matcher(sub, None)
        while matcher.is_active():
            docnum = matcher.id()
            if not sub.reader().is_deleted(docnum):
                found[base + docnum] = matcher.score()
            matcher.next()
    return found


def _count(name: str, rows: list[dict[str, tuple[str, ...]]], limit: int) -> tuple[FacetValue, ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.get(name, ()))
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    return tuple(FacetValue(value, count) for value, count in best)
