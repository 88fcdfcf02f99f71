"""What a list of articles is narrowed to, as the parameters of its address say it: read, written, put into words."""

import calendar
import re
from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, QueryDict

from archive.search.backends.base import FACETS, Filter
from archive.search.filters import DATE_FACETS, EXCLUDE, UNKNOWN
from archive.search.query import Sort

Pairs = list[tuple[str, str]]
_NOT_OF_THE_LIST = ("page", "after", "back", "more", "at", "names", "csrfmiddlewaretoken")
_END = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?\Z", re.ASCII)
_UNITS = {4: "year", 7: "month", 10: "day"}
"""What an end of a span is, by its length."""
_MOST_VALUES, _LONGEST_KEY = 20, 300


def pairs(params: QueryDict) -> Pairs:
    """The parameters that make the list what it is, without the page or place in it.

    The two ends of a span, which forms send as `from` and `to`, become one range of `year`, `month` or `day`.
    """
    # No value holds a NUL, and PostgreSQL takes none.
    left = [
        (name, one.replace("\0", ""))
        for name, values in params.lists()
        for one in values
        if name not in _NOT_OF_THE_LIST
    ]
    ends = [next((one for name, one in left if name == end), "") for end in ("from", "to")]
    left = [(name, one) for name, one in left if name not in ("from", "to")]
    start, end = (one if _END.match(one) else "" for one in ends)
    size = max(len(start), len(end))
    return [*left, (_UNITS[size], f"{_first(start, size)}..{_last(end, size)}")] if size else left


def _first(start: str, size: int) -> str:
    """The first month or day of a year or month."""
    return (start + "-01-01"[: max(size - len(start), 0)]) if start else ""


def _last(end: str, size: int) -> str:
    if end and len(end) < 7 <= size:
        end += "-12"
    if end and len(end) < 10 == size:
        end += f"-{calendar.monthrange(max(int(end[:4]), 1), int(end[5:7]))[1]}"
    return end


def ends(request: HttpRequest) -> dict[str, str]:
    """Where a page of a list begins or ends, as `keyset.leaf` asks for it."""
    return {name: str(request.GET.get(name, ""))[:_LONGEST_KEY] for name in ("after", "before")}


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


def date_values(left: Sequence[tuple[str, str]], facets: Sequence[str] = DATE_FACETS) -> list[str]:
    """The years, months, days and ranges of them that are chosen."""
    return [value for name, value in left if name in facets]


def only_month(left: Sequence[tuple[str, str]]) -> str:
    """The month that a list is narrowed to, if it is one."""
    chosen = [value for name, value in left if name == "month"]
    return chosen[0] if len(chosen) == 1 and len(chosen[0]) == 7 and _END.match(chosen[0]) else ""


def span_label(value: str) -> str:
    """A year, a month, a day or a range of them in words: "March 1987 to May 1987", "until 1904"."""
    if value in ("", UNKNOWN):
        return "date unknown"
    first, is_range, last = value.partition("..")
    if not is_range:
        return _label(value)
    if first and last:
        return _label(first) if first == last else f"{_label(first)} to {_label(last)}"
    return f"from {_label(first)}" if first else f"until {_label(last)}"


def _label(value: str) -> str:
    if not _END.match(value):
        return value
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    named = f"{int(day)} " if day else ""
    return f"{named}{date(2000, int(month), 1):%B} {int(year)}" if month else str(int(year))
