"""The days that a reader means by `date:1987-03`, `after:1990`, `date:1987-03..1987-06` or `date:last-30-days`."""

import calendar
import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?\Z")
_LAST = re.compile(r"last[\s-]+(?:(\d{1,4})[\s-]+)?(day|week|month|year)s?\Z", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

Days = tuple[date | None, date | None]


def parse_days(text: str, *, today: date) -> Days | None:
    """(first day, last day), both inclusive, either open; None when the text says no days.

    A range typed backwards is taken the right way round.
    """
    text = text.strip()
    if ".." in text:
        left, _, right = text.partition("..")
        start = _span(left, today) if left.strip() else (None, None)
        end = _span(right, today) if right.strip() else (None, None)
        if start is None or end is None or (start[0] is None and end[1] is None):
            return None
        if start[0] and end[1] and start[0] > end[1]:
            return (end[0], start[1])
        return (start[0], end[1])
    return _span(text, today)


def _span(text: str, today: date) -> Days | None:
    """The first and last day of one year, month, day or named span."""
    text = text.strip()
    if text.lower() in ("today", "yesterday"):
        day = today - timedelta(days=text.lower() == "yesterday")
        return (day, day)
    if last := _LAST.match(text):
        many = max(1, int(last[1] or 1)) * _DAYS[last[2].lower()]
        return (today - timedelta(days=min(many, today.toordinal()) - 1), today)
    found = _DAY.match(text)
    if not found:
        return None
    year, month, day_of_month = (int(part) if part else None for part in found.groups())
    try:
        assert year is not None
        if month is None:
            return (date(year, 1, 1), date(year, 12, 31))
        if day_of_month is None:
            return (date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return (date(year, month, day_of_month), date(year, month, day_of_month))
    except (ValueError, calendar.IllegalMonthError, OverflowError):
        return None
