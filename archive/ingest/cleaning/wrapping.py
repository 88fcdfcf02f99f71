"""Hard-wrapped text: lines that a typewriter or a wire broke, joined again into the paragraphs that were meant."""

import re
from collections.abc import Sequence

_SENTENCE_END = re.compile(r"[.?!:;…][\"'”’)\]]{0,3}$")
_GAP = re.compile(r" {3,}")
_WIDTH = 100
_FULL = 45


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether line ends are a machine's, not the author's: no long line, most of them full and open-ended.

    Paragraphs indented by four blanks are a wire's own mark. Lines come with their leading blanks.
    """
    if len(lines) < 2 or max(map(len, lines)) > _WIDTH:
        return False
    if any(line.startswith("    ") for line in lines):
        return True
    full = [line for line in lines[:-1] if len(line) >= _FULL]
    if len(full) < 0.5 * (len(lines) - 1):
        return False
    open_ended = sum(not _SENTENCE_END.search(line.rstrip()[-4:]) for line in full)
    return open_ended >= 0.6 * len(full)


def paragraphs_of(numbered: Sequence[tuple[int, str]]) -> list[str]:
    """Paragraphs of hard-wrapped lines, given with their numbers (a gap in the numbers is a blank line).

    A line goes on with the one before unless a blank line parts them, or it is indented where paragraphs are, or the
    one before was a paragraph's short last line. The rows of a table stay apart.
    """
    paragraphs: list[list[str]] = []
    indented = any(line.startswith("  ") for _, line in numbered)
    last_number, last_line = -1, ""
    for number, line in numbered:
        if indented:
            starts = line.startswith("  ")
        else:
            starts = len(last_line) < _FULL and _SENTENCE_END.search(last_line.rstrip()[-4:]) is not None
        if number != last_number + 1 or _is_row(line) or _is_row(last_line):
            starts = True
        if starts:
            paragraphs.append([])
        paragraphs[-1].append(line)
        last_number, last_line = number, line
    return [" ".join(part) for part in paragraphs]


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table: two or more wide gaps between its words."""
    return "   " in line and len(_GAP.findall(line.strip())) >= 2
