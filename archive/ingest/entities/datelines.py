"""Datelines: "LONDON, March 3 -", "PARIS (AFP) —", "SHATOI, Russia 1996-08-29" are places and dates."""

import re

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.page import Page

_ISO = re.compile(r"\d{4}-\d\d-\d\d$")
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]{,6}|[A-Z]{,6})$", re.IGNORECASE)
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
_DASH = re.compile(r"\s*(?:\([^)\n]{2,25}\)\s*)?(?:-{1,2}|–|—)\s")
LONGEST = 4
"""Words of a town's or a country's name."""


def mark(page: Page, found: list[Found]) -> list[Found]:
    """The names with the places of datelines among them; what the model read across a dateline's edge is cut back."""
    places = [place for k in _ends(page) for place in _before(page, k)]
    if not places:
        return found
    kept: list[Found] = []
    for one in found:
        for place in places:
            if one.i < place.j and place.i < one.j:
                one = one.at(one.i, place.i) if one.i < place.i else one.at(min(place.j, one.j), one.j)  # noqa: PLW2901 -- cut once for each dateline that it touches
        if one.i < one.j:
            kept.append(one)
    return in_order([*places, *kept])


def _ends(page: Page) -> list[int]:
    """The words before which a dateline's places end: those of its date, or those after its dash."""
    opening = _openings(page)
    return [
        k
        for k, word in enumerate(page.words)
        if k and ((word[0].isdigit() and _ISO.match(word)) or (k in opening and _closes(page, k)))
    ]


def _openings(page: Page) -> set[int]:
    """The words before which a line begins at most two names away."""
    begins = [0, *(m for m, gap in enumerate(page.gaps) if "\n" in gap)]
    return {k for m in begins for k in range(m + 1, m + 1 + 2 * LONGEST)}


def _closes(page: Page, k: int) -> bool:
    """Whether a month and day stand at word k, or the dash of a dateline before it."""
    gap = page.gaps[k]
    if page.words[k][:3].casefold() in _MONTHS:
        return _MONTH.match(page.words[k]) is not None and _is_day(page, k + 1)
    if len(gap) < 2:
        return False
    dashed = _DASH.match(gap) if "\n" not in gap else None
    return bool(dashed or (gap.endswith("(") and _DASH.match(page.text, page.ends[k - 1])))


def _is_day(page: Page, k: int) -> bool:
    return k < len(page) and page.words[k].isdigit() and len(page.words[k]) < 3


def _before(page: Page, k: int) -> list[Found]:
    """The places that stand right before word k: a town in capitals, and its country or state if one follows it."""
    region: list[Found] = []
    j = k
    i = _run(page, j)
    after_comma = i < j and page.gaps[i].strip() == "," and page.phrase(i, j) in gazetteer().known
    if i < j and (after_comma or not _capitals(page, i, j)):
        if not after_comma:
            return []
        region = [Found(i, j, EntityKind.PLACE, sure=True)]
        j = i
        i = _run(page, j)
    if i == j or not _capitals(page, i, j):
        return []
    name = page.phrase(i, j)
    known = name.title() in gazetteer().known or name in gazetteer().sure
    dated = k < len(page) and _ISO.match(page.words[k]) is not None
    at_line_start = i == 0 or "\n" in page.gaps[i]
    if not (dated or at_line_start) or not (
        known or region or dated or (at_line_start and page.gaps[k].strip() == ",")
    ):
        return []
    kind = EntityKind.ORGANISATION if name == "UNITED NATIONS" else EntityKind.PLACE
    return [Found(i, j, kind, sure=True), *region]


def _run(page: Page, j: int) -> int:
    """The first word of the run of capitalised words that ends before word j, all in capitals or none."""
    i = j
    loud = j > 0 and page.words[j - 1].isupper()
    while i > 0 and j - i < LONGEST and page.words[i - 1][0].isupper() and page.words[i - 1].isupper() == loud:
        if i < j and not page.runs_on(i):
            break
        if "\n" in page.gap(i) or (i == j and page.gap(i).strip(" ,(") and not _DASH.match(page.gap(i))):
            break
        i -= 1
    return i


def _capitals(page: Page, i: int, j: int) -> bool:
    return all(word.isupper() and len(word) > 1 for word in page.words[i:j])
