"""The cluster keeps the same contract as the embedded engine, on one shard and on several."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from archive.search.backends.base import FACETS, Filter, SearchBackend
from archive.search.backends.opensearch.backend import OpenSearchBackend
from archive.search.backends.opensearch.searching import Search
from archive.search.documents import IndexDocument
from archive.search.query import Everything, Prefix, Sort, Word
from archive.search.results import Hit
from tests.cluster.nodes import Cluster
from tests.search.backends.test_whoosh_contract import random_document, random_node
from tests.search.contract import SearchBackendContract
from tests.search.library import document
from tests.search.reference import ReferenceBackend


class TestOnOneShard(SearchBackendContract):
    options: ClassVar = "replicas=0"
    url: ClassVar = ""

    @pytest.fixture(scope="class", autouse=True)
    def started(self, cluster: Cluster) -> None:
        type(self).url = cluster.url

    @classmethod
    def make(cls, folder: Path) -> SearchBackend:  # type: ignore[override]  # needs to know where the cluster is
        return OpenSearchBackend(f"{cls.url}/{cls.__name__}-{folder.name}?{cls.options}".lower())

    @classmethod
    def same(cls, backend: SearchBackend, folder: Path) -> SearchBackend:  # type: ignore[override]  # as above
        return cls.make(folder)


class TestOnThreeShards(TestOnOneShard):
    options: ClassVar = "shards=3&replicas=0"


def test_random_queries_find_what_looking_at_every_document_finds(fresh: Callable[..., OpenSearchBackend]) -> None:
    rng = random.Random(5)
    oracle, backend = ReferenceBackend(), fresh("shards=3&replicas=0")
    for first in range(0, 90, 30):
        documents = [random_document(rng, number) for number in range(first, first + 35)]
        deleted = rng.sample(range(first), min(first, 5))
        for one in (oracle, backend):
            one.update(documents, deleted)
    for _ in range(120):
        root = random_node(rng, 2)
        filters = (Filter("source", ("afp", "times"), exclude=rng.random() < 0.5),) if rng.random() < 0.5 else ()
        sort = rng.choice((Sort.NEWEST, Sort.OLDEST))
        options = {
            "filters": filters, "sort": sort, "facets": FACETS, "limit": 30, "offset": rng.choice((0, 7)),
            "hidden_sources": rng.choice((frozenset(), frozenset({"times"}))), "collapse": rng.random() < 0.5,
        }  # fmt: skip
        ours, expected = backend.search(root, **options), oracle.search(root, **options)
        assert [hit.article_id for hit in ours.hits] == [hit.article_id for hit in expected.hits], root
        assert [sorted(hit.others) for hit in ours.hits] == [sorted(hit.others) for hit in expected.hits], root
        assert (ours.total, ours.stories, ours.facets) == (expected.total, expected.stories, expected.facets), root


def test_pages_go_on_beyond_the_server_s_window(fresh: Callable[..., OpenSearchBackend]) -> None:
    backend = fresh("shards=3&replicas=0")
    backend.rebuild(lambda: (document(number, "oil") for number in range(1, 10_101)))
    page = backend.search(Word("oil"), sort=Sort.OLDEST, offset=10_090, limit=50)
    assert (page.total, [hit.article_id for hit in page.hits]) == (10_100, list(range(10_091, 10_101)))
    assert len(backend.search(Everything(), limit=20_000).hits) == 10_100
    assert len(dict(backend.fingerprints())) == 10_100


def test_a_late_write_never_wins_over_a_newer_one(fresh: Callable[..., OpenSearchBackend]) -> None:
    backend = fresh()
    backend.update([document(1, "zinc")], version=200)
    backend.update([document(1, "oil")], version=100)
    assert (backend.search(Word("zinc")).total, backend.search(Word("oil")).total) == (1, 0)
    backend.update([], deleted=[1], version=300)
    backend.update([document(1, "oil")], version=250)
    assert backend.count() == 0


def test_what_changes_while_a_rebuild_reads_is_in_the_new_index(fresh: Callable[..., OpenSearchBackend]) -> None:
    backend = fresh()
    backend.update([document(1, "oil"), document(2, "oil"), document(3, "oil")])

    def documents() -> list:  # type: ignore[type-arg]  # of IndexDocument
        read = [document(1, "oil"), document(2, "oil"), document(3, "oil")]
        backend.update([document(1, "zinc"), document(4, "zinc")], deleted=[2])
        return read

    assert backend.rebuild(documents) == 3
    assert {hit.article_id for hit in backend.search(Word("zinc")).hits} == {1, 4}
    assert {hit.article_id for hit in backend.search(Word("oil")).hits} == {3}


def test_a_rebuild_that_was_interrupted_goes_on_where_it_was(
    fresh: Callable[..., OpenSearchBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.backends.opensearch.backend._NOTED", 10)
    backend = fresh()
    backend.update([document(1, "oil"), document(2, "oil")])

    def dies() -> Iterator[IndexDocument]:
        yield from (document(number, "oil") for number in range(1, 26))
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        backend.rebuild(dies)
    another = fresh()
    assert another.interrupted() == 20
    another.update([document(3, "zinc")], deleted=[5])
    assert backend.search(Word("oil")).total == 2, "readers still have the old index"
    assert another.rebuild(lambda: [document(number, "oil") for number in range(21, 31)], after=20) == 29
    assert [hit.article_id for hit in another.search(Word("zinc")).hits] == [3]
    assert another.search(Word("oil")).total == 28
    assert another.interrupted() == 0


def test_a_change_that_meets_a_swap_is_in_the_new_index_and_breaks_no_rebuild(
    fresh: Callable[..., OpenSearchBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, another = fresh(), fresh()
    backend.update([document(1, "oil")])
    plain = another._indexes.targets
    looks = 0

    def swapped_after_the_look() -> list[str]:
        nonlocal looks
        looks += 1
        names = plain()
        if looks == 1:
            backend._indexes.swap(names_of_built[0])
        return names

    names_of_built = [backend._indexes.begin()]
    monkeypatch.setattr(another._indexes, "targets", swapped_after_the_look)
    another.update([document(2, "zinc")])
    assert looks == 2
    assert backend.search(Word("zinc")).total == 1
    assert backend.rebuild(lambda: [document(1, "oil"), document(2, "zinc")]) == 2
    assert backend.search(Word("zinc")).total == 1


def test_an_index_that_bears_the_name_of_the_built_one_stops_no_rebuild(
    fresh: Callable[..., OpenSearchBackend],
) -> None:
    """An older version's bulk made such a one."""
    backend = fresh()
    backend._cluster.client.indices.create(index=backend._indexes.building)
    assert backend.rebuild(lambda: [document(1, "oil")]) == 1


