"""From the model's code points to names as words: no articles, line breaks or stray lower case at the edges."""

import re
from collections.abc import Iterable

from archive.choices import EntityKind
from archive.ingest.entities.found import KIND_OF_LABEL, Found, in_order
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.lexicon import (
    DETERMINERS,
    MONEY,
    NEVER_GIVEN,
    NO_NAMES,
    ORGANISATION_HEADS,
    PARTICLES,
    POLICIES,
    SUFFIXES,
    THINGS,
)
from archive.ingest.entities.model import Labelled
from archive.ingest.entities.page import Page

_BREAK = re.compile(r"\n|--|[<>=|*+$%]|\s[-–—/]\s|[\";“”:]|['’]s\s")
_CUT_IN_FRONT = DETERMINERS | NEVER_GIVEN | {"&", "and", "of", "in", "for", "to", "by", "at", "on", "-"}


def fit(page: Page, labelled: Iterable[Labelled]) -> list[Found]:
    """What the model found, as ranges of words."""
    found: list[Found] = []
    for one in labelled:
        i, j = page.between(one.start, one.end)
        kind = KIND_OF_LABEL.get(one.label)
        for part in _in_one_line(page, i, j, kind):
            if kind is None:
                found.append(Found(*part, None, one.label))
                continue
            for a, b in _apart(page, *trim(page, *part), kind):
                if not _never_a_name(page, a, b) and not (kind is EntityKind.PERSON and _numbered(page, a, b)):
                    found.append(
                        Found(a, b, None if kind is not EntityKind.PERSON and is_thing(page, a, b) else kind, one.label)
                    )
    return in_order(found)


def _apart(page: Page, i: int, j: int, kind: EntityKind) -> Iterable[tuple[int, int]]:
    """Two people or places that the model read as one ("Lattakia and Tartous", "Wimbledon at Elland Road")."""
    if i >= j:
        return
    whole = page.phrase(i, j)
    if kind is not EntityKind.ORGANISATION and whole not in gazetteer().known:
        for k in range(i + 1, j - 1):
            word = page.words[k]
            if word in ("at", "in") or (word in ("and", "&") and _both_stand(page, i, k, kind)):
                yield i, k
                yield k + 1, j
                return
    yield i, j


def _both_stand(page: Page, i: int, k: int, kind: EntityKind) -> bool:
    """Whether the part before "and" is a name by itself; of a place only the gazetteer can say."""
    return kind is EntityKind.PERSON or page.phrase(i, k) in gazetteer().known


def trim(page: Page, i: int, j: int) -> tuple[int, int]:
    """Cuts what belongs to no name at either end: articles, lower case, numbers."""
    words = page.words
    while i < j and (words[i].casefold() in _CUT_IN_FRONT or not words[i][0].isalpha()):
        i += 1
    while (
        i < j and words[i][0].islower() and words[i] not in PARTICLES and "-" not in words[i] and not _mixed(words[i])
    ):
        i += 1
    while i < j and not (words[j - 1][0].isupper() or _mixed(words[j - 1]) or (words[j - 1].isdigit() and j - i > 1)):
        j -= 1
    while i < j - 1 and words[j - 1].casefold() in MONEY:
        j -= 1
    return i, j


def _in_one_line(page: Page, i: int, j: int, kind: EntityKind | None) -> Iterable[tuple[int, int]]:
    """The parts of a range between line breaks, dashes set in blanks, and other marks that no name has inside."""
    start = i
    for k in range(i + 1, j):
        two_people = kind is EntityKind.PERSON and "," in page.gaps[k] and page.words[k] not in SUFFIXES
        if two_people or _BREAK.search(page.gaps[k]):
            yield start, k
            if kind is not EntityKind.ORGANISATION and page.gaps[k][:1] in "'’":
                # "China's Camps": what belongs to a place or a person is seldom another one.
                return
            start = k
    if start < j:
        yield start, j


def _numbered(page: Page, i: int, j: int) -> bool:
    """Whether a number is among the words, as in no person's name."""
    return any(word[0].isdigit() for word in page.words[i:j]) or page.words[j - 1].casefold() in NO_NAMES


def _mixed(word: str) -> bool:
    """Whether a word has a capital somewhere: "iPhone", "al-Assad", "d'Estaing"."""
    return any(char.isupper() for char in word)


def is_thing(page: Page, i: int, j: int) -> bool:
    """A plan, a law, a prize: a name, but of none of the three kinds."""
    if page.phrase(i, j) in POLICIES:
        return True
    return page.words[j - 1] in THINGS and not any(w in ORGANISATION_HEADS for w in page.words[i : j - 1])


def _never_a_name(page: Page, i: int, j: int) -> bool:
    if j - i > 1:
        return all(word.casefold() in NO_NAMES for word in page.words[i:j])
    word = page.words[i]
    return word.casefold() in NO_NAMES or (len(word) == 1) or not _mixed(word)
