"""What the line model goes by: a line's own shape, its neighbours, and where it stands on the page.

Features are plain words that are true of a line or not ("no prose, below the story run"), so that a weight can be read
and a cut explained. `PageView` says what holds for a line; `line_groups.py` says it in words.
"""

from itertools import accumulate

from archive.choices import LinePlace
from archive.ingest.cleaning import line_groups as say
from archive.ingest.cleaning.english import is_plainly_english
from archive.ingest.cleaning.line_likeness import beginnings, echo_features, under_colon
from archive.ingest.cleaning.line_shape import ending_of, length_of
from archive.ingest.cleaning.page import Page, PageLine
from archive.ingest.cleaning.traits import Traits, count_of, rough_share_of, share_of

_HEADINGS = frozenset(
    (
        *("related", "comments", "newsletter", "paywall", "legal", "navigation", "advertisement", "share", "counts"),
        *("reader-tools", "player", "affiliate-notice", "contact"),
    )
)
_STORY_PENALTY = 8
_LONGEST_ASKED = 200
_STORY_LINE_WORDS = 60
_PAGE_EDGE = "page edge"
_NOT_GONE = (None, LinePlace.BODY)
_HEADING_REACH = 60
"""After so many words of prose a heading of related stories and the like says nothing more of what follows."""


class PageView:
    """The page as the features see it: computed once, asked for each line."""

    def __init__(self, page: Page) -> None:
        self.lines = lines = page.lines
        self.size = len(lines)
        self.prose = [line.is_prose and line.place in _NOT_GONE for line in lines]
        self.before = [0]
        for line, prose in zip(lines, self.prose, strict=True):
            self.before.append(self.before[-1] + (line.words if prose else 0))
        self.total = self.before[-1] or 1
        self.start, self.end = self._story_run()
        self.status = [_status(line, prose) for line, prose in zip(lines, self.prose, strict=True)]
        self.title = next((i for i, line in enumerate(lines) if line.place == LinePlace.TITLE), -1)
        self.title_words = lines[self.title].content if self.title >= 0 else frozenset()
        story = [lines[i] for i in range(self.start, self.end) if self.prose[i]]
        self.story_words = frozenset().union(*(line.content for line in story))
        self.foreign = not is_plainly_english(" ".join(line.plain for line in story[:8])) if story else True
        inside = self.end - self.start
        self.listy = inside > 3 and len(story) * 2 < inside
        self.above = _distances(self.prose)
        self.below = _distances(self.prose[::-1])[::-1]
        self.runs = _runs([not prose and line.place is None for line, prose in zip(lines, self.prose, strict=True)])
        self.headings = _headings(lines)
        self.blocks = _blocks(lines)
        self.prose_before = list(accumulate(self.prose, initial=0))
        self.gone_before = list(accumulate((line.place == LinePlace.REMOVED for line in lines), initial=0))
        self.beginnings = beginnings(lines)
        self.under_colon = under_colon(lines, self.prose)
        self.echoes = echo_features(page, self.prose)
        self.seen: dict[str, int] = {}
        for line in lines:
            self.seen[line.key] = self.seen.get(line.key, 0) + 1

    def _story_run(self) -> tuple[int, int]:
        """The run of lines with the greatest sum, prose counting its words and all else a penalty (Kadane's scan)."""
        best, span, current, start = 0, (0, 0), 0, 0
        for i, line in enumerate(self.lines):
            if current <= 0:
                current, start = 0, i
            current += min(line.words, _STORY_LINE_WORDS) if self.prose[i] else -_STORY_PENALTY
            if current > best:
                best, span = current, (start, i + 1)
        return span

    def where(self, i: int) -> str:
        return "above the story" if i < self.start else "below the story" if i >= self.end else "in the story"

    def traits(self, i: int) -> list[Traits]:
        """Everything that is true of the line at `i`."""
        line, prose, where = self.lines[i], "prose" if self.prose[i] else "no prose", self.where(i)
        own = say.line_by_itself(line.plain, line.words)
        stamped = own.is_date or own.is_byline
        return [
            own.traits,
            say.placed(prose, where, own.length, own.ending),
            *([say.stamped(where, date=own.is_date, byline=own.is_byline)] if stamped else []),
            *self._neighbours(i, prose),
            *self._position(i, prose, where),
            *self._company(i, prose, where),
            *self._words(line, prose, where),
            *self._likeness(i, prose, where),
        ]

    def is_asked(self, i: int) -> bool:
        """Whether the model is asked about the line at `i`: not about prose between prose within the story.

        A paragraph between paragraphs is kept whatever it says; of 1,508 such lines the model would have cut none. So
        is a text of several hundred words: too much to lose on a score.
        """
        if self.lines[i].place is not None or self.lines[i].words >= _LONGEST_ASKED:
            return False
        if not (self.prose[i] and self.start <= i < self.end and 0 < i < self.size - 1):
            return True
        return not (self.status[i - 1] == self.status[i + 1] == "prose")

    def _neighbours(self, i: int, prose: str) -> list[Traits]:
        status, last = self.status, self.size - 1
        before = status[i - 1] if i else _PAGE_EDGE
        after = status[i + 1] if i < last else _PAGE_EDGE
        two_before = status[i - 2] if i > 1 else _PAGE_EDGE
        two_after = status[i + 2] if i < last - 1 else _PAGE_EDGE
        found = [say.between(prose, before, after), say.two_off(prose, two_before, two_after)]
        for j, side in ((i - 1, "before"), (i + 1, "after")):
            if 0 <= j <= last and self.lines[j].place is None:
                found.append(say.beside(side, length_of(self.lines[j].words), ending_of(self.lines[j].plain)))
        return found

    def _position(self, i: int, prose: str, where: str) -> list[Traits]:
        if where == "in the story":
            distance = min(i - self.start, self.end - 1 - i)
        else:
            distance = self.start - i if i < self.start else i - self.end + 1
        before, after = self.before[i] / self.total, (self.total - self.before[i + 1]) / self.total
        found = [
            say.prose_around(prose, share_of(before), share_of(after)),
            say.distant(prose, where, count_of(distance), count_of(self.above[i]), count_of(self.below[i])),
            say.on_page(prose, self._from_title(i), min(self.size - 1 - i, 3)),
        ]
        if self.foreign or self.listy:
            found.append(say.on_odd_page(prose, where, foreign=self.foreign, listy=self.listy))
        return found

    def _from_title(self, i: int) -> str:
        if self.title < 0:
            return f"line {i} of a page without title" if i < 3 else ""
        return "above the title" if i < self.title else f"below the title by {count_of(i - self.title)}"

    def _company(self, i: int, prose: str, where: str) -> list[Traits]:
        low, high = max(0, i - 4), min(self.size, i + 5)
        near = self.prose_before[high] - self.prose_before[low] - self.prose[i]
        gone = self.gone_before[high] - self.gone_before[low]
        size, place = self.blocks[i]
        found = [
            say.among(prose, near, gone, twice=self.seen[self.lines[i].key] > 1),
            say.in_block(count_of(size), place if size > 1 else ""),
        ]
        if not self.prose[i]:
            found.append(say.in_run(where, count_of(self.runs[i])))
        if self.headings[i]:
            found.append(say.under(prose, self.headings[i]))
        return found

    def _words(self, line: PageLine, prose: str, where: str) -> list[Traits]:
        words = line.content
        if not words:
            return []
        found = []
        if where != "in the story":
            found.append(say.of_story(prose, where, rough_share_of(len(words & self.story_words) / len(words))))
        if self.title_words and len(words) > 2:
            found.append(say.of_title(rough_share_of(len(words & self.title_words) / len(words))))
        return found

    def _likeness(self, i: int, prose: str, where: str) -> list[Traits]:
        found = []
        first, two = self.beginnings[i]
        around = [
            self.beginnings[j]
            for j in (i - 1, i + 1)
            if 0 <= j < self.size and self.beginnings[j][0] == first and self.lines[j].place in _NOT_GONE
        ]
        if around:
            found.append(say.alike(prose, where, len(around), both=any(other == two for _, other in around)))
        if self.under_colon[i]:
            found.append(say.under_colon(where, count_of(self.under_colon[i])))
        if echo := self.echoes.get(i):
            found.append(say.echo(where, echo))
        return found


