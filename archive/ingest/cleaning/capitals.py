"""Links to other stories set in capitals between paragraphs, as some sites print them. Capitals alone prove nothing."""

import re

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step

LINK = Rule(
    "link-in-capitals",
    "A line of five or more words in capitals between paragraphs that are not: a link to another story.",
)

_MIN_WORDS = 5
_FIGURE = re.compile(r"\d\.\d")


def cut_links(page: Page) -> None:
    """Cut such lines, unless the page itself is set in capitals."""
    prose = [line for line in page.lines if line.is_prose]
    if not prose or sum(1 for line in prose if line.plain.isupper()) * 3 > len(prose):
        return
    start, end = page.story_span()
    for index, line in enumerate(page.lines):
        if line.place is None and start < index < end and _is_link(line) and _stands_alone(page, index):
            line.remove(LINK.name)


def _is_link(line: PageLine) -> bool:
    if line.words < _MIN_WORDS or not line.plain.isupper() or line.plain[-1] in ".?!:":
        return False
    return _FIGURE.search(line.plain) is None


def _stands_alone(page: Page, index: int) -> bool:
    """Whether the open lines around it are prose: a list in capitals is no link."""
    around = [page.lines[i] for i in (index - 1, index + 1) if page.lines[i].place in (None, LinePlace.BODY)]
    return all(line.is_prose for line in around)


STEP = Step((LINK,), cut_links)