def test_who_began_with_the_old_index_ends_with_it(
    fresh: Callable[..., OpenSearchBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies are asked after the page: a swap in between would have told of none, or of others."""
    backend, another = fresh(), fresh()
    family = [document(number, "oil", family=5) for number in (1, 2, 3)]
    backend.update(family)
    plain = Search._hits

    def swapped_before(self: Search, found: list[dict[str, Any]]) -> tuple[Hit, ...]:
        another.rebuild(lambda: [document(9, "oil")])
        return plain(self, found)

    monkeypatch.setattr(Search, "_hits", swapped_before)
    (hit,) = backend.search(Word("oil"), collapse=True).hits
    assert sorted((hit.article_id, *hit.others)) == [1, 2, 3]
    monkeypatch.undo()
    assert [hit.article_id for hit in backend.search(Word("oil"), collapse=True).hits] == [9]
    monkeypatch.setattr("archive.search.backends.opensearch.indexes.RETIRED_SECONDS", -2)
    backend.update([document(10, "oil")])
    kept = backend._cluster.client.cat.indices(index=f"{backend._indexes.live}-*", format="json")
    assert len(kept) == 1, "what was replaced long ago is gone"


def test_of_a_prefix_only_the_words_of_the_page_are_told(fresh: Callable[..., OpenSearchBackend]) -> None:
    backend = fresh()
    backend.update([document(1, "banker"), document(2, "bankrupt")])
    assert backend.matched_forms(Prefix("bank"))["body"] == {"banker", "bankrupt"}
    assert backend.matched_forms(Prefix("bank"), frozenset({2}))["body"] == {"bankrupt"}


@pytest.mark.parametrize("facet_limit", [1, 5])
def test_facets_are_exact_though_no_shard_knows_them_all(
    fresh: Callable[..., OpenSearchBackend], monkeypatch: pytest.MonkeyPatch, facet_limit: int
) -> None:
    monkeypatch.setattr("archive.search.backends.opensearch.counting.FIRST_CANDIDATES", 1)
    monkeypatch.setattr("archive.search.backends.opensearch.counting._SPARE", 2)
    rng = random.Random(3)
    oracle, backend = ReferenceBackend(), fresh("shards=3&replicas=0")
    people = [f"person-{number}" for number in range(40)]
    documents = [document(number, "oil", people=tuple(rng.sample(people, 5))) for number in range(300)]
    for one in (oracle, backend):
        one.update(documents)
    options = {"facets": ("person",), "facet_limit": facet_limit}
    assert backend.search(Word("oil"), **options).facets == oracle.search(Word("oil"), **options).facets  # type: ignore[arg-type]  # keywords
