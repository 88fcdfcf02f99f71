"""Readers' comments under a story: name, time, opinion, over and over. They read like prose and are not the story's."""

import re

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step
from archive.ingest.cleaning.stamps import is_date_line

THREAD = Rule(
    "comment-thread", "Readers' comments: three or more names each followed by a time or by “says:”, and all below."
)

_MIN_COMMENTS = 3
_SAYS = re.compile(r".{1,60}\b(?:says|said|wrote|writes)\W{0,2}:?\Z")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\bago\b")
_STORY_WORDS = 60
_LONGEST_COMMENT = 250


def _opens_comment(line: PageLine, after: PageLine | None) -> bool:
    if line.words > 20 or line.place == LinePlace.TITLE:
        return False
    if (
        line.words <= 14
        and line.plain.endswith(("says:", "said:", "wrote:", "says", "writes:"))
        and _SAYS.match(line.plain)
    ):
        return True
    if after is None or line.words > 5 or line.ends_sentence:
        return False
    return is_date_line(after.plain, after.words) and _CLOCK.search(after.key) is not None


def cut_threads(page: Page) -> None:
    """Cut everything from the first comment on, where at least three comments stand below a story."""
    if page.hints.extracted:
        return
    first = _thread_start(page.lines)
    for line in page.lines[first:] if first >= 0 else ():
        if line.place in (None, LinePlace.DATE, LinePlace.BYLINE):
            line.remove(THREAD.name)


def _thread_start(lines: list[PageLine]) -> int:
    """Where the first comment of a thread opens: three different names, none far from the next; -1 without a thread."""
    story = between = 0
    first, names = -1, set[str]()
    for index, line in enumerate(lines):
        after = lines[index + 1] if index + 1 < len(lines) else None
        if story >= _STORY_WORDS and _opens_comment(line, after):
            if first < 0 or between > _LONGEST_COMMENT:
                first, names = index, set()
            names.add(line.key)
            between = 0
            if len(names) == _MIN_COMMENTS:
                return first
        if line.place is None:
            between += line.words
            story += line.words if line.is_prose else 0
    return -1


STEP = Step((THREAD,), cut_threads)
