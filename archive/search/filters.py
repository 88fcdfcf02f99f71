"""Chosen facet values as addresses, sentences and rows of the database say them."""

from collections.abc import Sequence
from typing import Any

from archive.search.backends.base import Filter

EXCLUDE = "not-"
UNKNOWN = "unknown"
"""How an address says the undated, for which the index has ""."""
DATE_FACETS = ("year", "month", "day")


def written(filters: Sequence[Filter]) -> list[tuple[str, str]]:
    """As the parameters of an address, which `views/narrowing.py` reads."""
    return [
        ((EXCLUDE if one.exclude else "") + one.facet, value or (UNKNOWN if one.facet in DATE_FACETS else ""))
        for one in filters
        for value in one.values
    ]


def in_words(filters: Sequence[Filter]) -> list[str]:
    """Each filter in words: "person ada-vale", "not source reuters"."""
    return [
        f"{'not ' if one.exclude else ''}{one.facet} {' or '.join(value or UNKNOWN for value in one.values)}"
        for one in filters
    ]


def stored(filters: Sequence[Filter]) -> list[list[Any]]:
    """As a row keeps them: [[facet, [value, …], excluded], …]."""
    return [[one.facet, list(one.values), one.exclude] for one in filters]


def read(rows: Sequence[Sequence[Any]]) -> tuple[Filter, ...]:
    """What `stored` made, as filters again."""
    return tuple(Filter(facet, tuple(values), bool(exclude)) for facet, values, exclude in rows)
