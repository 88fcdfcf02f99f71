"""Where the story starts and where it ends: what stands above the title and below the last paragraph."""

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, Rule, Step

BEFORE = Rule("before-story", "Lines above the headline.")
AFTER = Rule(
    "after-story", "Lines below the story, from the first heading of related stories, comments or the like on."
)

_END_RULES = frozenset(("related", "comments", "newsletter", "paywall", "legal", "share", "counts", "navigation"))


def find_edges(page: Page) -> None:
    """Cut what is surely outside: lines above the title, and headless lines below the story's last paragraph."""
    if page.hints.extracted:
        return
    _, end = page.story_span()
    if end == 0:
        return
    title = next((i for i, line in enumerate(page.lines) if line.place == LinePlace.TITLE), None)
    for line in page.lines[: title or 0]:
        if line.place is None and not line.is_prose:  # prose above a headline may be a story whose headline this is not
            line.remove(BEFORE.name)
    ended = False
    for line in page.lines[end:]:
        if line.place == LinePlace.REMOVED and line.rule in _END_RULES:
            ended = True
        elif ended and line.place is None:
            line.remove(AFTER.name)


STEP = Step((BEFORE, AFTER), find_edges)
