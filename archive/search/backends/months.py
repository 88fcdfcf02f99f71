"""Months and days as numbers, and the spans of them that a chosen year, month, day or range of these stands for."""

from datetime import date

NONE, NO_DAY = -1, 0
"""What stands for no month and for no day: the undated."""
UNITS = {"year": 12, "month": 1}
"""Months in one value of a facet that is counted in months."""
DAY = "day"
DATES = (*UNITS, DAY)
TIMELINES = ("month", DAY)
"""Facets that are given whole, however many values they have."""
_ALWAYS = (0, 12 * 10_000)
_EVERY_DAY = (1, date.max.toordinal())
"""The first and last month and day that there can be."""


def span(facet: str, value: str) -> tuple[int, int] | None:
    """The first and last month (counted from year 0) or day (an ordinal) of a value; None for a value that is none."""
    if not value:
        return (NO_DAY, NO_DAY) if facet == DAY else (NONE, NONE)
    first, is_range, last = value.partition("..")
    if is_range:
        always = _EVERY_DAY if facet == DAY else _ALWAYS
        start, end = (_one_span(facet, each) if each else always for each in (first, last))
        if start is None or end is None:
            return None
        return (start[0], end[1]) if start[0] <= end[1] else (end[0], start[1])
    return _one_span(facet, value)


def _one_span(facet: str, value: str) -> tuple[int, int] | None:
    if facet == DAY:
        return _one_day(value)
    year, _, month = value.partition("-")
    if not year.isdecimal() or len(year) != 4 or (month and not month.isdecimal()):
        return None
    if facet == "year":
        return None if month else (int(year) * 12, int(year) * 12 + 11)
    return (found := int(year) * 12 + int(month or 0) - 1, found)


def _one_day(value: str) -> tuple[int, int] | None:
    try:
        found = date.fromisoformat(value).toordinal() if len(value) == len("1987-03-01") else None
    except ValueError:
        return None
    return None if found is None else (found, found)


def name(number: int, unit: int) -> str:
    """The value of a facet of dates that a month, or with a unit of twelve a year, is counted under; "" for none."""
    if number < 0:
        return ""
    return f"{number:04}" if unit == 12 else f"{number // 12:04}-{number % 12 + 1:02}"


def day_name(number: int) -> str:
    """The value of the facet of days that an ordinal is counted under; "" for none."""
    return date.fromordinal(number).isoformat() if number > NO_DAY else ""
