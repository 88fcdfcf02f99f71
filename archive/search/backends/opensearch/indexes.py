"""The indexes behind the archive's name: the live one, the one being built beside it, and the swap of both."""

import time

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from archive.search.backends.opensearch.address import Address
from archive.search.backends.opensearch.asking import asking
from archive.search.backends.opensearch.mapping import body_of


class Indexes:
    """Names are aliases: `NAME` of the live index, `NAME-building` of the one that a rebuild fills."""

    def __init__(self, client: OpenSearch, address: Address) -> None:
        self._client, self._address = client, address
        self.live = address.name
        self.building = f"{address.name}-building"

    def make_live(self) -> None:
        """See that there is a live index; the first name is always the same, so that only one of many makes it."""
        with asking("make its index"):
            if not self._client.indices.exists_alias(name=self.live):
                try:
                    body = body_of(self._address) | {"aliases": {self.live: {}}}
                    self._client.indices.create(index=f"{self.live}-first", body=body)
                except RequestError as error:
                    if error.error != "resource_already_exists_exception":
                        raise

    def targets(self) -> list[str]:
        """Where a change must go: the live index, and the one that is being built if there is one."""
        with asking("name its indexes"):
            return [name for name in (self.live, self.building) if self._client.indices.exists_alias(name=name)]

    def begin(self) -> str:
        """A fresh index to build, without copies until it is full; what an interrupted rebuild left is dropped."""
        with asking("make an index to build"):
            self._drop(self._behind(self.building))
            name = f"{self.live}-{time.time_ns()}"
            body = body_of(self._address)
            body["settings"]["number_of_replicas"] = 0
            self._client.indices.create(index=name, body=body | {"aliases": {self.building: {}}})
            return name

    def swap(self, built: str) -> None:
        """Make a full index the live one, at once for all readers, and drop the one before."""
        with asking("swap its indexes"):
            self._client.indices.put_settings(
                index=built, body={"index": {"number_of_replicas": self._address.replicas}}
            )
            self._client.cluster.health(index=built, wait_for_status="yellow")
            old = self._behind(self.live)
            actions = [{"remove": {"index": name, "alias": self.live}} for name in old]
            actions.append({"remove": {"index": built, "alias": self.building}})
            actions.append({"add": {"index": built, "alias": self.live}})
            self._client.indices.update_aliases(body={"actions": actions})
            self._drop(old)

    def abandon(self, built: str) -> None:
        """Drop an index that will not be finished."""
        with asking("drop an unfinished index"):
            self._drop([built])

    def _behind(self, alias: str) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=alias))
        except NotFoundError:
            return []

    def _drop(self, names: list[str]) -> None:
        for name in names:
            self._client.indices.delete(index=name, ignore_unavailable=True)
