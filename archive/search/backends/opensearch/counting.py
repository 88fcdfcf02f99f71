"""Filters and facets of a search: exact counts, each facet's without its own filter."""

import re
from collections import Counter
from typing import Any

from archive.errors import ArchiveError
from archive.search.backends import months
from archive.search.backends.base import FACETS, Filter
from archive.search.backends.opensearch.compiling import Query
from archive.search.backends.opensearch.mapping import DAYS, MONTHS, WORDS
from archive.search.results import Facet, FacetValue

_ALL_DATES = 65_000
"""More months than there are, and days of 178 years; the server's own bound on the values of an answer is 65,535."""
FIRST_CANDIDATES, MOST_CANDIDATES = 2_000, 2_000_000
"""Values that each shard proposes at first, and at the most: what is exact is known from the answer."""
_SPARE = 40
"""Values asked for beyond those that are shown."""
_SPECIAL = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


def filter_query(entry: Filter) -> Query:
    """A chosen facet value as a query. Raises `ArchiveError` for an unknown facet."""
    check(entry.facet)
    if entry.facet in months.DATES:
        spans = [found for value in entry.values if (found := months.span(entry.facet, value)) is not None]
        ranges = [_within(entry.facet, first, last) for first, last in spans]
        chosen: Query = {"bool": {"should": ranges, "minimum_should_match": 1}} if ranges else {"match_none": {}}
    else:
        chosen = {"terms": {entry.facet: list(entry.values)}}
    return {"bool": {"must_not": [chosen]}} if entry.exclude else chosen


def _within(facet: str, first: int, last: int) -> Query:
    if facet != months.DAY:
        return {"range": {MONTHS: {"gte": first, "lte": last}}}
    if last == months.NO_DAY:  # the undated have no such field
        return {"bool": {"must_not": [{"exists": {"field": DAYS}}]}}
    return {"range": {DAYS: {"gte": first, "lte": last}}}


def check(facet: str) -> None:
    """Raises `ArchiveError` for an unknown facet."""
    if facet not in FACETS:
        raise ArchiveError(f"There is no facet {facet!r}; there are {', '.join(FACETS)}.")


def aggregations(
    facets: tuple[str, ...], filters: tuple[Filter, ...], limit: int, candidates: int
) -> dict[str, dict[str, Any]]:
    """What to ask for, so that `facet` can read the answer. The filters themselves are a post filter of the search."""
    asked: dict[str, dict[str, Any]] = {}
    for name in facets:
        check(name)
        others = [filter_query(entry) for entry in filters if entry.facet != name]
        counted = _by_date(name) if name in months.DATES else by_value(name, limit, candidates)
        asked[name] = {"filter": {"bool": {"filter": others}}, "aggs": {"values": counted}}
    return asked


def _by_date(name: str) -> dict[str, Any]:
    if name == months.DAY:
        return {"terms": {"field": DAYS, "size": _ALL_DATES, "missing": months.NO_DAY}}
    return {"terms": {"field": MONTHS, "size": _ALL_DATES}}


def by_value(field: str, limit: int, candidates: int, prefix: str = "") -> dict[str, Any]:
    """The most frequent values of a field (that start so), ties by value."""
    terms: dict[str, Any] = {
        "field": field,
        "size": max(limit, 1) + _SPARE,
        "shard_size": max(candidates, limit + _SPARE),
        "order": [{"_count": "desc"}, {"_key": "asc"}],
        "show_term_doc_count_error": True,
    }
    if prefix:
        # By value: by ordinal the server fails (2.19) where no value comes behind the prefix.
        terms["execution_hint"] = "map"
        terms["include"] = _SPECIAL.sub(r"\\\g<0>", prefix) + ".*"
    return {"terms": terms}


def is_exact(values: dict[str, Any], limit: int) -> bool:
    """Whether the first `limit` values and their counts are certain, whatever the shards have not told.

    Each shard proposes its most frequent values. What a value can have beyond what was counted stands beside it
    (`doc_count_error_upper_bound`), and what one that no shard proposed can have at most, beside them all. More values
    are asked for than shown (`_SPARE`), so that one which only some shards proposed is seen to come too late.
    """
    buckets, most_unseen = values["buckets"], values.get("doc_count_error_upper_bound", 0)
    if not most_unseen:
        return True
    shown, spare = buckets[:limit], buckets[limit:]
    if len(shown) < limit or any(one["doc_count_error_upper_bound"] for one in shown):
        return False
    least = shown[-1]["doc_count"]
    certain = all(
        one["doc_count"] + one["doc_count_error_upper_bound"] < least
        for one in spare
        if one["doc_count_error_upper_bound"]
    )
    return bool(certain and buckets[-1]["doc_count"] + most_unseen < least)


def facet(name: str, values: dict[str, Any], limit: int) -> Facet:
    """A facet out of the server's answer."""
    if name not in months.DATES:
        return Facet(name, tuple(FacetValue(one["key"], one["doc_count"]) for one in values["buckets"][:limit]))
    counts: Counter[str] = Counter()
    for one in values["buckets"]:
        counts[_date(name, one["key"])] += one["doc_count"]
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Facet(name, tuple(FacetValue(*pair) for pair in (ranked if name in months.TIMELINES else ranked[:limit])))


def _date(name: str, number: int) -> str:
    if name == months.DAY:
        return months.day_name(number)
    unit = months.UNITS[name]
    return months.name(number // unit, unit)


def word_counts(prefix: str, limit: int, candidates: int) -> dict[str, Any]:
    """The most frequent words of the index that start so."""
    return by_value(WORDS, limit, candidates, prefix)
