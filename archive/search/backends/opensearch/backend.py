"""The search backend of an archive that has outgrown one machine: an OpenSearch cluster, by `SEARCH_URL`."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import ClassVar

from opensearchpy.exceptions import NotFoundError

from archive.errors import IndexUnavailable
from archive.search.backends import analysis, forms
from archive.search.backends.base import FACETS, Capabilities, Filter, SearchBackend
from archive.search.backends.opensearch import counting, pages, writing
from archive.search.backends.opensearch.address import Address
from archive.search.backends.opensearch.asking import Cluster
from archive.search.backends.opensearch.compiling import ALWAYS, MAX_EXPANSIONS
from archive.search.backends.opensearch.indexes import Indexes
from archive.search.backends.opensearch.mapping import COMMIT, COMMIT_ID, HASH, ID
from archive.search.backends.opensearch.searching import Asked, Search, ask, seen
from archive.search.backends.shape import EXACT
from archive.search.documents import IndexDocument
from archive.search.query import Node, Sort, TextField
from archive.search.results import ResultPage

_NOTED = 5_000
"""Documents of a rebuild between two notes of how far it is."""
_SWAPS = 5
"""So many swaps in a row may come between a change and its index."""


class OpenSearchBackend(SearchBackend):
    """See `SearchBackend`. Opens no connection before it is asked something."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        fuzzy=True, near=True, exact_words=True, many_writers=True, facets=FACETS
    )

    def __init__(self, url: str) -> None:
        address = Address.parse(url)
        self._cluster = Cluster(address.connect())
        self._indexes = Indexes(self._cluster, address)

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
        asked = Asked(root, filters, among, hidden_sources, sort, offset, limit, facets, facet_limit, collapse, after)
        return Search(self._cluster, self._indexes.live, asked).page()

    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = (), version: int = 0) -> None:
        # The last of several documents with one id counts.
        fresh = {document.id: document for document in documents}
        gone = set(deleted) - fresh.keys()
        if not fresh and not gone:
            return
        version = version or _now()
        actions = [writing.index_action(document, version) for document in fresh.values()]
        actions += [writing.delete_action(number, version) for number in gone]
        for _ in range(_SWAPS):
            refused: dict[int, str] = {}
            try:
                for alias in self._indexes.targets():
                    refused |= writing.send(self._cluster, alias, [*actions, writing.commit_action(_now())])
                    self._refresh(alias)
            except (writing.Swapped, NotFoundError):
                # What took the change may be the index that was replaced, so all of it goes to where readers are now.
                continue
            writing.complain(refused)
            return
        raise IndexUnavailable("The index was replaced again and again during a change; it stays queued.")

    def _refresh(self, index: str) -> None:
        self._cluster.write("show what it took", self._cluster.client.indices.refresh, index=index)

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], version: int = 0, after: int = 0) -> int:
        version = version or _now()
        built = self._indexes.unfinished()[0] if after else self._indexes.begin()
        last = after
        refused: dict[int, str] = {}
        try:
            stream = iter(documents())
            while batch := list(islice(stream, _NOTED)):
                actions = [writing.index_action(document, version) for document in batch]
                refused |= writing.send(self._cluster, self._indexes.building, actions)
                last = batch[-1].id
                self._indexes.note(built, last)
            refused |= writing.send(self._cluster, self._indexes.building, [writing.commit_action(_now())])
            self._refresh(built)
            count = self._count(built)
            self._indexes.swap(built)
        except writing.Swapped as error:
            raise IndexUnavailable(f"The index {built} was dropped while it was built; rebuild again.") from error
        except BaseException:
            if not last:
                self._indexes.abandon(built)
            raise
        writing.complain(refused)
        return count

    def interrupted(self) -> int:
        return self._indexes.unfinished()[1]

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        body = {"query": ALWAYS, "sort": [{ID: "asc"}], "_source": False, "docvalue_fields": [HASH]}
        try:
            for one in pages.walk(self._cluster, self._indexes.live, body):
                yield int(one["_id"]), one["fields"][HASH][0]
        except NotFoundError:
            return

    def suggest_terms(
        self, prefix: str, limit: int = 10, *, hidden_sources: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        return self._words(prefix, limit, None, hidden_sources)

    def _words(
        self, prefix: str, limit: int, among: frozenset[int] | None, hidden_sources: frozenset[str]
    ) -> list[tuple[str, int]]:
        word = analysis.single_term(prefix)
        # Of a few articles all words are looked at: quicker than all articles with such words.
        starting = {"prefix": {EXACT[TextField.ANYWHERE]: {"value": word}}} if among is None else ALWAYS
        body = {"query": seen(starting, among, hidden_sources), "size": 0, "_source": False}
        candidates = counting.FIRST_CANDIDATES
        while True:
            answer = ask(
                self._cluster,
                self._indexes.live,
                body | {"aggs": {"words": counting.word_counts(word, limit, candidates)}},
            )
            if answer is None:
                return []
            values = answer["aggregations"]["words"]
            if counting.is_exact(values, limit) or candidates >= counting.MOST_CANDIDATES:
                return [(one["key"], one["doc_count"]) for one in values["buckets"][:limit]]
            candidates *= 10

    def matched_forms(self, root: Node, among: frozenset[int] | None = None) -> dict[str, set[str]]:
        return forms.matched_forms(_Vocabulary(self, among), root)

    def starting(self, text: str, among: frozenset[int] | None) -> list[str]:
        """The words of these articles, or of all, that start so."""
        return [word for word, _ in self._words(text, MAX_EXPANSIONS, among, frozenset())]

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        """The words of a field within a distance; the server's own speller walks its terms."""
        word = analysis.single_term(text)
        speller = {
            "field": EXACT[place], "suggest_mode": "always", "max_edits": min(max(distance, 1), 2), "prefix_length": 0,
            "min_word_length": 1, "size": MAX_EXPANSIONS, "shard_size": MAX_EXPANSIONS, "max_inspections": 1_000,
            "accuracy": 0.0,
        }  # fmt: skip
        body = {"size": 0, "query": {"match_none": {}}, "suggest": {"near": {"text": word, "term": speller}}}
        answer = ask(self._cluster, self._indexes.live, body)
        found = answer["suggest"]["near"] if answer else []
        return sorted({word, *(option["text"] for entry in found for option in entry["options"])})

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        """As the embedded engine's: the analysis is the same."""
        return analysis.forms(text, analysis.is_stemmed(language))

    def generation(self) -> str:
        body = {"query": {"ids": {"values": [COMMIT_ID]}}, "_source": False, "docvalue_fields": [COMMIT]}
        answer = ask(self._cluster, self._indexes.live, body | {"size": 1, "track_total_hits": False})
        if answer is None:
            return ""
        found = answer["hits"]["hits"]
        return str(found[0]["fields"][COMMIT][0]) if found else "0"

    def count(self) -> int:
        return self._count(self._indexes.live)

    def _count(self, index: str) -> int:
        answer = ask(self._cluster, index, {"query": ALWAYS, "size": 0, "track_total_hits": True})
        return 0 if answer is None else int(answer["hits"]["total"]["value"])


class _Vocabulary:
    """The words of some articles, or of the whole index; see `forms.Vocabulary`."""

    def __init__(self, backend: OpenSearchBackend, among: frozenset[int] | None) -> None:
        self._backend, self._among = backend, among
        self._known: dict[str, list[str]] = {}

    def starting(self, place: TextField, text: str) -> list[str]:
        """Words of the body, whatever the place: asked once for all of them."""
        if text not in self._known:
            self._known[text] = self._backend.starting(text, self._among)
        return self._known[text]

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        return self._backend.within(place, text, distance)


def _now() -> int:
    """Microseconds; of all that write to one index only the order matters."""
    return time.time_ns() // 1_000
