"""Months as numbers, and the spans of them that a chosen year, month or range of either stands for."""

NONE = -1
"""What stands for no month: the undated."""
_ALWAYS = (0, 12 * 10_000)
"""The first and last month that there can be."""
UNITS = {"year": 12, "month": 1}
"""Months in one value of a facet of dates."""


def span(facet: str, value: str) -> tuple[int, int] | None:
    """The first and last month of a facet's value, months counted from year 0; None for a value that is none."""
    if not value:
        return NONE, NONE
    first, is_range, last = value.partition("..")
    if is_range:
        start, end = (_one_span(facet, each) if each else _ALWAYS for each in (first, last))
        if start is None or end is None:
            return None
        return (start[0], end[1]) if start[0] <= end[1] else (end[0], start[1])
    return _one_span(facet, value)


def _one_span(facet: str, value: str) -> tuple[int, int] | None:
    year, _, month = value.partition("-")
    if not year.isdecimal() or len(year) != 4 or (month and not month.isdecimal()):
        return None
    if facet == "year":
        return None if month else (int(year) * 12, int(year) * 12 + 11)
    return (found := int(year) * 12 + int(month or 0) - 1, found)


def name(number: int, unit: int) -> str:
    """The value of a facet of dates that a month, or with a unit of twelve a year, is counted under; "" for none."""
    if number < 0:
        return ""
    return f"{number:04}" if unit == 12 else f"{number // 12:04}-{number % 12 + 1:02}"
