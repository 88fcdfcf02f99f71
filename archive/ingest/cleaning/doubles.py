"""What a page says twice at length: the whole story once more on one line, hidden there for search engines."""

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step

COPY = Rule("story-doubled", "A very long line that holds three or more of the page's other paragraphs word by word.")

_MIN_WORDS = 150
_MIN_HELD = 3
_SHORTEST = 12
_TRIED = 60
"""So many paragraphs are sought in a long line; the bound keeps the work linear in the page."""


def glued_copies(lines: list[PageLine]) -> list[PageLine]:
    """The long lines that say again what other lines of the page say."""
    longest = [line for line in sorted(lines, key=lambda line: -line.words)[:2] if line.words >= _MIN_WORDS]
    if not longest:
        return []
    tried = [line for line in lines if _SHORTEST <= line.words < _MIN_WORDS][:_TRIED]
    return [line for line in longest if sum(1 for other in tried if other.text in line.text) >= _MIN_HELD]


def cut_copies(page: Page) -> None:
    """Cut the copy; the paragraphs stay."""
    for line in glued_copies(page.lines):
        if line.place in (None, LinePlace.BODY):
            line.remove(COPY.name)


STEP = Step((COPY,), cut_copies)
