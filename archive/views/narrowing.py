"""What a list of articles is narrowed to, as the parameters of its address say it: read, written, put into words."""

import re
from collections.abc import Sequence
from datetime import date

from django.http import QueryDict

from archive.search.backends.base import FACETS, Filter
from archive.search.filters import DATE_FACETS, EXCLUDE, UNKNOWN
from archive.search.query import Sort

Pairs = list[tuple[str, str]]
_NOT_OF_THE_LIST = ("page", "after", "at", "names", "csrfmiddlewaretoken")
_END = re.compile(r"(\d{4})(-\d{2})?\Z", re.ASCII)
_MOST_VALUES = 20


def pairs(params: QueryDict) -> Pairs:
    """The parameters that make the list what it is, without the page or place in it.

    The two ends of a span, which forms send as `from` and `to`, become one range of `month` or `year`.
    """
    left = [(name, one) for name, values in params.lists() for one in values if name not in _NOT_OF_THE_LIST]
    ends = [next((one for name, one in left if name == end), "") for end in ("from", "to")]
    found = [_END.match(end) for end in ends]
    left = [(name, one) for name, one in left if name not in ("from", "to")]
    if not any(found):
        return left
    if any(end and end[2] for end in found):
        months = [
            "" if end is None else end[0] if end[2] else f"{end[1]}-{month}"
            for end, month in zip(found, ("01", "12"), strict=True)
        ]
        return [*left, ("month", "..".join(months))]
    return [*left, ("year", "..".join("" if end is None else end[0] for end in found))]


def chosen_sort(params: QueryDict, default: Sort = Sort.RELEVANCE) -> Sort:
    wanted = str(params.get("sort", ""))
    return Sort(wanted) if wanted in set(Sort) else default


def chosen_filters(params: QueryDict) -> tuple[Filter, ...]:
    """The facet values chosen and excluded in a query string; unknown facets are ignored."""
    given: dict[str, list[str]] = {}
    for name, value in pairs(params):
        given.setdefault(name, []).append(value)
    filters = []
    for facet in FACETS:
        for name, exclude in ((facet, False), (EXCLUDE + facet, True)):
            values = [_undated(facet, value) for value in dict.fromkeys(given.get(name, ()))]
            if values:
                filters.append(Filter(facet, tuple(values[:_MOST_VALUES]), exclude))
    return tuple(filters)


def _undated(facet: str, value: str) -> str:
    return "" if facet in DATE_FACETS and value == UNKNOWN else value


def without(left: Pairs, *names: str) -> Pairs:
    return [(name, value) for name, value in left if name not in names]


def date_values(left: Sequence[tuple[str, str]]) -> list[str]:
    """The years, months and ranges of them that are chosen."""
    return [value for name, value in left if name in DATE_FACETS]


def span_label(value: str) -> str:
    """A year, a month or a range of them in words: "March 1987 to May 1987", "until 1904"."""
    if value in ("", UNKNOWN):
        return "date unknown"
    first, is_range, last = value.partition("..")
    if not is_range:
        return _label(value)
    if first and last:
        return _label(first) if first == last else f"{_label(first)} to {_label(last)}"
    return f"from {_label(first)}" if first else f"until {_label(last)}"


def _label(value: str) -> str:
    found = _END.match(value)
    if found and found[2] and 1 <= int(value[5:]) <= 12:
        return f"{date(2000, int(value[5:]), 1):%B} {int(value[:4])}"
    return str(int(value)) if found and not found[2] else value
