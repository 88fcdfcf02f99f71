"""What the line model goes by: a line's own shape, its neighbours, and where it stands on the page.

Features are plain words that are true of a line or not ("no prose, below the story run"), so that a weight can be read
and a cut explained.
"""

from itertools import accumulate

from archive.choices import LinePlace
from archive.ingest.cleaning.captions import credit_of
from archive.ingest.cleaning.english import is_plainly_english
from archive.ingest.cleaning.line_likeness import beginnings, echo_features, own_features, under_colon
from archive.ingest.cleaning.line_shape import ending_of, length_of, shape_of
from archive.ingest.cleaning.page import Page, PageLine
from archive.ingest.cleaning.stamps import byline_names, is_date_line

_HEADINGS = frozenset(
    (
        *("related", "comments", "newsletter", "paywall", "legal", "navigation", "advertisement", "share", "counts"),
        *("reader-tools", "player", "affiliate-notice", "contact"),
    )
)
_COUNTS = ("0", "1", "2", "3-4", "3-4", "5-9", "5-9", "5-9", "5-9", "5-9")
_SHARES = (
    *((0.0, "none"), (0.03, "< 3 %"), (0.1, "< 10 %"), (0.25, "< 25 %"), (0.5, "< 50 %"), (0.75, "< 75 %")),
    *((0.9, "< 90 %"), (0.97, "< 97 %"), (0.9999, "< 100 %"), (2.0, "all")),
)
_FEW_SHARES = ((0.0, "none"), (0.2, "< 20 %"), (0.4, "< 40 %"), (0.6, "< 60 %"), (0.8, "< 80 %"), (0.999, "< 100 %"))
_STORY_PENALTY = 8
_LONGEST_ASKED = 200
_STORY_LINE_WORDS = 60
_HEADING_REACH = 60
"""After so many words of prose a heading of related stories and the like says nothing more of what follows."""


def _count(number: int) -> str:
    if number < 10:
        return _COUNTS[number]
    return "10-19" if number < 20 else "20-39" if number < 40 else "40 or more"


def _share(value: float, limits: tuple[tuple[float, str], ...] = _SHARES) -> str:
    for limit, name in limits:
        if value <= limit:
            return name
    return "all"


