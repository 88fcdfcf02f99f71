"""A year or a month as weeks of days, with how much was published on each and which days in between have nothing."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    articles: int
    level: int
    """0 for none, 4 for as many as on the best day that is shown."""
    is_gap: bool
    """No articles, though there are earlier and later ones."""


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    articles: int
    gaps: str
    """The gaps in words: "1, 7–8 and 14–15"; empty where there are none."""


def grid(year: int, month: int, counts: Mapping[str, int]) -> list[Month]:
    """The twelve months of a year, or the one month, out of all counts by day ("1987-03-01" → 2)."""
    dated = [value for value in counts if value]
    known = (min(dated), max(dated)) if dated else ("", "")
    shown = f"{year:04}-{month:02}-" if month else f"{year:04}-"
    most = max((count for value, count in counts.items() if value.startswith(shown)), default=0)
    return [_month(year, number, counts, known, most) for number in ([month] if month else range(1, 13))]


def _month(year: int, month: int, counts: Mapping[str, int], known: tuple[str, str], most: int) -> Month:
    before, length = calendar.monthrange(year, month)
    days = [_day(date(year, month, number), counts, known, most) for number in range(1, length + 1)]
    cells: list[Day | None] = [*[None] * before, *days]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    gaps = _in_words(each.day for each in days if each.is_gap)
    return Month(date(year, month, 1), weeks, sum(each.articles for each in days), gaps)


def _day(day: date, counts: Mapping[str, int], known: tuple[str, str], most: int) -> Day:
    articles = counts.get(day.isoformat(), 0)
    is_gap = not articles and known[0] <= day.isoformat() <= known[1]
    return Day(day, articles, -(-LEVELS * articles // max(most, 1)), is_gap)


def _in_words(days: Iterable[date]) -> str:
    """Days of one month, those in a row as one."""
    runs: list[list[date]] = []
    for day in days:
        if runs and runs[-1][-1] + timedelta(days=1) == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [f"{run[0].day}–{run[-1].day}" if len(run) > 1 else str(run[0].day) for run in runs]
    return " and ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)
