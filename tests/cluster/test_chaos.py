"""A node dies while readers search and a writer indexes: no reader notices, and nothing is lost."""

import threading
import time
from collections.abc import Callable

import pytest

from archive.errors import IndexUnavailable
from archive.search.backends.opensearch.backend import OpenSearchBackend
from archive.search.query import Everything, Phrase, Word
from tests.cluster.nodes import Cluster
from tests.search.library import document


class Readers:
    """Search in threads of their own until told to stop; whatever goes wrong is kept."""

    def __init__(self, backend: OpenSearchBackend, count: int) -> None:
        self.errors: list[Exception] = []
        self.totals: set[int] = set()
        self.searches = 0
        self._backend, self._stop = backend, threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(count)]

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                page = self._backend.search(Phrase(("crude", "oil")), facets=("source",))
                self.totals.add(page.total)
                self.searches += 1
                assert sum(one.count for one in page.facets[0].values) == page.total
            except Exception as error:
                self.errors.append(error)

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("victim", [0, 2])
def test_a_node_is_killed_under_readers_and_a_writer(
    cluster: Cluster, fresh: Callable[..., OpenSearchBackend], victim: int
) -> None:
    backend = fresh("shards=3&replicas=1")
    backend.update([document(number, "crude oil") for number in range(200)])
    cluster.wait_for_nodes(3, "green")
    with Readers(backend, 4) as readers:
        time.sleep(1)
        cluster.kill(victim)
        for first in range(200, 300, 20):
            backend.update([document(number, "crude oil") for number in range(first, first + 20)])
        time.sleep(2)
    cluster.start(victim)
    cluster.wait_for_nodes(3, "green")
    assert readers.errors == []
    assert readers.searches > 10
    # Shards show a commit one after another; without a shard there would be about 133.
    assert 200 <= min(readers.totals) <= max(readers.totals) <= 300, "nobody was shown a part of the index"
    assert dict(backend.fingerprints()) == {number: f"hash-{number}" for number in range(300)}
    assert backend.search(Word("oil")).total == 300


def test_a_search_sees_the_old_index_or_the_new_one(fresh: Callable[..., OpenSearchBackend]) -> None:
    backend = fresh("shards=3&replicas=1")
    backend.update([document(number, "crude oil") for number in range(100)])
    with Readers(backend, 4) as readers:
        for _ in range(2):
            backend.rebuild(lambda: (document(number, "crude oil") for number in range(1_000, 1_250)))
            backend.rebuild(lambda: (document(number, "crude oil") for number in range(100)))
    assert readers.errors == []
    assert readers.totals == {100, 250}


def test_without_any_node_the_archive_says_so(cluster: Cluster) -> None:
    nobody = OpenSearchBackend("opensearch://127.0.0.1:9/archive")
    for act in (
        lambda: nobody.search(Everything()),
        lambda: nobody.update([document(1)]),
        nobody.count,
        nobody.generation,
    ):
        with pytest.raises(IndexUnavailable, match=r"no node answered|could not"):
            act()
