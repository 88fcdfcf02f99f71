"""What stands above the story: title, standfirst, bylines, date lines; and the signatures at its foot."""

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step
from archive.ingest.cleaning.stamps import byline_names, is_date_line

TITLE = Rule(
    "title", "The headline: the line above the story that looks like one and speaks of what the story speaks of."
)
TITLE_AGAIN = Rule("title-repeated", "The headline printed a second time.")
STANDFIRST = Rule("standfirst", "One or two sentences between the headline and the byline, date or reading time.")
BYLINE = Rule("byline", "A line that names who wrote the story.")
DATE_LINE = Rule("date-line", "A line that says when the story was published or updated, and nothing else.")

_HEADER_LINES = 80
_TITLE_WORDS = range(2, 36)


def find_title(page: Page) -> None:
    """Choose the headline, if the lines before the story hold one."""
    start, end = page.story_span()
    if page.hints.title:
        _take_known_title(page, page.hints.title)
        return
    if page.hints.extracted or end == 0:
        return
    story_words: set[str] = set()
    for line in page.lines[start : min(end, start + 40)]:
        if line.is_prose:
            story_words |= line.content
    best_index, best_score = -1, 0.0
    for index, line in enumerate(page.lines[: min(start, _HEADER_LINES)]):
        score = _title_score(page, index, line, story_words, start)
        if score > best_score:
            best_index, best_score = index, score
    if best_index < 0:
        return
    title = page.lines[best_index]
    title.decide(LinePlace.TITLE, TITLE.name)
    for line in page.lines:
        if line is not title and line.key == title.key and line.place in (None, LinePlace.REMOVED):
            line.remove(TITLE_AGAIN.name)


def _take_known_title(page: Page, known: str) -> None:
    wanted = PageLine(0, known, after_blank=False).key
    taken = False
    for line in page.lines:
        if line.key == wanted:
            if taken:
                line.remove(TITLE_AGAIN.name)
            else:
                line.decide(LinePlace.TITLE, TITLE.name)
                taken = True


def _title_score(page: Page, index: int, line: PageLine, story_words: set[str], start: int) -> float:
    if line.place is not None or line.words not in _TITLE_WORDS or len(line.plain) > 250:
        return 0.0
    if is_date_line(line.plain, line.words) or byline_names(line.plain, line.words, near_title=False) is not None:
        return 0.0
    words = line.content
    if not words:
        return 0.0
    overlap = len(words & story_words)
    score = 2.0 * overlap / len(words) + min(overlap, 5) * 0.3
    score += 0.8 if 5 <= line.words <= 18 else 0.0
    score -= 1.0 if line.plain.endswith((".", ":")) else 0.0
    score -= 1.0 if line.words < 4 else 0.0
    score += 0.5 if line.after_blank else 0.0
    score -= 0.02 * (start - index)
    for follower in page.lines[index + 1 : index + 5]:
        if follower.is_prose:
            break
        if is_date_line(follower.plain, follower.words) or byline_names(
            follower.plain, follower.words, near_title=False
        ):
            score += 0.6
            break
    for before in page.lines[:index]:
        if len(before.key) > 20 and (before.key in line.key or line.key in before.key):
            score += 0.8
            break
    return score


def find_bylines_and_dates(page: Page) -> None:
    """Bylines and date lines between title and story, and the signed ones at the foot."""
    start, end = page.story_span()
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


TITLE_STEP = Step((TITLE, TITLE_AGAIN), find_title)
STAMP_STEP = Step((BYLINE, DATE_LINE), find_bylines_and_dates)
STANDFIRST_STEP = Step((STANDFIRST,), find_standfirst)
