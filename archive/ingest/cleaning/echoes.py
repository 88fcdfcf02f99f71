"""Lines that say what another line of the page says: captions made of a sentence, pull quotes, doubled teasers."""

import re
from collections.abc import Sequence

from archive.ingest.cleaning.page import Echo, Page, PageLine

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_START = 16
_MIN_WORDS, _MAX_WORDS = 6, 90
_MOST = 0.75
_COMPARED = 6
"""So many lines with the same beginning are compared; the bound keeps the work linear in the page."""


def page_echoes(page: Page) -> dict[int, Echo]:
    """The page's echoes, sought once: call it when nothing more is cut off the lines."""
    if page.echoes is None:
        page.echoes = echoes_of(page.lines)
    return page.echoes


def echoes_of(lines: Sequence[PageLine]) -> dict[int, Echo]:
    """For lines that begin as others do: the one that holds most of the line's word triples, the earliest first."""
    begun: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if _MIN_WORDS <= line.words <= _MAX_WORDS:
            begun.setdefault(line.key.lstrip("\"'• ")[:_START], []).append(index)
    found: dict[int, Echo] = {}
    for alike in begun.values():
        if len(alike) == 1:
            continue
        compared = alike[:_COMPARED]
        triples = {index: _triples(lines[index].key) for index in compared}
        for index in compared:
            own = triples[index]
            if not own:
                continue
            shares = [(len(own & triples[other]) / len(own), -other) for other in compared if other != index]
            share, other = max(shares)
            found[index] = Echo(-other, share, sum(1 for each, _ in shares if each > _MOST))
    return found


def adds_nothing(line: PageLine, other: PageLine) -> bool:
    """Whether a line names no figure and no longer word that the other lacks: rows of a list differ in little else."""
    return line.content <= other.content and set(_NUMBER.findall(line.key)) == set(_NUMBER.findall(other.key))


def _triples(key: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(key)
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
