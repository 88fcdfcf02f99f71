"""The indexes behind the archive's name: the live one, the one being built beside it, and the swap of both."""

import hashlib
import json
import time
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from archive.search.backends.opensearch.address import Address
from archive.search.backends.opensearch.asking import asking
from archive.search.backends.opensearch.mapping import body_of

_LONGEST_NS = 20 * 3600 * 10**9
"""Less than `gc_deletes` of the mapping."""


class Indexes:
    """Names are aliases: `NAME` of the live index, `NAME-building` of the one that a rebuild fills."""

    def __init__(self, client: OpenSearch, address: Address) -> None:
        self._client, self._address = client, address
        self.live = address.name
        self.building = f"{address.name}-building"

    def targets(self) -> list[str]:
        """Where a change must go: the live index, made if it is absent, and the one that is being built if any.

        The first index has always the same name, so that only one of many makes it.
        """
        with asking("name its indexes"):
            names = {
                row["alias"] for row in self._client.cat.aliases(name=f"{self.live},{self.building}", format="json")
            }
            if self.live not in names:
                try:
                    body = body_of(self._address) | {"aliases": {self.live: {}}}
                    self._client.indices.create(index=f"{self.live}-first", body=body)
                except RequestError as error:
                    if error.error != "resource_already_exists_exception":
                        raise
            return [self.live, self.building] if self.building in names else [self.live]

    def begin(self) -> str:
        """A fresh index to build, without copies until it is full; what an interrupted rebuild left is dropped."""
        with asking("make an index to build"):
            self._drop(self._behind(self.building))
            name = f"{self.live}-{time.time_ns()}"
            body = body_of(self._address)
            body["settings"]["number_of_replicas"] = 0
            body["mappings"]["_meta"] = self._progress(0)
            self._client.indices.create(index=name, body=body | {"aliases": {self.building: {}}})
            return name

    def note(self, built: str, last: int) -> None:
        """Remember with the index that is being built how far it is."""
        with asking("note how far it is"):
            self._client.indices.put_mapping(index=built, body={"_meta": self._progress(last)})

    def unfinished(self) -> tuple[str, int]:
        """(the index that an interrupted rebuild left, how far it was); ("", 0) if there is none to go on with.

        It has received every change since, as all that is built does. It must be made as a new one would be, and not be
        so old that deletions in it are forgotten.
        """
        with asking("look for an unfinished index"):
            for name in self._behind(self.building):
                meta = self._client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
                is_young = int(name.rpartition("-")[2]) > time.time_ns() - _LONGEST_NS
                if meta.get("last") and meta == self._progress(meta["last"]) and is_young:
                    return name, int(meta["last"])
        return "", 0

    def _progress(self, last: int) -> dict[str, Any]:
        body = json.dumps(body_of(self._address), sort_keys=True)
        return {"last": last, "made": hashlib.sha256(body.encode()).hexdigest()[:16]}

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