class PageView:
    """The page as the features see it: computed once, asked for each line."""

    def __init__(self, page: Page) -> None:
        self.lines = lines = page.lines
        self.size = len(lines)
        self.prose = [line.is_prose and line.place in (None, LinePlace.BODY) for line in lines]
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
        self.echoes = echo_features(lines, self.prose)
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

    def features(self, i: int) -> list[str]:
        """Everything that is true of the line at `i`."""
        prose = "prose" if self.prose[i] else "no prose"
        where = self.where(i)
        found = list(shape_of(self.lines[i].plain, self.lines[i].words))
        found.append(prose)
        found.append(f"{where}, {found[0]}")
        found.append(f"{where}, {found[1]}")
        self._neighbours(i, prose, found)
        self._position(i, prose, where, found)
        self._company(i, prose, where, found)
        self._words(i, prose, where, found)
        self._signs(i, where, found)
        self._likeness(i, prose, where, found)
        return found

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

    def _neighbours(self, i: int, prose: str, found: list[str]) -> None:
        status, last = self.status, self.size - 1
        before = status[i - 1] if i else "page edge"
        after = status[i + 1] if i < last else "page edge"
        two_before = status[i - 2] if i > 1 else "page edge"
        two_after = status[i + 2] if i < last - 1 else "page edge"
        found.append(f"before it {before}")
        found.append(f"{prose}, before it {before}")
        found.append(f"after it {after}")
        found.append(f"{prose}, after it {after}")
        found.append(f"{prose}, two before it {two_before}")
        found.append(f"{prose}, two after it {two_after}")
        found.append(f"{prose}, between {before} and {after}")
        for j, side in ((i - 1, "before"), (i + 1, "after")):
            if 0 <= j <= last and self.lines[j].place is None:
                found.append(f"{side} it {length_of(self.lines[j].words)}")
                found.append(f"{side} it one that {ending_of(self.lines[j].plain)}")

    def _position(self, i: int, prose: str, where: str, found: list[str]) -> None:
        found.append(f"{prose}, prose before it {_share(self.before[i] / self.total)}")
        found.append(f"{prose}, prose after it {_share((self.total - self.before[i + 1]) / self.total)}")
        found.append(f"{prose}, {where}")
        if where == "in the story":
            found.append(f"{prose}, from the story's edge {_count(min(i - self.start, self.end - 1 - i))}")
        else:
            distance = self.start - i if i < self.start else i - self.end + 1
            found.append(f"{prose}, {where} by {_count(distance)}")
        found.append(f"{prose}, prose above it by {_count(self.above[i])}")
        found.append(f"{prose}, prose below it by {_count(self.below[i])}")
        if self.title < 0:
            found.append(f"{prose}, line {i} of a page without title" if i < 3 else "page without title")
        elif i < self.title:
            found.append(f"{prose}, above the title")
        else:
            found.append(f"{prose}, below the title by {_count(i - self.title)}")
        if i >= self.size - 3:
            found.append(f"{prose}, last but {self.size - 1 - i} of the page")
        if self.foreign:
            found.append(f"{prose}, {where}, page not in English")
        if self.listy:
            found.append(f"{prose}, {where}, story of short lines")

    def _company(self, i: int, prose: str, where: str, found: list[str]) -> None:
        if not self.prose[i]:
            found.append(f"in a run of short lines, {_count(self.runs[i])}")
            found.append(f"{where}, in a run of short lines, {_count(self.runs[i])}")
        if self.headings[i]:
            found.append(f"under {self.headings[i]}")
            found.append(f"{prose}, under {self.headings[i]}")
        low, high = max(0, i - 4), min(self.size, i + 5)
        near = self.prose_before[high] - self.prose_before[low] - self.prose[i]
        gone = self.gone_before[high] - self.gone_before[low]
        found.append(f"{prose}, {near} of eight neighbours are prose")
        found.append(f"{prose}, {gone} of eight neighbours are furniture")
        size, place = self.blocks[i]
        found.append(f"block of {_count(size)}")
        if size > 1:
            found.append(f"{place} of its block")
        if self.seen[self.lines[i].key] > 1:
            found.append(f"{prose}, stands twice on the page")

    def _words(self, i: int, prose: str, where: str, found: list[str]) -> None:
        words = self.lines[i].content
        if not words:
            return
        if where != "in the story":
            known = len(words & self.story_words) / len(words)
            found.append(f"{prose}, {where}, words of the story {_share(known, _FEW_SHARES)}")
        if self.title_words and len(words) > 2:
            same = len(words & self.title_words) / len(words)
            found.append(f"words of the title {_share(same, _FEW_SHARES)}")

    def _signs(self, i: int, where: str, found: list[str]) -> None:
        line = self.lines[i]
        if is_date_line(line.plain, line.words):
            found.append("a date line")
            found.append(f"a date line {where}")
        names = byline_names(line.plain, line.words, near_title=True)
        if names is not None:
            found.append("a byline by its shape" if names else "a byline without name")
            found.append(f"a byline by its shape {where}")
        if line.words <= 75 and credit_of(line.plain) is not None:
            found.append("ends with a credit")

    def _likeness(self, i: int, prose: str, where: str, found: list[str]) -> None:
        found.extend(own_features(self.lines[i]))
        first, two = self.beginnings[i]
        around = [j for j in (i - 1, i + 1) if 0 <= j < self.size and self.lines[j].place in (None, LinePlace.BODY)]
        alike = sum(1 for j in around if self.beginnings[j][0] == first)
        if alike:
            both = "two words" if any(self.beginnings[j][1] == two for j in around) else "a word"
            found.append(f"{prose}, begins with {both} as {alike} beside it")
            found.append(f"{where}, begins as one beside it")
        if self.under_colon[i]:
            found.append(f"{where}, {_count(self.under_colon[i])} under a colon")
            found.append(f"{where}, under a colon")
        if echo := self.echoes.get(i):
            found.append(echo)
            found.append(f"{where}, {echo}")


def page_features(page: Page) -> list[list[str]]:
    """For each line of the page the features that are true of it; empty for lines that the model is not asked about."""
    view = PageView(page)
    return [view.features(i) if view.is_asked(i) else [] for i in range(view.size)]


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
        result.append(f"{last} by {_count(i - at)}" if last else "")
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
