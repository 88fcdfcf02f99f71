"""Pages of hits: a shallow one with the search itself, a deep one by walking a point in time, without any cap."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from opensearchpy.exceptions import NotFoundError

from archive.errors import IndexUnavailable
from archive.search.backends.opensearch.asking import WRITE_SECONDS, Cluster
from archive.search.backends.opensearch.compiling import Query
from archive.search.backends.opensearch.mapping import ID, STORY
from archive.search.backends.shape import MOMENT
from archive.search.query import Sort

WINDOW = 10_000
"""The server's own bound on offset + limit, and on a page."""
BY_DATE = (Sort.NEWEST, Sort.OLDEST)
_KEEP_ALIVE = "2m"
_UNDATED = "u"
_LARGEST = 2**63 - 1


def order(sort: Sort) -> list[dict[str, Any]]:
    """Equal scores newest first, equal moments by descending id; unknown dates last in both orders of date."""
    direction = "asc" if sort is Sort.OLDEST else "desc"
    by_age: list[dict[str, Any]] = [
        {MOMENT: {"order": direction, "missing": "_last"}},
        {ID: {"order": direction}},
    ]
    return by_age if sort in BY_DATE else [{"_score": {"order": "desc"}}, *by_age]


@contextmanager
def point_in_time(cluster: Cluster, index: str) -> Iterator[dict[str, str]]:
    """The whole index as it is now, however long one reads. Raises `NotFoundError` where there is none."""
    whole: dict[str, Any] = {"keep_alive": _KEEP_ALIVE, "allow_partial_pit_creation": "false"}
    pit = cluster.read("keep its state", cluster.client.create_pit, index=index, **whole)["pit_id"]
    try:
        yield {"id": pit, "keep_alive": _KEEP_ALIVE}
    finally:
        with suppress(NotFoundError, IndexUnavailable):
            cluster.write_once("forget a state", cluster.client.delete_pit, body={"pit_id": [pit]})


def walk(cluster: Cluster, index: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every hit of a search, page after page; the body brings its `sort`.

    Raises `NotFoundError` where there is no index, and `IndexUnavailable` when what is walked is lost on the way.
    """
    with point_in_time(cluster, index) as pit:
        after: dict[str, Any] = {}
        while True:
            asked = body | {"pit": pit, "size": WINDOW, "track_total_hits": False} | after
            try:
                found = cluster.search("list all of it", WRITE_SECONDS, body=asked)["hits"]["hits"]
            except NotFoundError as error:
                raise IndexUnavailable("The search cluster lost a node that was read from; try again.") from error
            yield from found
            if len(found) < WINDOW:
                return
            after = {"search_after": found[-1]["sort"]}


def heads(found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The first hit of each story."""
    seen: set[int] = set()
    for one in found:
        story = story_of(one)
        if story not in seen:
            seen.add(story)
            yield one


def story_of(hit: dict[str, Any]) -> int:
    """The family of a hit, or minus its own id."""
    return int(hit["fields"][STORY][0])


def written(hit: dict[str, Any]) -> str:
    """Where a hit stands in an order of date, for `after`."""
    moment, number = hit["sort"]
    is_undated = abs(moment) >= _LARGEST  # what the server sorts a missing value by
    return f"{_UNDATED if is_undated else moment}.{number}"


def beyond(after: str, sort: Sort) -> tuple[Query, Query] | None:
    """(what comes behind a place in the order, what comes before or at it); None for what `written` did not write."""
    moment, _, number = after.partition(".")
    is_number = moment.removeprefix("-").isdecimal() and len(after) <= 40
    if not number.isdecimal() or not (is_number or moment == _UNDATED) or int(number) > _LARGEST:
        return None
    behind = "gt" if sort is Sort.OLDEST else "lt"
    undated: Query = {"bool": {"must_not": [{"exists": {"field": MOMENT}}]}}
    later_id: Query = {"range": {ID: {behind: int(number)}}}
    if moment == _UNDATED:
        found: list[Query] = [{"bool": {"filter": [undated, later_id]}}]
    elif abs(int(moment)) > _LARGEST:
        return None
    else:
        same = {"term": {MOMENT: int(moment)}}
        found = [{"range": {MOMENT: {behind: int(moment)}}}, {"bool": {"filter": [same, later_id]}}, undated]
    either: Query = {"bool": {"should": found, "minimum_should_match": 1}}
    return either, {"bool": {"must_not": [either]}}
