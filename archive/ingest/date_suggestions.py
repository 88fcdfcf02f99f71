"""When an article without a date may have been published: what its record and its surroundings say, with the evidence.

For people to judge; nothing here is ever taken by itself. Never today for want of a date.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.db.models import Q

from archive.choices import DatePrecision
from archive.ingest.account import stored_record
from archive.ingest.cleaning.date_words import MONTHS
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.cleaning.folding import plain
from archive.ingest.cleaning.raw_lines import raw_lines
from archive.ingest.cleaning.stamps import is_date_line
from archive.ingest.records import PublishedDate
from archive.models import Article

MOST = 6
_LINES, _LINE_LENGTH = 2_000, 1_000
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_IN_TEXT = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH_NAMES})\b\.?,? (?:1[5-9]|20)\d\d|"
    rf"(?:{_MONTH_NAMES})\b\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:1[5-9]|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/._-](\d{1,2})[/._-](\d{1,2})(?!\d)|(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"
)
_MONTH_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?=/)")
_NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A date that an article may have, and what speaks for it."""

    found: PublishedDate
    where: str
    """Where the string stood, in words: "line 3", "in its address"."""

    @property
    def day(self) -> date:
        assert self.found.value is not None
        return self.found.value.date()

    @property
    def key(self) -> str:
        """What a form sends to mean this suggestion."""
        return f"{self.day.isoformat()} {self.found.precision.value} {self.where}"


def suggestions(articles: Sequence[Article]) -> dict[int, list[Suggestion]]:
    """For each article (with its raw record and dump) what may be its date, the likeliest first; two queries in all."""
    beside = _neighbours(articles)
    elsewhere: dict[int, list[Suggestion]] = {}
    ids = [article.pk for article in articles]
    for one in Article.objects.filter(pk__in=ids, appearances__published_at__isnull=False).values_list(
        "pk", "appearances__published_at", "appearances__source__name"
    ):
        found = PublishedDate("", one[1], DatePrecision.DAY, "the same text elsewhere", 0.6)
        elsewhere.setdefault(one[0], []).append(Suggestion(found, f"the same text in {one[2]}"))
    return {
        article.pk: _best([*_said(article), *elsewhere.get(article.pk, ()), *_between(article, beside)])
        for article in articles
    }


def _best(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Each day once, by its best evidence; the surest first."""
    by_day: dict[tuple[date, str], Suggestion] = {}
    for each in sorted(found, key=lambda each: -each.found.confidence):
        if each.found.value is not None:
            by_day.setdefault((each.day, each.found.precision), each)
    return list(by_day.values())[:MOST]


def _said(article: Article) -> Iterator[Suggestion]:
    """What the article's own record says somewhere."""
    if article.published_raw:
        for day_first in (None, True, False):
            if found := parse_date(article.published_raw, day_first=day_first):
                yield Suggestion(found, "its own date string")
    yield from _in_address(article.canonical_url)
    raw = article.raw
    if raw is None:
        return
    for name in (raw.member, raw.dump.name):
        yield from _in_name(name)
    for number, line in enumerate(raw_lines(stored_record(raw))[:_LINES], start=1):
        yield from _in_line(number, plain(line[:_LINE_LENGTH]))


def _in_line(number: int, line: str) -> Iterator[Suggestion]:
    if not line:
        return
    if is_date_line(line, line.count(" ") + 1) and (found := parse_date(line)):
        yield Suggestion(replace(found, rule=f"a line that is a date: {found.rule}"), f"line {number}")
        return
    for match in _IN_TEXT.finditer(line):
        if found := parse_date(match[0]):
            sure = 0.3 if number <= 30 else 0.2
            yield Suggestion(replace(found, rule="a day that the text names", confidence=sure), f"line {number}")


def _in_address(url: str) -> Iterator[Suggestion]:
    path = urlsplit(url).path[:1000]
    if match := _IN_ADDRESS.search(path):
        yield from _from_numbers(match, 0.8, "in its address")
    elif (match := _MONTH_IN_ADDRESS.search(path)) and (found := parse_date(f"{match[1]}-{match[2]}")):
        yield Suggestion(replace(found, raw=match[0], rule="year and month", confidence=0.6), "in its address")


def _in_name(name: str) -> Iterator[Suggestion]:
    if match := _IN_ADDRESS.search(name[:1000]):
        yield from _from_numbers(match, 0.5, "in the name of its file")


def _from_numbers(match: re.Match[str], sure: float, where: str) -> Iterator[Suggestion]:
    year, month, day = (number for number in match.groups() if number)
    if found := parse_date(f"{year}-{int(month):02}-{int(day):02}"):
        confidence = sure if found.value is not None else 0.0
        yield Suggestion(replace(found, raw=match[0], rule="year, month, day", confidence=confidence), where)


def _neighbours(articles: Sequence[Article]) -> Mapping[tuple[int, int], date]:
    """By dump and number the days of the records right before and after these articles' own."""
    asked = Q()
    for article in articles:
        if article.raw is not None:
            asked |= Q(raw__dump=article.raw.dump_id, raw__number__in=(article.raw.number - 1, article.raw.number + 1))
    if not asked:
        return {}
    rows = Article.objects.filter(asked, published_on__isnull=False).values_list(
        "raw__dump_id", "raw__number", "published_on"
    )
    return {(dump, number): day for dump, number, day in rows if dump is not None and number is not None and day}


def _between(article: Article, days: Mapping[tuple[int, int], date]) -> Iterator[Suggestion]:
    """Records of a dump often stand in order of time: one between two of the same days is of those days."""
    raw = article.raw
    before = days.get((raw.dump_id, raw.number - 1)) if raw else None
    after = days.get((raw.dump_id, raw.number + 1)) if raw else None
    if before is None or after is None or abs(after - before) > _NEAR:
        return
    if found := parse_date(before.isoformat()):
        sure = 0.5 if before == after else 0.35
        rule = f"between records of {before:%-d %B %Y} and {after:%-d %B %Y}"
        yield Suggestion(replace(found, raw="", rule=rule, confidence=sure), "its place in the dump")
