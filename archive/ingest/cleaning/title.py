"""The headline: of the lines above the story the one that looks like a headline and speaks of what the story speaks of.

Each line gets a sum of signs. Their weights are trained by `manage.py train_line_model` (choice of one line among a
page's candidates, logistic), which writes what they score in cross-validation beside them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.choices import LinePlace
from archive.ingest.cleaning.captions import credit_of
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step
from archive.ingest.cleaning.stamps import byline_names, is_date_line

TITLE = Rule(
    "title", "The headline: the line above the story that looks like one and speaks of what the story speaks of."
)
TITLE_AGAIN = Rule("title-repeated", "The headline printed a second time.")

WEIGHTS_FILE = Path(__file__).with_name("title_model.json")
NO_TITLE = 1.8
"""The score of a page without title: what a line must beat."""
_STORY_LINES = 40
_MAX_LINES = 400
_STEM = 6
_TWO_SENTENCES = re.compile(r"[.?!]['\"]? [A-Z'\"]")
_SHORT_LINE = 40


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[str, float]:
    """The weights that lie beside this module, by the names of the signs."""
    weights: dict[str, float] = json.loads(WEIGHTS_FILE.read_text("utf-8"))["weights"]
    return weights


def find_title(page: Page) -> None:
    """Choose the headline, if the lines before the story hold one."""
    if page.hints.title:
        _take_known_title(page, page.hints.title)
        return
    if page.hints.extracted:
        return
    weights = shipped_weights()
    best, best_score = -1, NO_TITLE
    for index, signs in candidates(page):
        score = sum(weights[name] * value for name, value in signs.items())
        if score > best_score:
            best, best_score = index, score
    if best >= 0:
        _take(page, page.lines[best])


def _take(page: Page, title: PageLine) -> None:
    title.decide(LinePlace.TITLE, TITLE.name)
    for line in page.lines:
        if line is not title and line.key == title.key and line.place in (None, LinePlace.REMOVED):
            line.remove(TITLE_AGAIN.name)


def _take_known_title(page: Page, known: str) -> None:
    wanted = PageLine(0, known, after_blank=False).key
    title = next((line for line in page.lines if line.key == wanted), None)
    if title is not None:
        _take(page, title)


def candidates(page: Page) -> list[tuple[int, dict[str, float]]]:
    """The lines that could be the headline, each with its signs by name (0 where left out)."""
    lines = page.lines
    start, end = story_start(lines), len(lines)
    if start < 0:
        return []
    story: set[str] = set()
    for line in lines[start : min(end, start + _STORY_LINES)]:
        if line.is_prose:
            story |= _stems(line)
    short = {line.key for line in lines[:start] if line.place is None and 4 <= line.words <= 25}
    first_open = next((index for index, line in enumerate(lines) if line.place is None and line.words), -1)
    page_text = "\n".join(line.key for line in lines if line.words <= _SHORT_LINE)
    around = _Around(start, story, page_text, first_open)
    found = []
    for index in range(max(0, start - _MAX_LINES), start):
        line = lines[index]
        if line.place is None and 3 <= line.words <= 35 and line.content and not _is_stamp(line):
            if "@" in line.plain or (line.plain[-1] == "." and not _stamped(lines, index, start)):
                continue
            if line.plain[0] == "•" or _holds_another(line, short):
                continue
            found.append((index, _signs(lines, index, around)))
    return found


def _stems(line: PageLine) -> frozenset[str]:
    """What the line is about, "villagers" and "village" alike."""
    return _stems_of(line.content)


@lru_cache(maxsize=512)
def _stems_of(words: frozenset[str]) -> frozenset[str]:
    return frozenset([word[:_STEM] for word in words])


def _is_stamp(line: PageLine) -> bool:
    if is_date_line(line.plain, line.words):
        return True
    return byline_names(line.plain, line.words, near_title=False) is not None


def story_start(lines: Sequence[PageLine]) -> int:
    """Where the run of lines with the most prose has its first true paragraph; -1 where there is none."""
    best, best_start, current, start = 0, -1, 0, 0
    for index, line in enumerate(lines):
        if current <= 0:
            current, start = 0, index
        paragraph = line.is_prose and line.place is None and (line.words >= 20 or line.plain[-1:] == ".")
        current += min(line.words, 60) if paragraph else -4
        if current > best:
            best, best_start = current, start
    while 0 <= best_start < len(lines) and not _is_paragraph(lines[best_start]):
        best_start += 1
    return best_start


def _is_paragraph(line: PageLine) -> bool:
    return line.place is None and line.is_prose and (line.words >= 20 or line.plain[-1:] == ".")


@dataclass(frozen=True, slots=True)
class _Around:
    """What the signs of each candidate are held against: where the story starts, its words, and the page's lines."""

    start: int
    story: set[str]
    page_text: str
    first_open: int


