"""What is no name of the story after all: peoples, agencies' credits, persons read from capitals alone."""

import re

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.lexicon import CREDITS, PEOPLES
from archive.ingest.entities.page import Page

_PLURAL = re.compile(r"(?:s|es|n?men|i)$")
_CREDIT_LINE = re.compile(
    r"(?:photo|photograph|picture|image|credit|source|via|©|\(c\)|copyright|reporting by|editing by)\W*$", re.I
)


def sift(page: Page, found: list[Found]) -> list[Found]:
    """The names of the story alone."""
    body = {page.words[k].casefold() for one in found if not page.in_capitals[one.i] for k in range(one.i, one.j)}
    return [
        one
        for one in found
        if one.kind is None or not (_people(page, one) or _credit(page, one) or _shouted(page, one, body))
    ]


def _people(page: Page, one: Found) -> bool:
    if one.j - one.i > 2:
        return False
    return all(is_people(word) for word in page.words[one.i : one.j])


def is_people(word: str) -> bool:
    """ "Kazakh", "Kazakhs", "Uygur", "Anglo-American"."""
    if "-" in word:
        return all(is_people(part) for part in word.split("-"))
    name = word if not word.isupper() else word.title()
    return (
        name in PEOPLES or _PLURAL.sub("", name) in PEOPLES or (name.endswith("men") and name[:-3] + "man" in PEOPLES)
    )


def _credit(page: Page, one: Found) -> bool:
    """An agency that signs a picture or a story: "(AFP)", "Photo: Reuters", "© Getty Images", "Reuters — "."""
    if one.kind is not EntityKind.ORGANISATION:
        return False
    start = page.starts[one.i]
    if _CREDIT_LINE.search(page.text[max(0, start - 30) : start]):
        return True
    if page.words[one.i] not in CREDITS:
        return False
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
