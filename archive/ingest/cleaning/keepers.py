"""Lines that look like furniture and are the story's: posts quoted in it, editors' notes, marks between sections."""

import re

from archive.choices import LinePlace
from archive.ingest.cleaning.line_likeness import is_quoted_post
from archive.ingest.cleaning.page import Page, Rule, Step

POST = Rule("quoted-post", "A post quoted from a social network amid the story, with its writer and date: kept.")
NOTE = Rule("editors-note", "An editor's note, correction or clarification: kept.")
MARKS = Rule("stray-marks", "A line of nothing but marks that parts no two paragraphs.")

_NOTE = re.compile(r"(?:editor'?s'? note|correction|clarification)s? ?(?:\([^()]{1,40}\) ?)?: ?\S", re.IGNORECASE)
_NOTE_WORDS = 5
_POST_WORDS = 6
_BREAK_MARKS = frozenset("*.-_=~#·•◆❖⁂§ ")
_SINGLE_BREAKS = frozenset("*-#§⁂❖")


def keep(page: Page) -> None:
    """Decide for the body the posts that stand between the story's first and last prose, and editors' notes."""
    start, end = page.story_span()
    for index, line in enumerate(page.lines):
        if line.place is not None:
            continue
        if start < index < end and line.words >= _POST_WORDS and is_quoted_post(line.plain, line.words):
            line.decide(LinePlace.BODY, POST.name)
        elif start < index and line.words >= _NOTE_WORDS and _NOTE.match(line.plain):
            line.decide(LinePlace.BODY, NOTE.name)


def cut_marks(page: Page) -> None:
    """Cut lines of marks but for those that part two paragraphs, as "* * *" does."""
    for index, line in enumerate(page.lines):
        if line.place is None and not line.words and not _parts_paragraphs(page, index):
            line.remove(MARKS.name)


def _parts_paragraphs(page: Page, index: int) -> bool:
    marks = page.lines[index].plain
    if not _BREAK_MARKS.issuperset(marks) or (len(marks) == 1 and marks not in _SINGLE_BREAKS):
        return False
    for step in (-1, 1):
        other = index + step
        while 0 <= other < len(page.lines) and not page.lines[other].words:
            other += step
        if not 0 <= other < len(page.lines):
            return False
        line = page.lines[other]
        if line.place not in (None, LinePlace.BODY) or not line.ends_sentence:
            return False
    return True


STEP = Step((POST, NOTE), keep)
MARKS_STEP = Step((MARKS,), cut_marks)
