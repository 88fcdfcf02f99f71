"""Titles and roles: cut from persons' names, kept as evidence."""

from dataclasses import replace
from difflib import SequenceMatcher

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.lexicon import HONORIFICS, NAME_TITLES, RELATIVES, ROLE_MODIFIERS, ROLES
from archive.ingest.entities.page import Page
from archive.ingest.entities.peoples import is_people

_OFTEN_MISSPELT = ("secretary", "minister", "president", "chairman", "spokesman", "governor", "senator", "chancellor")
_NEARLY = 0.85


def cut_titles(page: Page, found: list[Found]) -> list[Found]:
    """Persons without the titles in their spans, with the roles that stand before them."""
    return [_cut(page, one) if one.kind is EntityKind.PERSON or _titled(page, one) else one for one in found]


def _titled(page: Page, one: Found) -> bool:
    """Whether a title stands right before (or opens) what the model took for another kind."""
    if one.kind is None or one.sure or one.j - one.i > 3:
        return False
    return page.runs_on(one.i) and is_title(page.words[one.i - 1]) and not _is_modifier_place(page, one)


def _is_modifier_place(page: Page, one: Found) -> bool:
    """ "Foreign Minister of France", "the minister France sent": a lower-case role proves nothing of a place."""
    return one.kind is not EntityKind.PERSON and page.words[one.i - 1][0].islower()


def is_title(word: str) -> bool:
    folded = word.casefold()
    if folded in HONORIFICS or folded in ROLES:
        return True
    first, dash, last = folded.partition("-")
    return bool(dash) and (last in ("general", "elect", "designate") or last in ROLES) and first not in ("al", "el")


def is_misspelt_title(word: str) -> bool:
    """Whether a word is one of the commonest titles but for a letter or two ("Secertary", "Preesident").

    Asked only in front of a given and a family name: what is left must be a whole name.
    """
    folded = word.casefold()
    return any(
        folded[0] == title[0]
        and abs(len(folded) - len(title)) < 2
        and SequenceMatcher(None, folded, title).ratio() > _NEARLY
        for title in _OFTEN_MISSPELT
    )


def _cut(page: Page, one: Found) -> Found:
    i, j = one.i, one.j
    if j - i > 2 and is_people(page.words[i]):
        i += 1
    while i < j - 1 and (
        is_title(page.words[i]) or _modifies_a_role(page, i, j) or (j - i > 2 and is_misspelt_title(page.words[i]))
    ):
        i += 1
    if j - i == 1 and page.runs_on(i) and page.words[i - 1] in NAME_TITLES:
        return replace(one, i=i - 1, kind=EntityKind.PERSON, sure=True)
    start = i
    while start > 0 and page.runs_on(start) and _belongs_to_role(page, start - 1, i):
        start -= 1
    role = page.phrase(start, i) if start < i else ""
    words = role.split()
    while words and words[-1].casefold() in HONORIFICS:
        words.pop()
    settled = start < i and page.words[i - 1].casefold() in HONORIFICS | ROLES
    if words and words[-1].casefold() in RELATIVES:
        words = []
    kind = EntityKind.PERSON if settled else one.kind
    # A title in a line of capitals tells a name no better than the capitals do.
    sure = one.sure or (settled and not page.in_capitals[i])
    return replace(one, i=i, j=j, kind=kind, roles=(" ".join(words),) if words else (), sure=sure)


def _modifies_a_role(page: Page, i: int, j: int) -> bool:
    """Whether word i opens a role that ends before word j ("Prime" of "Prime Minister John Major")."""
    if page.words[i].casefold() not in ROLE_MODIFIERS:
        return False
    return any(page.words[k].casefold() in ROLES for k in range(i + 1, j - 1))


def _belongs_to_role(page: Page, k: int, name: int) -> bool:
    word = page.words[k].casefold()
    if k == name - 1:
        return word in ROLES or word in HONORIFICS
    if page.words[name - 1].casefold() in HONORIFICS and k == name - 2:
        return word in ROLES
    return word in ROLE_MODIFIERS or word in ROLES
