"""Pages of hits: a shallow one with the search itself, a deep one by walking a point in time, without any cap."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

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
def point_in_time(client: OpenSearch, index: str) -> Iterator[dict[str, str]]:
    """The index as it is now, however long one reads. Raises `NotFoundError` where there is none."""
    pit = client.create_pit(index=index, params={"keep_alive": _KEEP_ALIVE})["pit_id"]
    try:
        yield {"id": pit, "keep_alive": _KEEP_ALIVE}
    finally:
        with suppress(NotFoundError):
            client.delete_pit(body={"pit_id": [pit]})


def walk(client: OpenSearch, index: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every hit of a search, page after page; the body brings its `sort`."""
    with point_in_time(client, index) as pit:
        after: dict[str, Any] = {}
        while True:
            asked = body | {"pit": pit, "size": WINDOW, "track_total_hits": False} | after
            found = client.search(body=asked)["hits"]["hits"]
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
