"""Which lines a paragraph was made of: one, several that were wrapped, or a part of one.

Letters and digits decide, for cleaning levels blanks and quotation marks.
"""

import re
from collections.abc import Sequence

_NOT_WORD = re.compile(r"[\W_]+")


def paragraph_lines(paragraphs: Sequence[str], lines: Sequence[tuple[int, str]]) -> list[tuple[int, ...]]:
    """For each paragraph the numbers of its lines. `lines` are those of the body, numbered and in order."""
    kept = [(number, letters(text)) for number, text in lines]
    found: list[tuple[int, ...]] = []
    at = 0
    for paragraph in paragraphs:
        numbers, at = _made_of(letters(paragraph), kept, at)
        found.append(numbers)
    return found


def _made_of(paragraph: str, lines: Sequence[tuple[int, str]], at: int) -> tuple[tuple[int, ...], int]:
    """The lines from `at` on that share text with the paragraph, and where the next paragraph may begin."""
    numbers: list[int] = []
    taken = 0
    # A paragraph that its lines fill takes no more: the next line, "No.", may well be words that are in it too.
    while at < len(lines) and (not taken or taken < len(paragraph)):
        number, text = lines[at]
        if text and text in paragraph:
            numbers.append(number)
            taken += len(text)
            at += 1
        elif paragraph and paragraph in text:
            numbers.append(number)  # and the next paragraph may be in this line too
            break
        elif not text or not numbers:
            at += 1
        else:
            break
    return tuple(numbers), at


def letters(text: str) -> str:
    """What is left of a text when blanks, marks and case are gone."""
    return _NOT_WORD.sub("", text).casefold()
