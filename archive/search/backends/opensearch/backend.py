"""The search backend of an archive that has outgrown one machine: an OpenSearch cluster, by `SEARCH_URL`."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import ClassVar

from opensearchpy.exceptions import NotFoundError

from archive.search.backends import analysis, forms
from archive.search.backends.base import FACETS, Capabilities, Filter, SearchBackend
from archive.search.backends.opensearch import counting, pages, writing
from archive.search.backends.opensearch.address import Address
from archive.search.backends.opensearch.asking import asking
from archive.search.backends.opensearch.compiling import ALWAYS, MAX_EXPANSIONS
from archive.search.backends.opensearch.indexes import Indexes
from archive.search.backends.opensearch.mapping import HASH, ID
from archive.search.backends.opensearch.searching import COMMIT_SEEN, Asked, Search, ask, generation_of, seen
from archive.search.backends.shape import EXACT
from archive.search.documents import IndexDocument
from archive.search.query import Node, Sort, TextField
from archive.search.results import ResultPage

_NOTED = 5_000
"""Documents of a rebuild between two notes of how far it is."""


class OpenSearchBackend(SearchBackend):
    """See `SearchBackend`. Opens no connection before it is asked something."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        fuzzy=True, near=True, exact_words=True, many_writers=True, facets=FACETS
    )

    def __init__(self, url: str) -> None:
        address = Address.parse(url)
        self._client = address.connect()
        self._indexes = Indexes(self._client, address)

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
        return Search(self._client, self._indexes.live, asked).page()

    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = (), version: int = 0) -> None:
        # The last of several documents with one id counts.
        fresh = {document.id: document for document in documents}
        gone = set(deleted) - fresh.keys()
        if not fresh and not gone:
            return
        version = version or _now()
        actions = [writing.index_action(document, version) for document in fresh.values()]
        actions += [writing.delete_action(number, version) for number in gone]
        for index in self._indexes.targets():
            writing.send(self._client, index, [*actions, writing.commit_action(_now())])
            self._refresh(index)

    def _refresh(self, index: str) -> None:
        with asking("show what it took"):
            self._client.indices.refresh(index=index)

    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], version: int = 0, after: int = 0) -> int:
        version = version or _now()
        built = self._indexes.unfinished()[0] if after else self._indexes.begin()
        last = after
        try:
            stream = iter(documents())
            while batch := list(islice(stream, _NOTED)):
                writing.send(self._client, built, (writing.index_action(document, version) for document in batch))
                last = batch[-1].id
                self._indexes.note(built, last)
            writing.send(self._client, built, [writing.commit_action(_now())])
            self._refresh(built)
            with asking("count"):
                count = int(self._client.count(index=built, body={"query": ALWAYS})["count"])
            self._indexes.swap(built)
        except BaseException:
            if not last:
                self._indexes.abandon(built)
            raise
        return count

    def interrupted(self) -> int:
        return self._indexes.unfinished()[1]

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        body = {"query": ALWAYS, "sort": [{ID: "asc"}], "_source": False, "docvalue_fields": [HASH]}
        with asking("list its documents"):
            try:
                for one in pages.walk(self._client, self._indexes.live, body):
                    yield int(one["_id"]), one["fields"][HASH][0]
            except NotFoundError:
                return

    def suggest_terms(
        self, prefix: str, limit: int = 10, *, hidden_sources: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        word = analysis.single_term(prefix)
        starting = {"prefix": {EXACT[TextField.ANYWHERE]: {"value": word}}}
        body = {"query": seen(starting, None, hidden_sources), "size": 0, "_source": False}
        candidates = counting.FIRST_CANDIDATES
        while True:
            answer = ask(
                self._client,
                self._indexes.live,
                body | {"aggs": {"words": counting.word_counts(word, limit, candidates)}},
            )
            if answer is None:
                return []
            values = answer["aggregations"]["words"]
            if counting.is_exact(values, limit) or candidates >= counting.MOST_CANDIDATES:
                return [(one["key"], one["doc_count"]) for one in values["buckets"][:limit]]
            candidates *= 10

    def matched_forms(self, root: Node) -> dict[str, set[str]]:
        return forms.matched_forms(self, root)

    def starting(self, place: TextField, text: str) -> list[str]:
        """See `forms.Vocabulary`."""
        return [word for word, _ in self.suggest_terms(text, MAX_EXPANSIONS)]

    def within(self, place: TextField, text: str, distance: int) -> list[str]:
        """See `forms.Vocabulary`; the server's own speller walks its terms."""
        word = analysis.single_term(text)
        speller = {
            "field": EXACT[place], "suggest_mode": "always", "max_edits": min(max(distance, 1), 2), "prefix_length": 0,
            "min_word_length": 1, "size": MAX_EXPANSIONS, "shard_size": MAX_EXPANSIONS, "max_inspections": 1_000,
            "accuracy": 0.0,
        }  # fmt: skip
        body = {"size": 0, "query": {"match_none": {}}, "suggest": {"near": {"text": word, "term": speller}}}
        answer = ask(self._client, self._indexes.live, body)
        found = answer["suggest"]["near"] if answer else []
        return sorted({word, *(option["text"] for entry in found for option in entry["options"])})

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        """As the embedded engine's: the analysis is the same."""
        return analysis.forms(text, analysis.is_stemmed(language))

    def generation(self) -> str:
        answer = ask(self._client, self._indexes.live, {"size": 0, "query": {"match_none": {}}, "aggs": COMMIT_SEEN})
        return "" if answer is None else generation_of(answer)

    def count(self) -> int:
        with asking("count"):
            try:
                return int(self._client.count(index=self._indexes.live, body={"query": ALWAYS})["count"])
            except NotFoundError:
                return 0


def _now() -> int:
    """Microseconds; of all that write to one index only the order matters."""
    return time.time_ns() // 1_000
