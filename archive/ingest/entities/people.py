"""Persons by the words around them: after a role, beside what the model saw of the name, beside a verb of speech."""

from dataclasses import replace

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.lexicon import (
    HONORIFICS,
    NO_NAMES,
    OPENERS,
    ORGANISATION_HEADS,
    PARTICLES,
    PEOPLES,
    ROLE_MODIFIERS,
    ROLES,
    SPEECH,
)
from archive.ingest.entities.page import Page
from archive.ingest.entities.titles import is_title
from archive.variants import COMPANY_ENDINGS

LONGEST = 5
"""Words of a person's name."""


def by_context(page: Page, found: list[Found]) -> list[Found]:
    """Persons made whole, organisations parted from the person after them, and persons that the model missed."""
    whole = made_whole(page, [part for one in found for part in _part(page, one)])
    return in_order([*whole, *_missed(page, _owned(page, whole))])


def made_whole(page: Page, found: list[Found]) -> list[Found]:
    """Persons' names with the capitalised words beside them that nobody else claims."""
    owner = _owned(page, found)
    return [_whole(page, one, owner) if one.kind is EntityKind.PERSON else one for one in found]


def _owned(page: Page, found: list[Found]) -> list[bool]:
    owner = [False] * len(page)
    for one in found:
        if one.kind is not None:
            owner[one.i : one.j] = [True] * (one.j - one.i)
    return owner


def _part(page: Page, one: Found) -> list[Found]:
    """ "Reserve Bank of India Governor Chakravarty Rangarajan" is an organisation and a person with a role."""
    if one.kind is EntityKind.ORGANISATION:
        for k in range(one.i + 1, one.j - 1):
            if page.words[k].casefold() in ROLES and page.words[one.j - 1] not in ORGANISATION_HEADS | COMPANY_ENDINGS:
                start = k
                while start > one.i + 1 and page.words[start - 1].casefold() in ROLE_MODIFIERS:
                    start -= 1
                person = Found(k + 1, one.j, EntityKind.PERSON, sure=True, roles=(page.phrase(start, k + 1),))
                return [one.at(one.i, start), person]
    return [one]


def _whole(page: Page, one: Found, owner: list[bool]) -> Found:
    i, j = one.i, one.j
    while i > 0 and one.j - i < 3 and page.runs_on(i) and not owner[i - 1] and _given_name(page, i - 1):
        i -= 1
        owner[i] = True
    while j < len(page) and j - i < 3 and page.runs_on(j) and not owner[j] and _name_word(page, j):
        owner[j] = True
        j += 1
    return replace(one, i=i, j=j) if (i, j) != (one.i, one.j) else one


def _given_name(page: Page, k: int) -> bool:
    """Whether the capital of word k is that of a given name; in a headline's first word it proves nothing."""
    if not _name_word(page, k):
        return False
    if not page.begins_sentence(k):
        return True
    word = page.words[k].casefold()
    return (
        k > 0
        and page.starts[k] > page.headline_end
        and word not in OPENERS
        and not word.endswith(("ing", "ed", "ly", "s"))
    )


def _name_word(page: Page, k: int) -> bool:
    word = page.words[k]
    if not word[0].isupper() or page.in_capitals[k] or (word.isupper() and len(word) > 2 and "." not in word):
        return False
    folded = word.casefold()
    return not (
        folded in NO_NAMES
        or (page.begins_sentence(k) and folded in OPENERS)
        or is_title(word)
        or folded in ROLE_MODIFIERS
        or word in PEOPLES
        or word in ORGANISATION_HEADS
        or word in COMPANY_ENDINGS
        or page.words[k].lower() in page.where
    )


def _missed(page: Page, owner: list[bool]) -> list[Found]:
    added: list[Found] = []
    for k in range(len(page)):
        if owner[k] or not page.words[k][0].isupper() or page.in_capitals[k]:
            continue
        after_role = page.runs_on(k) and is_title(page.words[k - 1])
        if not (after_role or _speaks(page, k)) or not _name_word(page, k):
            continue
        j = k + 1
        while j < len(page) and j - k < LONGEST and page.runs_on(j) and not owner[j]:
            if not (_name_word(page, j) or (page.words[j] in PARTICLES and page.runs_on(j + 1))):
                break
            j += 1
        while page.words[j - 1] in PARTICLES:
            j -= 1
        if j - k == 1 and after_role and page.words[k - 1].casefold() not in HONORIFICS and page.words[k - 1].islower():
            continue
        owner[k:j] = [True] * (j - k)
        added.append(Found(k, j, EntityKind.PERSON, sure=after_role))
    return added


def _speaks(page: Page, k: int) -> bool:
    """Whether a quotation closes right before word k and a verb of speech follows it: “…,” Yastrezhembsky said."""
    return page.runs_on(k + 1) and page.words[k + 1] in SPEECH and page.gaps[k].rstrip().endswith(('"', "”", "''"))
