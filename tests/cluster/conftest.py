"""Three real OpenSearch nodes for the tests of this folder, started once and gone afterwards: `make test-cluster`."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from archive.search.backends.opensearch.backend import OpenSearchBackend
from tests.cluster.nodes import Cluster, missing_tools

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three nodes, shared by all tests; one that kills a node starts it again."""
    if lacking := missing_tools():
        pytest.fail(lacking)
    with Cluster(tmp_path_factory.mktemp("opensearch")) as started:
        yield started


@pytest.fixture
def fresh(cluster: Cluster) -> Callable[[str], OpenSearchBackend]:
    """Backends over an index of this test's own; options as SEARCH_URL takes them."""
    name = f"test-{next(_numbers)}"
    return lambda options="shards=3&replicas=1": OpenSearchBackend(f"{cluster.url}/{name}?{options}")
