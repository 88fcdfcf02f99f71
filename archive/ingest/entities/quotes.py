"""Direct quotations: where the words between quotation marks stand. Who says them is for `speakers`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.ingest.entities.lexicon import SPEECH

MAX_CHARS = 5_000
"""The longest stretch taken for one quotation; a mark left open farther than that is a slip of the pen."""
_PARAGRAPH = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SMALL = frozenset({"of", "the", "a", "an", "and", "in", "to", "for", "on", "with", "at", "by", "from", "de", "la"})
_NEAR = 40
"""Characters before the opening or after the closing mark in which a verb of speech makes a short quotation one."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Code points [start, end) between the marks; `goes_on`: the next paragraph continues it (no closing mark)."""

    start: int
    end: int
    goes_on: bool = False


def find_quotes(text: str) -> list[Quoted]:
    """The quotations of a text in order, one for each paragraph of a longer one.

    Words in marks that nobody said (titles, so-called things) are left out as far as their form tells them apart.
    """
    found: list[Quoted] = []
    open_before = False
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        stretches = list(_in_marks(text, start, end, continued=open_before))
        open_before = False
        for one in stretches:
            if one.goes_on and not _continued(text, end):
                # An opening mark without its closing one: take the paragraph's rest if it reads like speech.
                if end - one.start > MAX_CHARS or one.start != start + 1:
                    continue
                found.append(Quoted(*_bare(text, one.start, one.end)))
            elif _is_said(text, one):
                found.append(Quoted(*_bare(text, one.start, one.end), one.goes_on))
                open_before = one.goes_on
    return [one for one in found if one.start < one.end]


def _in_marks(text: str, start: int, end: int, *, continued: bool) -> Iterator[Quoted]:
    """The stretches between marks of one paragraph; the last one may be open (`goes_on`)."""
    opened: int | None = None
    mark = ""
    for i in range(start, end):
        char = text[i]
        if char not in _MARKS:
            continue
        if opened is None:
            if _opens(text, i, start):
                opened, mark = i + 1, char
        elif _closes(text, i, end, mark):
            yield Quoted(opened, i)
            opened = None
        elif char == mark and char in "“«" and opened != i:
            # A second opening mark: the first was never closed.
            opened = i + 1
    if opened is not None:
        yield Quoted(opened, end, goes_on=True)


_MARKS = frozenset("\"“”„«»‘’‟〝〞＂'")
_CLOSING = {"'": "'", '"': '"', "“": '”"', "„": "“”", "«": "»", "‘": "’", "‟": "”", "〝": "〞", "＂": "＂", "”": "”"}


_SINGLE = re.compile(r"""'(?=[A-Z])(?:[^'\n"“”„«»]|(?<=\w)'(?=\w)|(?<=s)'(?=\ ))*?[,.!?…]'(?!\w)""")
"""A stretch between apostrophes that reads like speech: its first letter large, a stop before the closing one."""


def _opens(text: str, i: int, start: int) -> bool:
    char = text[i]
    if char == "'":
        return (i == start or text[i - 1] in " ([") and _SINGLE.match(text, i) is not None
    before = text[i - 1] if i > start else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    if char == "‘":
        return not before.isalnum() and after.isalpha() and not text[i + 1 : i + 4].rstrip().isdigit()
    if char in "“„«〝‟":
        return True
    if char in ('"', "＂"):
        return not before.isalnum() or (after.isalnum() and before in ".,:;")
    return char == "”" and (before.isspace() or before in "([") and after.isalnum()


def _closes(text: str, i: int, end: int, mark: str) -> bool:
    char = text[i]
    if mark == "“" and char == "’" and text[i + 1 : i + 2] == "’":
        return True
    if char not in _CLOSING.get(mark, ""):
        return False
    if char == "'":
        return text[i - 1] in ",.!?…" and not text[i + 1 : i + 2].isalnum()
    if char == "’":
        after = text[i + 1] if i + 1 < end else " "
        return not after.isalnum() and (text[i - 1] in ".,!?…" or (after in " ,.;:!?)—–-" and text[i - 1] != "s"))
    return True


def _continued(text: str, end: int) -> bool:
    """Whether the next paragraph opens with a quotation mark."""
    return text[end : end + 8].lstrip("\n ")[:1] in ("“", '"', "‘", "„", "«")


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_said(text: str, one: Quoted) -> bool:
    """Whether the words are somebody's speech rather than a title or a so-called thing."""
    if one.end - one.start > MAX_CHARS:
        return False
    words = _WORD.findall(text[one.start : one.end])
    if not words:
        return False
    inside, after = text[one.start : one.end].rstrip()[-1:], text[one.end + 1 : one.end + 2]
    led_in = text[max(0, one.start - 3) : one.start - 1].strip()[-1:] in (",", ":")
    spoken = _speech_near(text, one)
    if all(word[0].isupper() or word in _SMALL or word[0].isdigit() for word in words):
        # "Yes," he said; but not the "Trading Nation" that he said it on.
        return spoken and len(words) < 4 and (inside in ",!?" or led_in)
    closed = inside in ".,!?…—" or after == ","
    return len(words) >= 4 or (len(words) > 1 and (closed or spoken)) or (spoken and (inside in ",!?" or led_in))


def _speech_near(text: str, one: Quoted) -> bool:
    around = (text[max(0, one.start - _NEAR) : one.start], text[one.end : one.end + _NEAR])
    return any(word in SPEECH for part in around for word in _WORD.findall(part.partition("\n\n")[0]))
