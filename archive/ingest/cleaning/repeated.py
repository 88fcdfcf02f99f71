"""Lines that stand in many articles of one source: its own furniture, whatever it says."""

from archive.ingest.cleaning.page import Page, Rule, Step

REPEATED = Rule("repeated-in-source", "A line that stands in many articles of the same source.")

MIN_ARTICLES = 3
MIN_SHARE = 0.02
MIN_DATES = 2
MAX_WORDS = 40
"""The guards of this rule: of all repeated lines, 1.7 % were measured to be the article's own (refrains, subheads)."""


def cut_repeated(page: Page) -> None:
    """Cut open lines that the source's statistics know from enough other articles, on more than one day."""
    known = page.hints.source_lines
    if known.articles < MIN_ARTICLES:
        return
    enough = max(MIN_ARTICLES, MIN_SHARE * known.articles)
    for index, line in enumerate(page.lines):
        if line.place is not None or line.words >= MAX_WORDS or line.plain[-1:] in "\"'?" or page.between_prose(index):
            continue
        count = known.counts.get(line.key, 0)
        if count >= enough and known.dates.get(line.key, MIN_DATES) >= MIN_DATES:
            line.remove(REPEATED.name, f"in {count} of {known.articles} articles of this source")


STEP = Step((REPEATED,), cut_repeated)
