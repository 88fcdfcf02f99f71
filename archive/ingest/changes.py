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
    runs: list[_Run] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old_part, new_part = "".join(before[i:j]), "".join(after[k:m])
        if tag == "equal":
            runs.append(_Run(old_part, "", ""))
        else:
            same = runs.pop().same if runs and not runs[-1].size else ""
            _append(runs, _Run(same, old_part, new_part))
    return [piece for run in runs for piece in run.pieces() if piece.text]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch that stayed, and what was changed behind it."""

    same: str
    removed: str
    added: str

    @property
    def size(self) -> int:
        return max(len(self.removed), len(self.added))

    def pieces(self) -> tuple[Piece, ...]:
        return Piece(Change.SAME, self.same), Piece(Change.REMOVED, self.removed), Piece(Change.ADDED, self.added)


def _append(runs: list[_Run], run: _Run) -> None:
    """Append a run; what stayed by chance between two larger changes is a part of the change.

    As Fraser's semantic cleanup in diff-match-patch does: a sentence put in the place of another one shares its "the"
    and "of", and word by word the two are unreadable. Ends of paragraphs stay.
    """
    while runs and len(run.same) <= min(runs[-1].size, run.size) and "\n" not in run.same:
        last = runs.pop()
        run = _Run(last.same, last.removed + run.same + run.removed, last.added + run.same + run.added)
    runs.append(run)


def _tokens(text: str) -> list[str]:
    return _WORDS.findall(text)
