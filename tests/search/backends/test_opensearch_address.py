"""SEARCH_URL of a cluster, as the contract spells it; no node is asked."""

import pytest

from archive.errors import ArchiveError
from archive.search.backends.opensearch.address import Address


def test_hosts_prefix_and_options_are_read() -> None:
    address = Address.parse("opensearch://one:9201,two/press?shards=3&replicas=0")
    assert (address.hosts, address.name) == (("one:9201", "two:9200"), "press")
    assert (address.shards, address.replicas, address.tls, address.credentials) == (3, 0, False, None)


def test_tls_and_credentials_with_escapes() -> None:
    address = Address.parse("opensearchs://desk:p%40ss@one:9200/press")
    assert (address.tls, address.credentials) == (True, ("desk", "p@ss"))


@pytest.mark.parametrize(
    "url", ["opensearch://", "https://one/press", "opensearch://one/x?shards=many", "opensearch://one/x?y=1"]
)
def test_what_is_no_such_address_is_refused(url: str) -> None:
    with pytest.raises(ArchiveError, match="SEARCH_URL"):
        Address.parse(url)
