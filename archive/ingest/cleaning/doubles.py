"""What a page says twice at length: a paragraph printed again, and the whole story once more on one line."""

from archive.choices import LinePlace
from archive.ingest.cleaning.echoes import adds_nothing, page_echoes
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step

COPY = Rule("story-doubled", "A very long line that holds three or more of the page's other paragraphs word by word.")
AGAIN = Rule("said-again", "A caption or pull quote that says word by word what a paragraph says.")

_MIN_WORDS = 150
_MIN_HELD = 3
_SHORTEST = 12
_TRIED = 60
"""So many paragraphs are sought in a long line; the bound keeps the work linear in the page."""
_NEARLY_ALL = 0.9
_REFRAIN = 2
"""What stands in two other places is a refrain."""
_AGAIN_WORDS = 10


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


def cut_said_again(page: Page) -> None:
    """Cut an open line that an open paragraph says too, above it, or below it if the line is no whole sentence.

    On the pages with known bodies 26 of 28 such lines were captions and pull quotes.
    """
    for index, echo in page_echoes(page).items():
        line, other = page.lines[index], page.lines[echo.index]
        if line.place is not None or line.words < _AGAIN_WORDS or echo.times >= _REFRAIN or echo.share < _NEARLY_ALL:
            continue
        said = echo.index < index or not line.ends_sentence
        if not said or other.place is not None or not other.is_prose or other.words > line.words + 3:
            continue
        if adds_nothing(line, other):
            line.remove(AGAIN.name)


STEP = Step((COPY,), cut_copies)
AGAIN_STEP = Step((AGAIN,), cut_said_again)
