"""Places: the gazetteer's names where the model missed them or took them for something else, and datelines."""

import re

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.page import Page

_DATE_AFTER = re.compile(
    r"^(?:\d{4}-\d\d-\d\d|\d{1,2}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)$", re.IGNORECASE
)
_DASH = re.compile(r"^\s*(?:\([^)\n]{2,25}\)\s*)?(?:-{1,2}|–|—)\s")


def datelines(page: Page) -> list[Found]:
    """ "LONDON, March 3 -", "PARIS (AFP) —", "SHATOI, Russia 1996-08-29": a line opening with a place in capitals."""
    found: list[Found] = []
    places = gazetteer()
    for i in range(len(page)):
        if i and "\n" not in page.gaps[i]:
            continue
        j = i
        while j < len(page) and j - i < 4 and (j == i or page.runs_on(j)) and _capitals(page.words[j]):
            j += 1
        if j == i:
            continue
        second = j
        if page.gap(j).strip() == "," and "\n" not in page.gap(j):
            # "SHATOI, Russia 1996": country or state after the town.
            k = second
            while k < len(page) and k - second < 3 and (k == second or page.runs_on(k)) and page.words[k][0].isupper():
                if _DATE_AFTER.match(page.words[k]):
                    break
                k += 1
            if k > second and page.phrase(second, k) in places.known:
                if _closes(page, k):
                    found += [Found(i, j, EntityKind.PLACE, sure=True), Found(second, k, EntityKind.PLACE, sure=True)]
                continue
        if _closes(page, j) and (j - i <= 3):
            name = page.phrase(i, j)
            if _is_date(page, j) or name.title() in places.known or name in places.sure:
                found.append(Found(i, j, EntityKind.PLACE, sure=True))
    return found


def _capitals(word: str) -> bool:
    return word == word.upper() and word[0].isalpha() and len(word) > 1


def _is_date(page: Page, j: int) -> bool:
    return j < len(page) and page.gaps[j].strip() in ("", ",") and _DATE_AFTER.match(page.words[j]) is not None


def _closes(page: Page, j: int) -> bool:
    """Whether a date or the dash of a dateline follows word j-1."""
    return _is_date(page, j) or _DASH.match(page.text[page.ends[j - 1] : page.ends[j - 1] + 40]) is not None


def from_gazetteer(page: Page, found: list[Found]) -> list[Found]:
    """Adds the sure places that the model missed, and settles the kind of those it took for something else."""
    places = gazetteer()
    settled = [_settle(page, one, places.sure) for one in found]
    taken = bytearray(len(page))
    for one in settled:
        if one.kind is not None or one.label not in _MAY_HIDE_PLACES:
            taken[one.i : one.j] = b"\1" * (one.j - one.i)
    added: list[Found] = []
    i = 0
    while i < len(page):
        word = page.words[i]
        if taken[i] or not word[0].isupper():
            i += 1
            continue
        for size in range(min(places.longest, len(page) - i), 0, -1):
            if any(taken[i : i + size]) or not all(page.runs_on(k) for k in range(i + 1, i + size)):
                continue
            name = page.phrase(i, i + size)
            if name in places.sure or (page.in_capitals[i] and len(name) > 3 and name.title() in places.sure):
                if not _part_of_a_longer_name(page, i, i + size):
                    added.append(Found(i, i + size, EntityKind.PLACE, sure=True))
                i += size - 1
                break
        i += 1
    return in_order([*settled, *added]) if added else settled


_MAY_HIDE_PLACES = frozenset(
    {"DATE", "CARDINAL", "NORP", "EVENT", "QUANTITY", "MONEY", "TIME", "ORDINAL", "PERCENT", "LANGUAGE"}
)
"""Labels of the model under which a place of the gazetteer is taken for one all the same."""


def _settle(page: Page, one: Found, sure: frozenset[str]) -> Found:
    if one.kind is EntityKind.PLACE and one.sure:
        return one
    name = page.phrase(one.i, one.j)
    if name in sure or (page.in_capitals[one.i] and name.title() in sure):
        return one.of(EntityKind.PLACE, sure=True)
    return one


def _part_of_a_longer_name(page: Page, i: int, j: int) -> bool:
    """Whether a capitalised word stands right beside it ("China Daily", "Bank of England" is the model's to find)."""
    after = page.runs_on(j) and page.words[j][0].isupper() and not page.in_capitals[j]
    before = (
        page.runs_on(i)
        and page.words[i - 1][0].isupper()
        and not page.in_capitals[i]
        and not page.begins_sentence(i - 1)
    )
    return False if not (after or before) else page.words[i] not in ("U.S.", "US", "U.K.", "UK") and after
