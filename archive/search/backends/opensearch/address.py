"""SEARCH_URL → where the cluster is and what its index is to be like."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from opensearchpy import OpenSearch

from archive.errors import ArchiveError

SCHEMES = ("opensearch", "opensearchs")
_OTHER_NODES = 1
"""Asked at once when one does not answer; what comes after that takes pauses (asking.py)."""


@dataclass(frozen=True, slots=True)
class Address:
    """`opensearch://HOST:PORT,HOST:PORT/NAME?shards=3&replicas=1`; `opensearchs://USER:PASSWORD@…` over TLS."""

    hosts: tuple[str, ...]
    name: str
    shards: int
    replicas: int
    tls: bool
    credentials: tuple[str, str] | None

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises `ArchiveError` for what is no such address."""
        scheme, _, _ = url.partition("://")
        split = urlsplit(url)
        login, _, hosts = split.netloc.rpartition("@")
        options = {key: values[-1] for key, values in parse_qs(split.query).items()}
        try:
            shards, replicas = int(options.pop("shards", 1)), int(options.pop("replicas", 1))
        except ValueError:
            raise ArchiveError("In SEARCH_URL shards= and replicas= are numbers.") from None
        if scheme not in SCHEMES or not hosts or options or not 1 <= shards <= 1024 or not 0 <= replicas <= 100:
            raise ArchiveError(
                "SEARCH_URL of a cluster is opensearch://HOST:PORT[,HOST:PORT…][/NAME][?shards=3&replicas=1]."
            )
        user, _, password = login.partition(":")
        return cls(
            hosts=tuple(host if ":" in host else f"{host}:9200" for host in hosts.split(",") if host),
            name=split.path.strip("/") or "archive",
            shards=shards,
            replicas=replicas,
            tls=scheme == "opensearchs",
            credentials=(unquote(user), unquote(password)) if login else None,
        )

    def connect(self) -> OpenSearch:
        """A client; it opens no connection before it is asked something, and threads may share it."""
        hosts: list[dict[str, Any]] = []
        for host in self.hosts:
            name, _, port = host.rpartition(":")
            hosts.append({"host": name, "port": int(port)})
        return OpenSearch(
            hosts=hosts,
            use_ssl=self.tls,
            verify_certs=self.tls,
            http_auth=self.credentials,
            http_compress=True,
            max_retries=_OTHER_NODES,
            retry_on_timeout=True,
            retry_on_status=(),
            pool_maxsize=16,
        )
