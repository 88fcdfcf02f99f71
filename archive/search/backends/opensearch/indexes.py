"""The indexes behind the archive's name: the live one, the one being built beside it, and the swap of both."""

import hashlib
import json
import logging
import time
from typing import Any

from opensearchpy.exceptions import NotFoundError

from archive.errors import IndexUnavailable
from archive.search.backends.opensearch.address import Address
from archive.search.backends.opensearch.asking import Cluster
from archive.search.backends.opensearch.mapping import body_of

logger = logging.getLogger(__name__)

_LONGEST_NS = 20 * 3600 * 10**9
"""Less than `gc_deletes` of the mapping."""
RETIRED_SECONDS = 300
"""So long an index that was replaced is kept for those who are still reading it."""
GREEN_SECONDS = 300.0
"""So long a swap waits for the copies of a new index."""


class Indexes:
    """Names are aliases: `NAME` of the live index, `NAME-building` of the one that a rebuild fills, and
    `NAME-retired-SECONDS` of one that was replaced then.
    """

    def __init__(self, cluster: Cluster, address: Address) -> None:
        self._cluster, self._client, self._address = cluster, cluster.client, address
        self.live = address.name
        self.building = f"{address.name}-building"
        self._retired = f"{address.name}-retired-"

    def targets(self) -> list[str]:
        """Where a change must go: the live index, made if it is absent, and the one that is being built if any.

        The first index has always the same name, so that only one of many makes it. What was replaced long ago is
        dropped.
        """
        asked = f"{self.live},{self.building},{self._retired}*"
        rows = self._cluster.write("name its indexes", self._client.cat.aliases, name=asked, format="json")
        names = {row["alias"] for row in rows}
        self._drop([row["index"] for row in rows if self._is_over(row["alias"])])
        if self.live not in names:
            first, body = f"{self.live}-first", body_of(self._address) | {"aliases": {self.live: {}}}
            try:
                self._cluster.write("make its index", self._client.indices.create, index=first, body=body)
            except IndexUnavailable as error:
                if getattr(error.__cause__, "error", "") != "resource_already_exists_exception":
                    raise
        return [self.live, self.building] if self.building in names else [self.live]

    def _is_over(self, alias: str) -> bool:
        since = alias.removeprefix(self._retired)
        return since != alias and since.isdecimal() and int(since) < time.time() - RETIRED_SECONDS

    def begin(self) -> str:
        """A fresh index to build, without copies until it is full; what an interrupted rebuild left is dropped."""
        self.targets()
        self._drop(self._behind(self.building))
        name = f"{self.live}-{time.time_ns()}"
        body = body_of(self._address)
        body["settings"]["number_of_replicas"] = 0
        body["mappings"]["_meta"] = self._progress(0)
        body["aliases"] = {self.building: {}}
        self._cluster.write("make an index to build", self._client.indices.create, index=name, body=body)
        return name

    def note(self, built: str, last: int) -> None:
        """Remember with the index that is being built how far it is."""
        meta = {"_meta": self._progress(last)}
        self._cluster.write("note how far it is", self._client.indices.put_mapping, index=built, body=meta)

    def unfinished(self) -> tuple[str, int]:
        """(the index that an interrupted rebuild left, how far it was); ("", 0) if there is none to go on with.

        It has received every change since, as all that is built does. It must be made as a new one would be, and not be
        so old that deletions in it are forgotten.
        """
        for name in self._behind(self.building):
            found = self._cluster.write("look for an unfinished index", self._client.indices.get_mapping, index=name)
            meta = found[name]["mappings"].get("_meta", {})
            made = name.rpartition("-")[2]
            is_young = made.isdecimal() and int(made) > time.time_ns() - _LONGEST_NS
            if meta.get("last") and meta == self._progress(meta["last"]) and is_young:
                return name, int(meta["last"])
        return "", 0

    def _progress(self, last: int) -> dict[str, Any]:
        body = json.dumps(body_of(self._address), sort_keys=True)
        return {"last": last, "made": hashlib.sha256(body.encode()).hexdigest()[:16]}

    def swap(self, built: str) -> None:
        """Make a full index the live one, at once for all readers, when its copies are made.

        The one before is kept for a while: searches that have begun with it end with it.
        """
        copies = {"index": {"number_of_replicas": self._address.replicas}}
        self._cluster.write("copy its index", self._client.indices.put_settings, index=built, body=copies)
        self._wait_for_copies(built)
        old = self._behind(self.live)
        actions: list[dict[str, Any]] = [{"remove": {"index": name, "alias": self.live}} for name in old]
        retired = f"{self._retired}{int(time.time())}"
        actions += [{"add": {"index": name, "alias": retired}} for name in old]
        actions.append({"remove": {"index": built, "alias": self.building}})
        actions.append({"add": {"index": built, "alias": self.live}})
        self._cluster.write("swap its indexes", self._client.indices.update_aliases, body={"actions": actions})

    def _wait_for_copies(self, built: str) -> None:
        """Until all copies are there, or for as long as is reasonable; where nodes are too few for them, the first."""
        end = time.monotonic() + GREEN_SECONDS
        while True:
            health = self._cluster.write("tell its health", self._client.cluster.health, index=built)
            if health["status"] == "green":
                return
            has_room = health["number_of_data_nodes"] > self._address.replicas
            if health["status"] == "yellow" and (not has_room or time.monotonic() > end):
                logger.warning("%s becomes the live index before all of its copies are made.", built)
                return
            if time.monotonic() > end:
                raise IndexUnavailable(f"The new index {built} is {health['status']}: it does not become the live one.")
            time.sleep(0.2)

    def abandon(self, built: str) -> None:
        """Drop an index that will not be finished."""
        self._drop([built])

    def _behind(self, name: str) -> list[str]:
        """The indexes of an alias, or the one that bears its name (an older version's bulk could make such a one)."""
        try:
            return list(self._cluster.write("name its indexes", self._client.indices.get_alias, index=name))
        except NotFoundError:
            return []

    def _drop(self, names: list[str]) -> None:
        for name in names:
            self._cluster.write("drop an index", self._client.indices.delete, index=name, ignore_unavailable=True)
