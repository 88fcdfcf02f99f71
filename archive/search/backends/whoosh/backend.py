"""The embedded search backend: Whoosh writes and stores, its segments are read as arrays. See `home` for the layout."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np

from archive.errors import IndexUnavailable
from archive.search.backends import analysis
from archive.search.backends.base import FACETS, Capabilities, Filter, SearchBackend
from archive.search.backends.forms import matched_forms
from archive.search.backends.whoosh import facets as counting
from archive.search.backends.whoosh import ranking
from archive.search.backends.whoosh.arrays import Array
from archive.search.backends.whoosh.compiling import compile_query
from archive.search.backends.whoosh.home import Home
from archive.search.backends.whoosh.plan import Plan
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.backends.whoosh.vocabulary import suggestions
from archive.search.documents import IndexDocument
from archive.search.query import Node, Sort
from archive.search.results import Facet, ResultPage

logger = logging.getLogger(__name__)


class WhooshBackend(SearchBackend):
    """See `SearchBackend`. `path` is the folder that holds everything of this index; it need not exist yet."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        fuzzy=True, near=True, exact_words=True, many_writers=False, facets=FACETS
    )

    def __init__(self, path: str, lock_seconds: float = 30.0) -> None:
        self._home = Home(Path(path), lock_seconds)

    def search(
        self,
        root: Node,
        *,
        filters: tuple[Filter, ...] = (),
        among: frozenset[int] | None = None,
        hidden_sources: frozenset[str] = frozenset(),
        sort: Sort = Sort.RELEVANCE,
        offset: int = 0,
        limit: int = 20,
        facets: tuple[str, ...] = (),
        facet_limit: int = 20,
        collapse: bool = False,
        after: str = "",
    ) -> ResultPage:
        with self._reading() as snapshot:
            if snapshot is None:
                return ResultPage(0, (), tuple(Facet(name, ()) for name in facets))
            plan = compile_query(snapshot, root)
            chosen = [(entry.facet, counting.filter_plan(entry)) for entry in filters]
            matched = [part.visible(plan.docs(part), hidden_sources) for part in snapshot.parts]
            if among is not None:
                wanted = np.fromiter(among, np.int64, len(among))
                pairs = zip(snapshot.parts, matched, strict=True)
                matched = [docs[np.isin(part.columns.ids[docs], wanted)] for part, docs in pairs]
            docs = _narrowed(snapshot, matched, [narrowing for _, narrowing in chosen])
            own = {facet for facet, _ in chosen}
            counted = []
            for name in facets:
                free = docs
                if name in own:
                    free = _narrowed(snapshot, matched, [narrowing for facet, narrowing in chosen if facet != name])
                counted.append(counting.count(snapshot, name, free, facet_limit))
            page = ranking.page(
                snapshot, plan, docs, sort=sort, offset=offset, limit=limit, collapse=collapse, after=after
            )
            return ResultPage(
                sum(map(len, docs)), page.hits, tuple(counted), snapshot.generation, page.stories, page.next
            )

    @contextmanager
    def _reading(self) -> Iterator[Snapshot | None]:
        """What the index says now. Numbers that lead nowhere, in files of the right size, become `IndexUnavailable`."""
        snapshot = self._home.snapshot()
        try:
            yield snapshot
        except (IndexError, ValueError, KeyError, OverflowError, MemoryError) as error:
            logger.exception("The search index answers nonsense")
            raise IndexUnavailable(
                f"The search index could not answer ({error!r}). Browsing goes on; check it with `reindex --verify`."
            ) from error

    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = (), version: int = 0) -> None:
        # The last of several documents with one id counts.
        fresh = {document.id: document for document in documents}
        wanted = {*fresh, *deleted}
        with self._home.writing() as commits:
            for commit, last in commits:
                commit.delete(number for number in wanted if number <= last)
                commit.add(one for number, one in fresh.items() if number <= last)

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], version: int = 0, after: int = 0) -> int:
        """Goes on after an interruption from the last segment that was written whole."""
        return self._home.rebuild(documents, after)

    def interrupted(self) -> int:
        return self._home.unfinished()[1]

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        with self._reading() as snapshot:
            if snapshot is not None:
                yield from snapshot.fingerprints()

    def suggest_terms(
        self, prefix: str, limit: int = 10, *, hidden_sources: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        with self._reading() as snapshot:
            return [] if snapshot is None else suggestions(snapshot, prefix, limit, hidden_sources)

    def matched_forms(self, root: Node, among: frozenset[int] | None = None) -> dict[str, set[str]]:
        with self._reading() as snapshot:
            return matched_forms(snapshot, root)

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        """Several terms can stand for one word: as written, its stem, and joined with its neighbours."""
        return analysis.forms(text, analysis.is_stemmed(language))

    def generation(self) -> str:
        snapshot = self._home.snapshot()
        return "" if snapshot is None else snapshot.generation

    def count(self) -> int:
        snapshot = self._home.snapshot()
        return 0 if snapshot is None else snapshot.alive

    def damages(self) -> list[str]:
        """By the sha256 of each file; reads all of them."""
        return self._home.damages()


def _narrowed(snapshot: Snapshot, matched: list[Array], plans: list[Plan]) -> list[Array]:
    """Those of the documents of each segment that every plan keeps."""
    docs = list(matched)
    for plan in plans:
        docs = [plan.keep(part, found) for part, found in zip(snapshot.parts, docs, strict=True)]
    return docs
