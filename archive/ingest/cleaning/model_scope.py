"""Which lines of a page the line model may cut: it knows English news pages with furniture on them, and no others."""

from archive.choices import LinePlace
from archive.ingest.cleaning.english import is_plainly_english
from archive.ingest.cleaning.page import Page

_ESTABLISHED = 3


def may_cut(page: Page) -> list[bool]:
    """For each line whether the model may cut it; ask before it cuts.

    None where no rule found furniture (the text is clean already, and short lines in it are the author's) or where
    there is no prose (poems, tables). Where the prose is not English no line of it, and of a short text no line at all.
    """
    start, end = page.story_span()
    size = len(page.lines)
    if end == 0 or not any(line.place == LinePlace.REMOVED or line.before or line.after for line in page.lines):
        return [False] * size
    prose = [line.plain for line in page.lines[start:end] if line.is_prose and line.place in (None, LinePlace.BODY)]
    if _is_english(" ".join(prose)):
        return [True] * size
    return [len(prose) >= _ESTABLISHED and not line.is_prose for line in page.lines]


def _is_english(text: str) -> bool:
    if is_plainly_english(text):
        return True
    from archive.ingest.cleaning.language import detect

    return detect(text) == "en"
