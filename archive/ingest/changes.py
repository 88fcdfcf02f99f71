"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\n+|[^\S\n]+|\w+|[^\w\s]")
_MOST_WORDS = 20_000


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. All SAME and REMOVED pieces joined are the old text, all SAME and ADDED ones the new."""

    change: Change
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The changes that lead from one text to the other, a word being the smallest (Ratcliff & Obershelp, by difflib).

    Texts of more than 20,000 words and blanks are compared by lines: difflib takes quadratic time at worst.
    """
    before, after = _tokens(old), _tokens(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(before[i:j])))
            continue
        if i < j:
            pieces.append(Piece(Change.REMOVED, "".join(before[i:j])))
        if k < m:
            pieces.append(Piece(Change.ADDED, "".join(after[k:m])))
    return pieces


def _tokens(text: str) -> list[str]:
    return _WORDS.findall(text)
