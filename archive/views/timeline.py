"""Articles by month or year as bars: numbers for a server-drawn SVG and the table behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

HEIGHT, WIDTH = 60, 960
MAX_BARS, MAX_BAR_WIDTH = 120, 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time; sizes are in units of the drawing."""

    label: str
    url: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    undated: int
    unit: str

    @property
    def is_short(self) -> bool:
        """Too few bars to fill the width."""
        return len(self.bars) * MAX_BAR_WIDTH < WIDTH

    @property
    def first(self) -> str:
        return self.bars[0].label if self.bars else ""

    @property
    def last(self) -> str:
        return self.bars[-1].label if self.bars else ""


def timeline(counts: Mapping[str, int], link: Callable[[str], str]) -> Timeline:
    """Bars out of counts by month ("1987-03" → 12; "" → undated), gaps included; by year where months are too many.

    `link` gives the address behind a bar from its value, "1987-03" or "1987".
    """
    months = {value: count for value, count in counts.items() if len(value) == 7}
    undated = counts.get("", 0)
    if not months:
        return Timeline((), undated, "month")
    values = _months_between(min(months), max(months))
    unit = "month"
    if len(values) > MAX_BARS:
        unit, by_year = "year", dict.fromkeys(range(int(min(months)[:4]), int(max(months)[:4]) + 1), 0)
        for value, count in months.items():
            by_year[int(value[:4])] += count
        # A wrong date of the year 1 would make two thousand bars; the earliest are left out of the drawing.
        months = {f"{year:04}": count for year, count in sorted(by_year.items())[-MAX_BARS:]}
        values = list(months)
    most = max(months.values())
    step = min(WIDTH / len(values), MAX_BAR_WIDTH)
    bars = []
    for index, value in enumerate(values):
        count = months.get(value, 0)
        # The smallest count is still a visible, clickable bar.
        height = max(3.0, HEIGHT * count / most) if count else 0.0
        bars.append(
            Bar(
                _label(value),
                link(value),
                count,
                round(index * step, 2),
                round(HEIGHT - height, 2),
                round(max(step - min(2.0, step / 4), 0.5), 2),
                round(height, 2),
            )
        )
    return Timeline(tuple(bars), undated, unit)


def _months_between(first: str, last: str) -> list[str]:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    end = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def _label(value: str) -> str:
    return f"{date(int(value[:4]), int(value[5:]), 1):%B} {int(value[:4])}" if len(value) == 7 else value


def date_url(value: str) -> str:
    """The page of a month or a year."""
    year, _, month = value.partition("-")
    return (
        reverse("archive:month", args=[int(year), int(month)]) if month else reverse("archive:year", args=[int(year)])
    )


def search_url(query: str) -> Callable[[str], str]:
    """Addresses of searches narrowed to a month or year."""
    return lambda value: (
        f"{reverse('archive:search')}?{urlencode({'q': query, 'month' if '-' in value else 'year': value})}"
    )
