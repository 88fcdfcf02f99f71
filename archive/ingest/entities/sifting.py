"""What is no name of the story after all: peoples, agencies' credits, persons read from capitals alone."""

import re

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.lexicon import CREDITS, GENERIC, ROLE_MODIFIERS
from archive.ingest.entities.page import Page
from archive.ingest.entities.peoples import is_people

_CREDIT_LINE = re.compile(
    r"(?:photo|photograph|picture|image|credit|source|via|©|\(c\)|copyright|reporting by|editing by)\W*$", re.I
)

_CONTRIBUTED = re.compile(r"\bcontributed (?:to this|reporting)\b")
"""What follows the agencies in a line that says whose help a story had."""


def sift(page: Page, found: list[Found]) -> list[Found]:
    """The names of the story alone."""
    body = {page.words[k].casefold() for one in found if not page.in_capitals[one.i] for k in range(one.i, one.j)}
    return [
        one
        for one in found
        if one.kind is None
        or not (
            _people(page, one)
            or _credit(page, one)
            or _shouted(page, one, body)
            or _office(page, one)
            or _word(page, one)
        )
    ]


def _people(page: Page, one: Found) -> bool:
    if one.j - one.i > 2:
        return False
    words = page.words[one.i : one.j]
    quarter = words[0] in _QUARTERS and one.kind is not EntityKind.PLACE
    return all(is_people(word) for word in words[quarter:])


_QUARTERS = frozenset({"N.", "S.", "E.", "W.", "North", "South", "East", "West"})
"""What stands before a people's name: "S. Korean", "West Germans"."""


def _credit(page: Page, one: Found) -> bool:
    """An agency that signs a picture or a story: "(AFP)", "Photo: Reuters", "© Getty Images", "Reuters — "."""
    if one.kind is not EntityKind.ORGANISATION:
        return False
    start = page.starts[one.i]
    if _CREDIT_LINE.search(page.text[max(0, start - 30) : start]):
        return True
    if page.words[one.i] not in CREDITS:
        return False
    if _CONTRIBUTED.search(page.text[page.ends[one.j - 1] :].partition("\n")[0][:120]):
        return True
    before, after = page.gaps[one.i], page.gap(one.j)
    if "/" in before or "/" in after or (before.rstrip().endswith("(") and after.lstrip().startswith(")")):
        return True
    opens_line, closes_line = "\n" in before or one.i == 0, "\n" in after or one.j == len(page)
    dashes = ("-", "—", "–", "--")
    return (closes_line and before.strip() in dashes) or (opens_line and (closes_line or after.strip() in dashes))


def _shouted(page: Page, one: Found, body: set[str]) -> bool:
    """A person read from a capital line alone."""
    if one.kind is not EntityKind.PERSON or one.sure or not page.in_capitals[one.i]:
        return False
    return not any(page.words[k].casefold() in body for k in range(one.i, one.j))


def _office(page: Page, one: Found) -> bool:
    """ "Defence" of "Defence Minister", "State" of "Secretary of State": a part of somebody's role."""
    if one.kind is not EntityKind.ORGANISATION:
        return False
    words = page.words
    if one.i > 1 and words[one.i - 1] in ("of", "for") and words[one.i - 2].casefold() in _MINISTERS:
        return True
    after = words[one.j].casefold() if page.runs_on(one.j) else ""
    return after in _MINISTERS and all(w.casefold() in ROLE_MODIFIERS or w == "and" for w in words[one.i : one.j])


_MINISTERS = frozenset({"minister", "secretary", "undersecretary", "under-secretary", "ministers", "secretaries"})


def _word(page: Page, one: Found) -> bool:
    """A plain word: one that names nobody by itself ("Bank"), or has a capital only where lines begin ("Barter")."""
    word = page.words[one.i]
    if one.j - one.i > 1 or one.kind is EntityKind.PLACE:
        return False
    if word in GENERIC and one.kind is EntityKind.ORGANISATION:
        return True
    if one.sure or not page.begins_sentence(one.i):
        return False
    return word.lower() in page.where and all(page.begins_sentence(k) for k in page.where[word])
