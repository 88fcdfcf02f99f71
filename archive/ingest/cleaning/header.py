"""What stands around the title: standfirst, bylines, date lines; and the signatures at the foot of the story."""

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step
from archive.ingest.cleaning.stamps import byline_names, is_date_line
from archive.ingest.cleaning.title import story_start

STANDFIRST = Rule("standfirst", "One or two sentences between the headline and the byline, date or reading time.")
BYLINE = Rule("byline", "A line that names who wrote the story.")
DATE_LINE = Rule("date-line", "A line that says when the story was published or updated, and nothing else.")


def find_bylines_and_dates(page: Page) -> None:
    """Bylines and date lines between title and story, and the signed ones at the foot."""
    _, end = page.story_span()
    start = story_start(page.lines)
    title = next((i for i, line in enumerate(page.lines) if line.place == LinePlace.TITLE), None)
    if page.hints.extracted:
        start, end = _edges(page)
    for index, line in enumerate(page.lines):
        if line.place is not None or line.is_prose:
            continue
        inside = start < index < end - 1
        if inside:
            continue
        if is_date_line(line.plain, line.words):
            line.decide(LinePlace.DATE, DATE_LINE.name)
            continue
        near = title is not None and title - 3 <= index <= title + 12 and index < start
        names = byline_names(line.plain, line.words, near_title=near)
        if names is not None and (index < start or index >= end):
            line.decide(LinePlace.BYLINE, BYLINE.name)


def _edges(page: Page) -> tuple[int, int]:
    return min(3, len(page.lines)), max(len(page.lines) - 2, 0)


def find_standfirst(page: Page) -> None:
    """The short text right under the title, where a byline, date or tool line parts it from the story."""
    title = next((i for i, line in enumerate(page.lines) if line.place == LinePlace.TITLE), None)
    if title is None or page.hints.extracted:
        return
    found: list[PageLine] = []
    for line in page.lines[title + 1 : title + 12]:
        if line.place is None:
            # two lines of a paragraph's length are the story's beginning
            if not 5 <= line.words <= 45 or len(found) == 2 or (found and found[0].words + line.words > 55):
                return
            found.append(line)
        elif found and (
            line.place in (LinePlace.BYLINE, LinePlace.DATE) or line.rule in ("reader-tools", "share", "counts")
        ):
            for each in found:
                each.decide(LinePlace.STANDFIRST, STANDFIRST.name)
            return


STAMP_STEP = Step((BYLINE, DATE_LINE), find_bylines_and_dates)
STANDFIRST_STEP = Step((STANDFIRST,), find_standfirst)
