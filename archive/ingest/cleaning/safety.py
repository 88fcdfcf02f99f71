"""The net under the chain: a page that would lose most of its words keeps all that no exact rule cuts."""

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page

MIN_SURVIVING = 0.2
_KEPT = (None, LinePlace.BODY)


def fall_back(page: Page, exact_rules: frozenset[str]) -> None:
    """Give back what positional rules and the model cut, where less than a fifth of the words would be left."""
    total = sum(line.words for line in page.lines if line.rule not in exact_rules)
    kept = sum(line.words for line in page.lines if line.place in _KEPT)
    if not total or kept >= MIN_SURVIVING * total:
        return
    for line in page.lines:
        if line.place == LinePlace.REMOVED and line.rule not in exact_rules:
            line.place, line.rule, line.reason = None, "", ""
