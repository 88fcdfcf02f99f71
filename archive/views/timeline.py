"""Articles by day, month or year as bars: numbers for a server-drawn SVG, its table, and a choice of two ends."""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from archive.search.filters import DATE_FACETS, UNKNOWN
from archive.views.counts import Uncounted
from archive.views.narrowing import Pairs, date_values, span_label, without

HEIGHT, WIDTH = 60, 960
MAX_BARS, MAX_BAR_WIDTH = 120, 40
_UNITS = {4: "year", 7: "month", 10: "day"}
_FINER = {"year": ("year", "month", "day"), "month": ("month", "day"), "day": ("day",)}
"""Each unit with those that are choices within it: they go when another one of it is chosen."""
GAP = 12
"""Between the last bar and that of the undated."""
_BAR = (
    '<a href="{}" aria-label="{}{}"{} data-start="{}" data-end="{}">'
    '<rect class="reach" x="{}" y="0" width="{}" height="60"/>'
    '<rect{} x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect></a>'
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time, or the undated; sizes are in units of the drawing."""

    value: str
    """ "1987-03-01", "1987-03", "1987", "..1904" for all the earlier ones, or "unknown"."""
    label: str
    url: str
    count: int
    x: float
    y: float
    width: float
    height: float
    is_chosen: bool = False

    @property
    def start(self) -> str:
        """The earliest year, month or day in it; "" where that is open."""
        return _ends(self.value)[0]

    @property
    def end(self) -> str:
        return _ends(self.value)[1]

    @property
    def pieces(self) -> tuple[object, ...]:
        """What goes into `_BAR`."""
        said = f"{self.label}: {self.count:,}"
        chosen = (", chosen", SafeString(' class="on"')) if self.is_chosen else ("", "")
        undated = SafeString(' class="undated"') if self.value == UNKNOWN else ""
        reach = (self.x, self.width, undated, self.x, self.y, self.width, self.height)
        return (self.url, said, *chosen, self.start, self.end, *reach, said)


@dataclass(frozen=True, slots=True)
class Brush:
    """Where choosing from a timeline leads: to the search page with these parameters, narrowed to what is chosen."""

    params: tuple[tuple[str, str], ...] = ()
    page: Callable[[str], str] | None = None
    """The address behind a single bar, where it is another one."""

    def url(self, value: str) -> str:
        if self.page and value != UNKNOWN:
            return self.page(value)
        unit = _UNITS.get(len(_ends(value)[1]), "month")
        return f"{reverse('archive:search')}?{urlencode([*self.kept(unit), (unit, value)])}"

    def kept(self, unit: str) -> Pairs:
        """The parameters that stay: a chosen year does, when a month of it is chosen."""
        return without(list(self.params), *_FINER[unit])


@dataclass(frozen=True, slots=True)
class Timeline:
    """The counts of all bars, the undated among them, add up to the articles of the list."""

    bars: tuple[Bar, ...]
    undated: Bar | None
    unit: str
    fields: tuple[tuple[str, str], ...] = ()
    """What the form that chooses two ends sends along."""
    is_unknown: bool = False
    """There is no index to count by; the page says so."""

    @property
    def all_bars(self) -> tuple[Bar, ...]:
        return (*self.bars, self.undated) if self.undated else self.bars

    @property
    def counted(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.count]

    @property
    def is_short(self) -> bool:
        """Too few bars to fill the width, or days, of which the month is said in full: one caption is enough."""
        return len(self.bars) * MAX_BAR_WIDTH < WIDTH or self.unit == "day"

    @property
    def first(self) -> str:
        return self.bars[0].label if self.bars else ""

    @property
    def last(self) -> str:
        return self.bars[-1].label if self.bars else ""

    @property
    def drawing(self) -> SafeString:
        """The bars as SVG, each of them a link."""
        return format_html_join("", _BAR, (bar.pieces for bar in self.all_bars if bar.count))

    @property
    def starts(self) -> SafeString:
        """The options for where a span begins."""
        chosen = next((bar for bar in self.counted if bar.is_chosen), self.counted[0])
        return _options((bar.start, bar is chosen, bar.label) for bar in self.counted)

    @property
    def ends(self) -> SafeString:
        chosen = next((bar for bar in reversed(self.counted) if bar.is_chosen), self.counted[-1])
        return _options((bar.end, bar is chosen, bar.label) for bar in self.counted)

    @property
    def rows(self) -> SafeString:
        """The bars as rows of a table."""
        rows = ((bar.url, bar.label, f"{bar.count:,}") for bar in self.all_bars if bar.count)
        return format_html_join("", '<tr><td><a href="{}">{}</a></td><td>{}</td></tr>', rows)


def _options(rows: Iterable[tuple[str, bool, str]]) -> SafeString:
    selected = ((value, SafeString(" selected") if is_chosen else "", label) for value, is_chosen, label in rows)
    return format_html_join("", '<option value="{}"{}>{}</option>', selected)


def timeline(counts: Mapping[str, int], brush: Brush) -> Timeline:
    """Bars out of counts by month ("1987-03" → 12; "" → undated), gaps included; by year where months are too many.

    Counts by day ("1987-03-01" → 2) make the days of one month.
    """
    dated = {value: count for value, count in counts.items() if value}
    undated = counts.get("", 0)
    unit, spans = _spans(dated)
    most = max([*(count for _, count in spans), undated], default=0)
    width = WIDTH - (MAX_BAR_WIDTH + GAP if undated else 0)
    step = min(width / len(spans), MAX_BAR_WIDTH) if spans else 0.0
    # Where days are shown their month is chosen, and says nothing about one of them.
    chosen = date_values(brush.params, ("day",) if unit == "day" else DATE_FACETS)

    def bar(value: str, count: int, x: float, room: float) -> Bar:
        # The smallest count is still a visible, clickable bar.
        height = max(3.0, HEIGHT * count / most) if count else 0.0
        return Bar(
            value,
            span_label(value),
            brush.url(value),
            count,
            round(x, 2),
            round(HEIGHT - height, 2),
            round(max(room - min(2.0, room / 4), 0.5), 2),
            round(height, 2),
            any(_holds(one, value) for one in chosen),
        )

    bars = tuple(bar(value, count, index * step, step) for index, (value, count) in enumerate(spans))
    last = bar(UNKNOWN, undated, len(spans) * step + (GAP if spans else 0), MAX_BAR_WIDTH) if undated else None
    return Timeline(bars, last, unit, tuple(brush.kept(unit)), isinstance(counts, Uncounted))


def _spans(counts: Mapping[str, int]) -> tuple[str, list[tuple[str, int]]]:
    """The unit, and every span from the first to the last with its count."""
    if not counts:
        return "month", []
    if len(first := min(counts)) == 10:
        days = calendar.monthrange(int(first[:4]), int(first[5:7]))[1]
        return "day", [(day, counts.get(day, 0)) for day in (f"{first[:7]}-{n:02}" for n in range(1, days + 1))]
    values = _months_between(min(counts), max(counts))
    if len(values) <= MAX_BARS:
        return "month", [(value, counts.get(value, 0)) for value in values]
    years: dict[int, int] = {}
    for value, count in counts.items():
        years[int(value[:4])] = years.get(int(value[:4]), 0) + count
    # A wrong date of the year 1 would make two thousand bars: all that is earlier is one.
    since = max(min(years), max(years) - MAX_BARS + 2)
    earlier = sum(count for year, count in years.items() if year < since)
    spans = [(f"{year:04}", years.get(year, 0)) for year in range(since, max(years) + 1)]
    return "year", [(f"..{since - 1:04}", earlier), *spans] if earlier else spans


def _months_between(first: str, last: str) -> list[str]:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    end = min(int(last[:4]) * 12 + int(last[5:]) - 1, start + MAX_BARS)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def _holds(chosen: str, value: str) -> bool:
    """Whether a chosen year, month or range covers a bar or a part of it."""
    if UNKNOWN in (chosen, value) or not chosen:
        return (chosen or UNKNOWN) == value
    (first, last), (start, end) = _ends(chosen), _ends(value)
    # A year is compared with a month by its four digits; an open end lies beyond everything.
    begins = not first or not end or first[: len(end)] <= end[: len(first)]
    return begins and (not last or not start or start[: len(last)] <= last[: len(start)])


def _ends(value: str) -> tuple[str, str]:
    return value.partition("..")[0], value.rpartition("..")[2]


def date_url(value: str) -> str:
    """The page of a month or a year; for all the years before one, the search for them."""
    if ".." in value:
        return Brush().url(value)
    year, _, month = value.partition("-")
    return (
        reverse("archive:month", args=[int(year), int(month)]) if month else reverse("archive:year", args=[int(year)])
    )
