"""Raw date strings to dates with evidence: what was read, by which rule, how exactly and how surely.

Machine formats first and strictly; free text in other languages goes to dateparser. Never fills a gap with today:
what is not in the string (or, for "5 days ago", in the reference date) is not in the result.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from archive.choices import DatePrecision
from archive.ingest.cleaning.date_words import FOREIGN_LANGUAGES, MONTHS, REGION_ZONES, UNIT_SECONDS, ZONE_MINUTES
from archive.ingest.records import PublishedDate

MAX_LENGTH = 200
"""A longer string is no date; only its start is looked at."""

UNKNOWN_ORDER = "numbers, day and month order unknown"
"""The rule of a date such as 03/04/2019 of a source that is not known."""

_MONTH = r"(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_FIRST_YEAR = 1450  # printing
_TOMORROW = timedelta(days=2)  # a page of Auckland read in Honolulu is a day ahead

_SPACES = re.compile(r"\s+")
_ISO = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<!\d)((?:1[4-9]|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)"
)
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})$")
_YEAR = re.compile(r"\W{0,3}((?:1[4-9]|20)\d\d)\W{0,3}$")
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d{1,9})?$")
_DAY_MONTH_YEAR = re.compile(
    rf"(?<![\d:.])(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+(?:day\s+)?of)?[\s.,/-]{{0,3}}{_MONTH}[\s.,/'’-]{{0,4}}"
    r"(\d{4}|\d{2})(?![\d:])",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(
    rf"\b{_MONTH}[\s-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?\b[\s,.-]{{1,4}}(\d{{4}})(?![\d:])", re.IGNORECASE
)
_YEAR_MONTH_DAY = re.compile(
    rf"(?<!\d)(\d{{4}})[\s,.-]{{1,3}}{_MONTH}[\s.-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE
)
_CTIME = re.compile(
    rf"\b{_MONTH} (\d{{1,2}}) (\d\d:\d\d:\d\d) (?:([A-Z]{{2,4}}|[+-]\d{{4}}) )?(\d{{4}})\b", re.IGNORECASE
)
_NAMED = (
    (_DAY_MONTH_YEAR, (1, 2, 3), "day, month name, year"),
    (_MONTH_DAY_YEAR, (2, 1, 3), "month name, day, year"),
    (_YEAR_MONTH_DAY, (3, 2, 1), "year, month name, day"),
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH}[\s,.-]{{1,3}}(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s{{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"(?<![\d:.])(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s{{1,2}}{_MONTH}", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")

_CLOCK = r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(?:([ap])\.?\s?m\b\.?)?(?:\s?hrs?\b)?"
_ZONE = r"(?:\s?\(?((?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Z]{1,5}\b)\)?)?"
_TIME_AFTER = re.compile(rf"[\s,|•·–—@T-]{{0,5}}(?:at\s)?{_CLOCK}{_ZONE}", re.IGNORECASE)
_TIME_BEFORE = re.compile(
    rf"(?<![\d:.]){_CLOCK}{_ZONE}[\s,|•·–—-]{{1,5}}(?:on\s)?(?:[a-z]{{3,9}}\b[\s,.]{{1,3}})?$", re.IGNORECASE
)
_AGO = re.compile(
    r"(?:about |over |almost )?(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s?"
    r"(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|yrs?|y)\.? ago\b",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(
    r"\b(?:published|posted|updated|last|first|modified|created|on|at|date|time|by|mon|tues?|wed|thur?s?|fri|sat|sun|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|local|standard|daylight|and|edt|est)\b|[\W\d_]+",
    re.IGNORECASE,
)
# A day and a year, in this order or the other, and a letter of a month's name.
_FOREIGN_DATE = re.compile(
    r"(?=.*[^\W\d_])(?:(?<!\d)\d{1,2}(?!\d).*(?<!\d)\d{4}(?!\d)|(?<!\d)\d{4}(?!\d).*(?<!\d)\d{1,2}(?!\d))"
)
_ENGLISH_MONTH = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"nine": 9, "ten": 10, "twelve": 12}
_DAYS_BACK = {"today": 0, "just now": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class _Day:
    """A calendar date found at [start, end) of a text."""

    year: int
    month: int
    day: int
    start: int
    end: int
    rule: str
    confidence: float
    precision: DatePrecision = DatePrecision.DAY


def parse_date(raw: str, *, reference: datetime | None = None, day_first: bool | None = None) -> PublishedDate | None:
    """Read one raw date string.

    `reference` (aware; the crawl or file date) is needed for relative dates and for dates without a year.
    `day_first` says what the source's numeric dates mean; None lets the string itself decide, with lower confidence
    where it cannot. Returns None where no date stands in the string. A date that cannot be one of publication (before
    printing, the epoch's zero, the future) comes back with `value` None and a rule that says so.
    """
    text = raw.strip()
    if not text:
        return None
    found = _machine(text) if len(text) < 40 else None
    if found is None:
        text = _SPACES.sub(" ", text[:MAX_LENGTH])
        found = _written(text, day_first, reference) or _relative(text, reference) or _foreign(text)
    return None if found is None else _plausible(replace(found, raw=raw[:MAX_LENGTH]), reference)


def crawl_date(raw: str) -> datetime | None:
    """When a record was fetched, to the day at least, by what its dump says; None where it does not say."""
    found = parse_date(raw) if raw else None
    if found is None or found.precision not in (DatePrecision.DAY, DatePrecision.TIME):
        return None
    return found.value


def day_order(raws: Iterable[str]) -> bool | None:
    """Whether a source writes the day first in numeric dates: True, False, or None where its dates don't say.

    One date with a number above 12 decides; dates that contradict each other decide nothing.
    """
    orders = set()
    for raw in raws:
        match = _NUMERIC.search(raw[:MAX_LENGTH])
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            orders.add(True)
        elif second > 12 >= first:
            orders.add(False)
    return orders.pop() if len(orders) == 1 else None


def _machine(text: str) -> PublishedDate | None:
    """ISO 8601 and Unix time: the strict formats, by the standard library's own fast parser."""
    if not text[0].isdigit() or not text.isascii():
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return _loose_machine(text)
    only_day = len(text) <= 10
    return _dated(value, "ISO 8601 date" if only_day else "ISO 8601", 1.0, has_time=not only_day)


def _loose_machine(text: str) -> PublishedDate | None:
    if match := _EPOCH.match(text):
        try:
            return _dated(datetime.fromtimestamp(int(match[1]), UTC), "Unix time", 0.9, has_time=True)
        except (OverflowError, OSError, ValueError):
            return None
    if (match := _YEAR_MONTH.match(text)) and 1 <= int(match[2]) <= 12 and int(match[1]):
        value = datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
        return PublishedDate("", value, DatePrecision.MONTH, "year and month", 0.9)
    return None


def _written(text: str, day_first: bool | None, reference: datetime | None) -> PublishedDate | None:
    """A date as people and CMSs write it, with the clock time and the zone beside it."""
    if match := _CTIME.search(text):
        month, day, clock, zone, year = match.groups()
        text = f"{text[: match.start()]}{day} {month} {year} {clock} {zone or ''}{text[match.end() :]}"
    day_found = _find_day(text, day_first, reference)
    if day_found is None:
        return None
    try:
        date = datetime(day_found.year, day_found.month, day_found.day, tzinfo=UTC)
    except ValueError:
        return None
    confidence = day_found.confidence
    left = _LEFT_OVER.sub("", text[: day_found.start] + " " + text[day_found.end :])
    if len(left) > 20:  # a sentence that mentions a date, more likely than a date
        confidence *= 0.75
    if day_found.precision != DatePrecision.DAY:
        return PublishedDate("", date, day_found.precision, day_found.rule, confidence)
    clock_found = _find_clock(text, day_found, date)
    if clock_found is None:
        return PublishedDate("", date, DatePrecision.DAY, day_found.rule, confidence)
    return _dated(clock_found, f"{day_found.rule} and time", confidence, has_time=True)


def _find_day(text: str, day_first: bool | None, reference: datetime | None) -> _Day | None:
    if match := _ISO.search(text):
        year, month, day = match.group(1, 3, 4) if match[1] else match.group(5, 6, 7)
        return _Day(int(year), int(month), int(day), *match.span(), "year, month, day", 0.95)
    named = []
    for pattern, order, rule in _NAMED:
        if match := pattern.search(text):
            day, month, year = match.group(*order)
            confidence = 0.95 if len(year) == 4 else 0.75
            named.append(_Day(_year(year), MONTHS[month.lower()], int(day), *match.span(), rule, confidence))
    if named:
        return min(named, key=lambda day: day.start)
    if match := _NUMERIC.search(text):
        return _numeric_day(text, match, day_first, reference)
    if match := _MONTH_YEAR.search(text):
        month, year = MONTHS[match[1].lower()], int(match[2])
        return _Day(year, month, 1, *match.span(), "month name, year", 0.85, DatePrecision.MONTH)
    if match := _YEAR.match(text):
        return _Day(int(match[1]), 1, 1, *match.span(), "year alone", 0.7, DatePrecision.YEAR)
    return _day_without_year(text, reference)


def _numeric_day(text: str, match: re.Match[str], day_first: bool | None, reference: datetime | None) -> _Day | None:
    first, separator, second, year_text = int(match[1]), match[2], int(match[3]), match[4]
    year = _year(year_text)
    sure = 0.9 if len(year_text) == 4 else 0.7
    if first > 12 or second > 12 or first == second:
        day, month = (second, first) if second > 12 else (first, second)
        return _Day(year, month, day, *match.span(), "numbers, order plain from the date", sure)
    if day_first is not None:
        day, month = (first, second) if day_first else (second, first)
        order = "day first" if day_first else "month first"
        return _Day(year, month, day, *match.span(), f"numbers, {order} as the source writes", sure)
    latest = (reference or datetime.now(UTC)) + _TOMORROW
    past = [
        (day, month)
        for day, month in ((first, second), (second, first))
        if datetime(year, month, day, tzinfo=UTC) <= latest
    ]
    if len(past) == 1:
        return _Day(year, past[0][1], past[0][0], *match.span(), "numbers, the other order lies in the future", 0.7)
    # Dots and hyphens are European; a slash says nothing, and most English dumps with slashes are American.
    guess_day_first = separator != "/" and not re.search(r"\d\s?[ap]\.?m\b", text, re.IGNORECASE)
    day, month = (first, second) if guess_day_first else (second, first)
    return _Day(year, month, day, *match.span(), UNKNOWN_ORDER, 0.4)


def _day_without_year(text: str, reference: datetime | None) -> _Day | None:
    if reference is None:
        return None
    if match := _MONTH_DAY.search(text):
        month, day = MONTHS[match[1].lower()], int(match[2])
    elif match := _DAY_MONTH.search(text):
        month, day = MONTHS[match[2].lower()], int(match[1])
    else:
        return None
    year = reference.year
    try:
        if datetime(year, month, day, tzinfo=UTC) > reference + _TOMORROW:
            year -= 1
    except ValueError:
        return None
    return _Day(year, month, day, *match.span(), "day and month, year from the reference date", 0.5)


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    year = 2000 + int(text)
    return year if year <= datetime.now(UTC).year + 1 else year - 100


def _find_clock(text: str, day: _Day, date: datetime) -> datetime | None:
    """The time of day right after the date, or right before it; not one that stands elsewhere in the string."""
    for match in (_TIME_AFTER.match(text, day.end), _TIME_BEFORE.search(text, max(0, day.start - 40), day.start)):
        if match is None or not (match[2] or match[5]):  # "19 2019" is no clock, "7 pm" and "19:20" are
            continue
        hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
        if match[5] and hour <= 12:
            hour = hour % 12 + (12 if match[5].lower() == "p" else 0)
        if hour > 23 or minute > 59 or second > 59:
            continue
        micro = int((match[4] or "0")[:6].ljust(6, "0"))
        zone = _zone(match[6] or "")
        value = date.replace(hour=hour, minute=minute, second=second, microsecond=micro, tzinfo=zone)
        return value if zone is None else value.replace(tzinfo=timezone(value.utcoffset() or timedelta()))
    return None


@lru_cache(maxsize=256)
def _zone(text: str) -> tzinfo | None:
    """The zone that "EST", "GMT+8", "+0530" or "ET" names; None for anything else."""
    name = text.strip().upper()
    if name in REGION_ZONES:
        return ZoneInfo(REGION_ZONES[name])
    if name in ZONE_MINUTES:
        return timezone(timedelta(minutes=ZONE_MINUTES[name]))
    match = re.fullmatch(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?", name)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _relative(text: str, reference: datetime | None) -> PublishedDate | None:
    """ "5 days ago" and "yesterday", counted back from the reference date and never from today."""
    if reference is None or len(text) > 60:
        return None
    lowered = text.lower()
    for word, days in _DAYS_BACK.items():
        if word in lowered:
            value = (reference - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
            return PublishedDate("", value, DatePrecision.DAY, f"“{word}”, from the reference date", 0.6)
    match = _AGO.search(text)
    if match is None:
        return None
    word, unit = match[1].lower(), match[2].lower()
    seconds = UNIT_SECONDS[unit if unit in UNIT_SECONDS else unit.rstrip("s")]
    value = reference - timedelta(seconds=seconds * (_COUNTS[word] if word in _COUNTS else int(word)))
    precision = DatePrecision.DAY
    if seconds >= 2629746:
        precision = DatePrecision.MONTH if seconds < 31556952 else DatePrecision.YEAR
    value = (
        value.replace(minute=0, second=0, microsecond=0)
        if seconds < 86400
        else value.replace(hour=0, minute=0, second=0, microsecond=0)
    )
    return PublishedDate("", value, precision, "so long ago, from the reference date", 0.6)


@lru_cache(maxsize=4096)
def _foreign(text: str) -> PublishedDate | None:
    """A short date in another language, by dateparser: 2 ms each, so only for what looks like one."""
    if len(text) > 60 or not _FOREIGN_DATE.search(text) or _ENGLISH_MONTH.search(text):
        return None
    import dateparser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    value = dateparser.parse(text, languages=FOREIGN_LANGUAGES, settings=settings)
    if value is None:
        return None
    has_time = (value.hour, value.minute) != (0, 0)
    return _dated(value, "a date in words, by dateparser", 0.7, has_time=has_time)


def _dated(value: datetime, rule: str, confidence: float, *, has_time: bool) -> PublishedDate:
    has_zone = value.tzinfo is not None
    # Midnight to the second is what software writes for "that day".
    exact = has_time and (value.hour, value.minute, value.second) != (0, 0, 0)
    precision = DatePrecision.TIME if exact else DatePrecision.DAY
    return PublishedDate("", value if has_zone else value.replace(tzinfo=UTC), precision, rule, confidence, has_zone)


def _plausible(found: PublishedDate, reference: datetime | None) -> PublishedDate:
    value = found.value
    if value is None:
        return found
    refused = ""
    if value.year < _FIRST_YEAR:
        refused = "before printing"
    elif value.year >= 9998 or value > datetime.now(UTC) + _TOMORROW:
        refused = "in the future"
    elif abs(value.timestamp()) < 1:
        refused = "the zero of Unix time"
    if refused:
        return replace(found, value=None, rule=f"{found.rule}; refused: {refused}", confidence=0.0)
    if reference is not None and value > reference + _TOMORROW:
        return replace(found, rule=f"{found.rule}; after the reference date", confidence=min(found.confidence, 0.2))
    return found
