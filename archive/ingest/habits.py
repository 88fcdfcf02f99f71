"""What a source's other articles say about this one: lines that they all carry, and how they write their dates.

The last step of what cleaning says, before source rules. It changes neither an article's ingested hash nor its text
hash: the same dump again is unchanged however much was learnt in between. Pure functions; `habit_counts.py` counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from archive.choices import ContentKind, LinePlace
from archive.ingest.cleaning.dates import UNKNOWN_ORDER, parse_date
from archive.ingest.cleaning.page import PageLine
from archive.ingest.cleaning.rules import REPEATED
from archive.ingest.records import CleanArticle, Line
from archive.ingest.settle import Parts, settle, whole_lines

MIN_ARTICLES = 3
MIN_SHARE = 0.02
MAX_WORDS = 40
MAX_KEY = 300
"""The guards: of all repeated lines 1.7 % were measured to be the articles' own (refrains, subheads, credits)."""

MOST_LINES = 30
"""So many lines of one article are counted at most."""
_SURE = 3
_CONTRARY = 0.05


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of one source. `lines` maps a line's key to the number of articles, where that is enough to cut."""

    articles: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    day_first: bool | None = None
    """The order in which it writes numeric dates; None where its dates don't say."""


NO_HABITS = Habits()


def is_repeated(articles: int, of: int, first_day: date | None, last_day: date | None) -> bool:
    """Whether a line that stands in so many articles, of so many, is the source's own: not if all are of one day."""
    return articles >= max(MIN_ARTICLES, MIN_SHARE * of) and (first_day is None or first_day != last_day)


def order_of(day_first: int, month_first: int) -> bool | None:
    """The order that so many plain dates speak for; contradictions of more than one in twenty say nothing."""
    most, fewest = max(day_first, month_first), min(day_first, month_first)
    return day_first > month_first if most >= _SURE and fewest <= _CONTRARY * most else None


def countable(article: CleanArticle, kind: ContentKind) -> tuple[str, ...]:
    """Keys of the lines that could be the source's own: what is counted, and the only ones that may be cut."""
    return tuple(dict.fromkeys(key for key, _ in _candidates(article, kind)))[:MOST_LINES]


def without_repeated(article: CleanArticle, habits: Habits, kind: ContentKind) -> CleanArticle:
    """The article without the lines that its source repeats; where none of its text would be left, as it was."""
    if not habits.lines:
        return article
    changes: dict[int, Parts] = {}
    for key, line in _candidates(article, kind):
        if count := habits.lines.get(key):
            reason = f"in {count} of {habits.articles} articles of this source"
            changes[line.number] = (replace(line, place=LinePlace.REMOVED, rule=REPEATED.name, reason=reason),)
    settled = settle(article, changes, kind) if changes else article
    return settled if settled.paragraphs or not article.paragraphs else article


def with_day_order(article: CleanArticle, habits: Habits) -> CleanArticle:
    """The article with a date of unknown order read as its source writes dates."""
    published = article.published
    if habits.day_first is None or published is None or UNKNOWN_ORDER not in published.rule:
        return article
    found = parse_date(published.raw, day_first=habits.day_first)
    if found is None or found.value is None:
        return article
    where = published.rule.partition(UNKNOWN_ORDER)[0]
    return replace(article, published=replace(found, raw=published.raw, rule=f"{where}{found.rule}"))


def _candidates(article: CleanArticle, kind: ContentKind) -> Iterator[tuple[str, Line]]:
    """Lines of the text that are short, whole paragraphs, no quotation or question, and not between two of prose."""
    lines = article.lines
    # Lines of fields may be parts of wrapped paragraphs.
    whole = whole_lines(article) if kind == ContentKind.FIELDS else None
    for index, line in enumerate(lines):
        if whole is not None and line.number not in whole:
            continue
        text = line.text
        if line.place != LinePlace.BODY or line.rule or len(text) > MAX_KEY or text[-1:] in "\"'?”’":
            continue
        if _is_prose(lines, index - 1) and _is_prose(lines, index + 1):
            continue
        read = PageLine(line.number, text, after_blank=False)
        if read.words and read.words < MAX_WORDS and not _has_parts(lines, index):
            yield read.key, line


def _is_prose(lines: Sequence[Line], index: int) -> bool:
    if not 0 <= index < len(lines) or lines[index].place == LinePlace.REMOVED:
        return False
    text = lines[index].text
    return text.count(" ") >= 11 and text.rstrip("\"'”’)")[-1:] in (".", "!", "?", "…")


def _has_parts(lines: Sequence[Line], index: int) -> bool:
    return any(
        0 <= other < len(lines) and lines[other].number == lines[index].number for other in (index - 1, index + 1)
    )
