"""With which characters a match of a pattern can begin: lets a line be held against few of many patterns.

160 whole-line patterns in one alternation took a third of all cleaning time; asked by first character, a tenth of that.
"""

import re
from re import _constants as codes  # type: ignore[attr-defined]  # the parser of re itself, which has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # likewise
from typing import Any

_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}
_ALPHABET = frozenset(map(chr, range(32, 127))) | frozenset("©•£€")


def first_letters(pattern: str) -> frozenset[str] | None:
    """The characters that a match of `pattern` can begin with; None where any may, or where that is not plain."""
    letters, may_be_empty = _first(list(parser.parse(pattern)))
    return None if may_be_empty or letters is None else letters


def _first(items: list[Any]) -> tuple[frozenset[str] | None, bool]:
    """First characters of a sequence (None: any), and whether it can match without any."""
    found: frozenset[str] = frozenset()
    for code, argument in items:
        letters, empty = _first_of(code, argument)
        if letters is None:
            return None, False
        found |= letters
        if not empty:
            return found, False
    return found, True


def _first_of(code: Any, argument: Any) -> tuple[frozenset[str] | None, bool]:
    if code is codes.LITERAL:
        return frozenset(chr(argument)), False
    if code is codes.IN:
        single = re.compile(_class_source(argument)) if _class_source(argument) else None
        return (frozenset(filter(single.match, _ALPHABET)) if single else None), False
    if code is codes.AT:
        return frozenset(), True
    if code is codes.BRANCH:
        branches = [_first(list(branch)) for branch in argument[1]]
        if any(letters is None for letters, _ in branches):
            return None, False
        return frozenset().union(*(letters or () for letters, _ in branches)), any(empty for _, empty in branches)
    if code is codes.SUBPATTERN:
        return _first(list(argument[-1]))
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        letters, empty = _first(list(argument[2]))
        return letters, empty or argument[0] == 0
    return None, False


def _class_source(members: list[Any]) -> str:
    """A character class as text, empty where it holds more than literals and ranges."""
    parts = []
    for code, argument in members:
        if code is codes.LITERAL:
            parts.append(re.escape(chr(argument)))
        elif code is codes.RANGE:
            parts.append(f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}")
        elif code is codes.CATEGORY and argument in _CATEGORIES:
            parts.append(_CATEGORIES[argument])
        else:
            return ""
    return f"[{''.join(parts)}]"
