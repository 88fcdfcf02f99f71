"""Who wrote the story, where wire copy says so: a line of its own above the dateline, or the line that signs it."""

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.lexicon import NO_NAMES, ORGANISATION_HEADS, PARTICLES, PEOPLES
from archive.ingest.entities.page import Page
from archive.ingest.entities.titles import is_title

LONGEST = 4
"""Words of a reporter's name."""
_DESKS = ("newsroom", "newsdesk", "bureau", "desk")


def sign(page: Page, found: list[Found]) -> list[Found]:
    """Adds the reporters of bylines ("Kieran Murray", then "LAS CRUCES 1996-08-22") and of signatures ("-- Jo Vale,
    Amsterdam newsroom +31 20 504 5000"); what the model took the same words for goes."""
    signed = [one for k, one in _lines(page) if _above_dateline(page, one, found) or _at_the_end(page, k, one)]
    if not signed:
        return found
    taken = {k for one in signed for k in range(one.i, one.j)}
    return in_order([*signed, *(one for one in found if taken.isdisjoint(range(one.i, one.j)))])


def _lines(page: Page) -> list[tuple[int, Found]]:
    """For each line that begins with what can be a reporter's name the place of its first word, and that name."""
    names: list[tuple[int, Found]] = []
    for i in range(len(page)):
        if i and "\n" not in page.gaps[i]:
            continue
        j = i
        while j < len(page) and j - i < LONGEST and (j == i or page.runs_on(j)) and _can_be_name(page.words[j]):
            j += 1
        while j > i and page.words[j - 1] in PARTICLES:
            j -= 1
        if j - i > 1 and not _is_other(page, i, j):
            names.append((i, Found(i, j, EntityKind.PERSON, sure=True)))
    return names


def _can_be_name(word: str) -> bool:
    return (word[0].isupper() and not (word.isupper() and len(word) > 2 and "." not in word)) or word in PARTICLES


def _is_other(page: Page, i: int, j: int) -> bool:
    """Whether a place, a people, an organisation or a plain word is among the words."""
    places = gazetteer().known
    return any(
        page.words[k] in PEOPLES
        or page.words[k] in ORGANISATION_HEADS
        or page.words[k].casefold() in NO_NAMES
        or page.words[k].casefold() in _DESKS
        or is_title(page.words[k])
        or (page.words[k][0].isupper() and page.words[k].lower() in page.where)
        or (k > i and page.phrase(i, k + 1) in places)
        for k in range(i, j)
    )


def _above_dateline(page: Page, one: Found, found: list[Found]) -> bool:
    """Whether the name is all of its line, no headline, and the next line opens with a dateline's place."""
    if one.i == 0 or one.j >= len(page) or page.gaps[one.j].strip() or page.gaps[one.j].count("\n") == 0:
        return False
    return (
        any(place.i == one.j and place.sure and place.kind is EntityKind.PLACE for place in found)
        and page.words[one.j].isupper()
    )


def _at_the_end(page: Page, i: int, one: Found) -> bool:
    """Whether the line opens with a dash and goes on with a newsroom or a telephone number."""
    if not page.gap(i).rstrip(" ").endswith(("--", "—", "–")):
        return False
    rest = page.text[page.ends[one.j - 1] :].split("\n", 1)[0].casefold()
    return sum(char.isdigit() for char in rest) > 6 or any(desk in rest for desk in _DESKS)
