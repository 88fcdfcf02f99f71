"""From the model's code points to names as words: no articles, line breaks or stray lower case at the edges."""

from collections.abc import Iterable

from archive.ingest.entities.found import KIND_OF_LABEL, Found, in_order
from archive.ingest.entities.lexicon import DETERMINERS, NO_NAMES, PARTICLES
from archive.ingest.entities.model import Labelled
from archive.ingest.entities.page import Page

_CUT_IN_FRONT = DETERMINERS | {"&", "and", "of", "in", "for", "to", "by", "at", "on", "-"}


def fit(page: Page, labelled: Iterable[Labelled]) -> list[Found]:
    """What the model found, as ranges of words."""
    found: list[Found] = []
    for one in labelled:
        i, j = page.between(one.start, one.end)
        kind = KIND_OF_LABEL.get(one.label)
        for part in _in_one_line(page, i, j):
            if kind is None:
                found.append(Found(*part, None, one.label))
                continue
            a, b = trim(page, *part)
            if a < b and not _never_a_name(page, a, b):
                found.append(Found(a, b, kind, one.label))
    return in_order(found)


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
    return i, j


def _in_one_line(page: Page, i: int, j: int) -> Iterable[tuple[int, int]]:
    """The parts of a range between line breaks (and between dashes set in blanks)."""
    start = i
    for k in range(i + 1, j):
        gap = page.gaps[k]
        if "\n" in gap or "--" in gap or " - " in gap or " – " in gap or " — " in gap or '"' in gap or ";" in gap:
            yield start, k
            start = k
    if start < j:
        yield start, j


def _mixed(word: str) -> bool:
    """Whether a word has a capital somewhere: "iPhone", "al-Assad", "d'Estaing"."""
    return any(char.isupper() for char in word)


def _never_a_name(page: Page, i: int, j: int) -> bool:
    if j - i > 1:
        return all(word.casefold() in NO_NAMES for word in page.words[i:j])
    word = page.words[i]
    return word.casefold() in NO_NAMES or (len(word) == 1) or not _mixed(word)