def _signs(lines: Sequence[PageLine], index: int, around: _Around) -> dict[str, float]:
    start, story, page_text = around.start, around.story, around.page_text
    line = lines[index]
    overlap = len(_stems(line) & story)
    before = _neighbour(lines, index, -1)
    after = _neighbour(lines, index, 1)
    signs = {
        "share of its words in the story": overlap / len(_stems(line)),
        "words in the story": float(min(overlap, 6)),
        "of headline length": float(5 <= line.words <= 18),
        "under four words": float(line.words < 4),
        "ends with a stop": float(line.plain.endswith(".")),
        "ends with a colon": float(line.plain.endswith(":")),
        "after a blank": float(line.after_blank),
        "far above the story": min(start - index, 60) / 20,
        "byline or date follows": float(_stamped(lines, index, start)),
        "said again on the page": float(len(line.key) >= 15 and page_text.count(line.key) > 1),
        "nothing open before it": float(index == around.first_open),
        "a headline right before it": float(before is not None and _like_headline(before, story)),
        "a headline right after it": float(after is not None and _like_headline(after, story)),
        "the headline right before it is shorter": float(
            before is not None and before.words < line.words and _like_headline(before, story)
        ),
        "a sentence follows": float(after is not None and after.words > line.words and after.words >= 10),
        "in a list of lines": float(_listed(lines, index)),
        "begins small or with a bullet": float(
            not (line.plain[0].isupper() or line.plain[0].isdigit() or line.plain[0] in "\"'")
        ),
        "a quotation": float(line.plain[0] in "\"'" and line.plain[-1] in "\"'.,"),
        "has an arrow": float(any(mark in line.plain for mark in (" > ", "»", "©"))),
        "ends with a credit": float(credit_of(line.plain) is not None),
        "two sentences": float(_TWO_SENTENCES.search(line.plain) is not None),
        "most words in capitals": float(_in_capitals(line)),
        "ends with a question mark": float(line.plain[-1] == "?"),
    }
    return {name: value for name, value in signs.items() if value}


def _in_capitals(line: PageLine) -> bool:
    """Whether four fifths of its longer words begin with a capital, as headlines in the American manner do."""
    words = [word for word in line.plain.split() if len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _holds_another(line: PageLine, short: set[str]) -> bool:
    """Whether it is another line with something before or behind it: "Home News Title", "Title | Site"."""
    key = line.key
    if key.partition(" | ")[0] in short and " | " in key:
        return True
    words = key.split(" ")
    return any(" ".join(words[at:]) in short for at in range(1, len(words)))


def _neighbour(lines: Sequence[PageLine], index: int, step: int) -> PageLine | None:
    """The next open line in one direction, at most two lines off."""
    for other in (index + step, index + 2 * step):
        if 0 <= other < len(lines) and lines[other].place is None:
            return lines[other]
    return None


def _like_headline(line: PageLine, story: set[str]) -> bool:
    return (
        4 <= line.words <= 24
        and not line.plain.endswith((".", ":"))
        and len(_stems(line) & story) >= 2
        and not _is_stamp(line)
    )


def _stamped(lines: Sequence[PageLine], index: int, start: int) -> bool:
    """Whether a byline, a date line or a reading time follows within four lines, before the story."""
    following = lines[index + 1 : min(index + 5, start)]
    return any(line.rule == "reader-tools" or _is_stamp(line) for line in following)


def _listed(lines: Sequence[PageLine], index: int) -> bool:
    """Whether the line stands amid five or more lines of its own kind: a menu or a list of links."""
    around = lines[max(0, index - 3) : index + 4]
    return sum(1 for line in around if line.place is None and not line.ends_sentence and line.words < 16) >= 6


STEP = Step((TITLE, TITLE_AGAIN), find_title)