def page_traits(page: Page) -> list[list[Traits]]:
    """For each line of the page what is true of it; empty for lines that the model is not asked about."""
    view = PageView(page)
    return [view.traits(i) if view.is_asked(i) else [] for i in range(view.size)]


def _status(line: PageLine, prose: bool) -> str:
    if line.place == LinePlace.REMOVED:
        return line.rule
    if line.place is not None:
        return "list" if line.place == LinePlace.BODY else str(line.place)
    if prose:
        return "prose"
    if line.words <= 3:
        return "a tiny line"
    if line.ends_sentence:
        return "a short sentence"
    return "a short line" if line.words < 12 else "a long line without stop"


def _distances(flags: list[bool]) -> list[int]:
    """For each index, how many lines since the last flagged one before it; 99 where none is."""
    result: list[int] = []
    last = -99
    for i, flag in enumerate(flags):
        result.append(min(i - last, 99))
        if flag:
            last = i
    return result


def _runs(flags: list[bool]) -> list[int]:
    """For each index, the length of the run of flagged lines that it is in."""
    result = [0] * len(flags)
    start = 0
    for i in range(len(flags) + 1):
        if i == len(flags) or not flags[i]:
            result[start:i] = [i - start] * (i - start)
            start = i + 1
    return result


def _headings(lines: list[PageLine]) -> list[str]:
    """For each line the last furniture above it and how far off, until too much prose has passed."""
    result: list[str] = []
    last, at, passed = "", 0, 0
    for i, line in enumerate(lines):
        result.append(f"{last} by {count_of(i - at)}" if last else "")
        if line.place == LinePlace.REMOVED and line.rule in _HEADINGS:
            last, at, passed = line.rule, i, 0
        elif line.place is None and line.is_prose:
            passed += line.words
            if passed > _HEADING_REACH:
                last = ""
    return result


def _blocks(lines: list[PageLine]) -> list[tuple[int, str]]:
    """For each line how many lines its block (between blank lines) has, and whether it is first, last or between."""
    result: list[tuple[int, str]] = []
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].after_blank:
            for j in range(start, i):
                result.append((i - start, "first" if j == start else "last" if j == i - 1 else "middle"))
            start = i
    return result
