"""Every call to the cluster: how patiently it is made, what it may fail of, and what that means to the archive."""

import logging
import time
from collections.abc import Callable
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import ConnectionTimeout, NotFoundError, OpenSearchException, TransportError

from archive.errors import IndexUnavailable

logger = logging.getLogger(__name__)

READ_SECONDS, WRITE_SECONDS = 5.0, 30.0
"""How long one node may take; the client then asks one other."""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Between the tries of a call that met a cluster which is busy or has just lost a node."""
_UNREACHED = 3
"""So many pauses are made for a cluster of which no node answers at all."""
REST_SECONDS = 3.0
"""So long nobody waits for a cluster that has just failed; then each question is tried once until one is answered."""
_PASSING = {429, 500, 502, 503, 504}
"""500 is how a node tells that another one died in the middle of its search."""


class Busy(IndexUnavailable):
    """The cluster cannot do it now, and may a little later."""


class Cluster:
    """The client of one cluster; threads may share it. Whatever fails is `IndexUnavailable`, but for `NotFoundError`.

    In all methods `what` ends the sentence "could not …", and `act` is a method of the client.
    """

    def __init__(self, client: OpenSearch) -> None:
        self.client = client
        self._has_failed, self._rests_until = False, 0.0

    def read(self, what: str, act: Callable[..., Any], seconds: float = READ_SECONDS, **arguments: Any) -> Any:
        """A question of a reader: answered whole, or refused within seconds."""
        if time.monotonic() < self._rests_until:
            raise Busy(
                f"The search cluster could not {what}: it failed a moment ago and is asked again in a few seconds. "
                "Browsing goes on; searching will when it is back."
            )
        try:
            answer = _patiently(what, act, () if self._has_failed else PAUSES, seconds, arguments)
        except Busy:
            self._has_failed, self._rests_until = True, time.monotonic() + REST_SECONDS
            raise
        self._has_failed = False
        return answer

    def search(self, what: str, seconds: float = READ_SECONDS, **arguments: Any) -> dict[str, Any]:
        """The answer of all shards: one that lacks a shard is none."""
        whole = {"allow_partial_search_results": "false", "cancel_after_time_interval": f"{seconds:.0f}s"}
        answer: dict[str, Any] = self.read(what, self.client.search, seconds, **whole, **arguments)
        return answer

    def write(self, what: str, act: Callable[..., Any], **arguments: Any) -> Any:
        """A change of the cluster, which can be repeated."""
        return _patiently(what, act, PAUSES, WRITE_SECONDS, arguments)

    def write_once(self, what: str, act: Callable[..., Any], **arguments: Any) -> Any:
        """A change that the caller repeats itself when it raises `Busy`."""
        return _patiently(what, act, (), WRITE_SECONDS, arguments)


def _patiently(
    what: str, act: Callable[..., Any], pauses: tuple[float, ...], seconds: float, arguments: dict[str, Any]
) -> Any:
    for number in range(len(pauses) + 1):
        try:
            answer = act(request_timeout=seconds, **arguments)
        except NotFoundError:
            raise
        except ConnectionTimeout as error:
            # Two nodes have had their time: more would only hold the reader.
            raise Busy(f"The search cluster could not {what} within {seconds:.0f} s. Browsing goes on.") from error
        except Unreachable as error:
            if number >= min(len(pauses), _UNREACHED):
                raise Busy(
                    f"The search cluster could not {what}: no node answered. "
                    "Browsing goes on; searching will when it is back."
                ) from error
        except TransportError as error:
            is_passing = error.status_code in _PASSING
            if not is_passing or number == len(pauses):
                logger.error("The search cluster could not %s: %s", what, error)
                kind = Busy if is_passing else IndexUnavailable
                raise kind(
                    f"The search cluster could not {what} (status {error.status_code}). "
                    "Browsing goes on; see its health."
                ) from error
        except OpenSearchException as error:
            logger.error("The search cluster could not %s: %s", what, error)
            raise IndexUnavailable(f"The search cluster could not {what} ({type(error).__name__}).") from error
        else:
            if _is_whole(answer):
                return answer
            if number == len(pauses):
                raise Busy(f"The search cluster could not {what}: a part of the index did not answer.")
        time.sleep(pauses[number])
    raise AssertionError("the last try returns or raises")


def _is_whole(answer: Any) -> bool:
    """Whether no shard failed; of a search every shard must have answered too."""
    if not isinstance(answer, dict):
        return True
    shards = answer.get("_shards", {})
    missing = shards.get("total", 0) - shards.get("successful", 0) if "hits" in answer else 0
    is_late = "hits" in answer and answer.get("timed_out")
    return not (shards.get("failed") or missing or is_late)
