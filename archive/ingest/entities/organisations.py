"""Organisations by the word they end in ("… Ministry", "… Inc"), and capitals in brackets after their full name."""

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.lexicon import (
    NO_NAMES,
    OPENERS,
    ORGANISATION_AFTER,
    ORGANISATION_HEADS,
    ORGANISATION_TITLES,
    SPEECH,
    STRONG_HEADS,
    UNLINKED_PEOPLES,
)
from archive.ingest.entities.page import Page
from archive.ingest.entities.peoples import is_people
from archive.variants import COMPANY_ENDINGS

_OPENERS = OPENERS - {"new"}


def by_heads(page: Page, found: list[Found]) -> list[Found]:
    """Capitalised runs that end in an organisation's head, found anew or made whole; without a people's adjective."""
    return [_without_people(page, one) for one in _whole(page, found)]


def _without_people(page: Page, one: Found) -> Found:
    if one.kind is not EntityKind.ORGANISATION or one.j - one.i < 2 or not is_people(page.words[one.i]):
        return one
    second = page.words[one.i + 1]
    loose = second in UNLINKED_PEOPLES or (one.j - one.i == 2 and second.isupper() and len(second) > 2)
    return one.at(one.i + 1, one.j) if loose else one


def _whole(page: Page, found: list[Found]) -> list[Found]:
    made: list[Found] = []
    last = 0
    owner = {k: one for one in found for k in range(one.i, one.j)}
    for k, word in enumerate(page.words):
        ending = word in COMPANY_ENDINGS
        if k < last or not (ending or word in ORGANISATION_HEADS) or page.in_capitals[k]:
            continue
        i = _left(page, k)
        j = k + 1 if ending else _right(page, k + 1)
        here = {id(owner[m]): owner[m] for m in range(i, j) if m in owner}.values()
        if i == k and not (j > k + 1 and k in owner):
            continue  # a head alone names nothing; "University of Lowmere" does, where the model saw some name
        strong = ending or word in STRONG_HEADS
        if not strong and not any(one.kind is EntityKind.ORGANISATION for one in here):
            continue
        i = min([i, *(one.i for one in here if one.kind is EntityKind.ORGANISATION)])
        j = max([j, *(one.j for one in here if one.kind is EntityKind.ORGANISATION)])
        made.append(Found(i, j, EntityKind.ORGANISATION, "ORG", sure=strong))
        last = j
    return in_order([*made, *found]) if made else found


def _left(page: Page, k: int) -> int:
    """The first word of the capitalised run that ends in word k."""
    i = k
    while page.runs_on(i):
        before = page.words[i - 1]
        if before[0].isupper() or (before[0].isdigit() and i - 1 > 0 and page.words[i - 2][0].isupper()):
            if before in ("The", "A", "An") or (page.begins_sentence(i - 1) and before.casefold() in _OPENERS):
                break
            i -= 1
        elif (
            (before == "&" or (before == "and" and page.words[k] in _PARTNERS))
            and page.words[i - 2][0].isupper()
            and i > 1
        ):
            i -= 2
        else:
            break
    return i


def _right(page: Page, j: int) -> int:
    """How far "of Somewhere", "for Something" goes on after the head."""
    while j + 1 < len(page) and page.runs_on(j) and page.words[j] in ("of", "for") and page.runs_on(j + 1):
        k = j + 1
        if page.words[k] == "the" and page.runs_on(k + 1):
            k += 1
        if not page.words[k][0].isupper():
            break
        while k + 1 < len(page) and page.runs_on(k + 1) and page.words[k + 1][0].isupper():
            k += 1
        j = k + 1
    return j


_PARTNERS = frozenset({"Co", "Co.", "Sons", "Company", "Subsidiaries", "Partners", "Associates"})


def from_brackets(page: Page, found: list[Found]) -> list[Found]:
    """ "… Liberation Army (SPLA)": the short form is an organisation wherever it stands."""
    ends = {one.j: one for one in found if one.kind is EntityKind.ORGANISATION}
    short: set[str] = set()
    for j, one in ends.items():
        if j < len(page) and page.gaps[j].strip() in ("(", '("', "(“") and page.gap(j + 1).lstrip('"”').startswith(")"):
            word = page.words[j]
            if 1 < len(word) < 12 and word.isupper() and word[0] in page.phrase(one.i, one.j).upper():
                short.add(word)
    if not short:
        return found
    covered = {k for one in found if one.kind is not None for k in range(one.i, one.j)}
    kept = [
        one.of(EntityKind.ORGANISATION, sure=True) if one.j - one.i == 1 and page.words[one.i] in short else one
        for one in found
    ]
    added = [
        Found(k, k + 1, EntityKind.ORGANISATION, sure=True)
        for word in short
        for k in page.where[word]
        if k not in covered
    ]
    return in_order([*kept, *added])


def by_evidence(page: Page, found: list[Found]) -> list[Found]:
    """Capitals that the model missed, where they act as an organisation does ("ECOMOG said", "told ZDF")."""
    taken = {k for one in found if one.kind is not None for k in range(one.i, one.j)}
    added: list[Found] = []
    for k, word in enumerate(page.words):
        if not (2 < len(word) < 9 and word.isupper() and word.isalpha()) or k in taken or page.in_capitals[k]:
            continue
        after = page.words[k + 1] if page.runs_on(k + 1) else ""
        before = page.words[k - 1] if page.runs_on(k) else ""
        if before[:1].isupper() or after[:1].isupper() or word.casefold() in NO_NAMES:
            continue
        if after in SPEECH or after in ORGANISATION_AFTER or before in ("told", "by") or before in ORGANISATION_TITLES:
            added.append(Found(k, k + 1, EntityKind.ORGANISATION))
    return in_order([*found, *added]) if added else found
