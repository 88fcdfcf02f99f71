"""What makes lines of a page belong together: the same beginning, a colon above them, one post quoted after another."""

import re
from collections.abc import Sequence

from archive.choices import LinePlace
from archive.ingest.cleaning.echoes import page_echoes
from archive.ingest.cleaning.page import Echo, Page, PageLine

_POST_END = re.compile(r"[-(] ?@\w{1,20}\)(?: [A-Z][a-z]{2,8} \d{1,2}, \d{4})?\Z")
_POSTAL = re.compile(
    r"\d{1,6} (?:[A-Z][\w.]{0,20} ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Floor|Suite|Blvd|Boulevard|Drive|Lane|Way)\b|"
    r"[A-Z][a-z.]{1,20},? [A-Z]{2} \d{5}\b"
)
_SIDE = re.compile(
    r"\b(?:left|right|center|centre|pictured|above|below)[,.)]|, (?:left|right|pictured)\b|\((?:[LRC]|left|right)\)|"
    r"\b(?:pictured|seen here|poses? for|file photo)\b|"
    r"\bduring (?:an?|the) [\w ]{3,40}(?:game|match|rally|conference|protest)\b"
)
_SIDE_CUES = (
    *("left", "right", "center", "centre", "ictured", "above", "below", "(L)", "(R)", "(C)"),
    *("seen here", "pose", "file photo", "during a", "during the"),
)
"""In each match of the pattern is one of these: asked first, for looking for a word is quicker than for a pattern."""
_DIGIT = re.compile(r"\d")
_COLON_REACH = 40


def is_quoted_post(plain: str, words: int) -> bool:
    """Whether a line is a post quoted from a social network: "... — Name (@name) March 3, 2024"."""
    if "@" not in plain:
        return "pic.twitter.com/" in plain
    return "pic.twitter.com/" in plain or (plain[0] == "@" and words >= 6) or _POST_END.search(plain[-60:]) is not None


def own_features(plain: str, words: int) -> list[str]:
    """Signs of a line by itself that need a pattern."""
    found = []
    if is_quoted_post(plain, words):
        found.append("a quoted post")
    if words <= 16 and _DIGIT.search(plain) and _POSTAL.search(plain):
        found.append("a postal address")
    if 5 <= words <= 75 and any(cue in plain for cue in _SIDE_CUES) and _SIDE.search(plain[:600]):
        found.append("says where in a picture")
    return found


def beginnings(lines: Sequence[PageLine]) -> list[tuple[str, str]]:
    """For each line its first word, bullet or shape of number, and its first two words."""
    found = []
    for line in lines:
        words = line.key[:60].split(" ", 2)
        first = words[0]
        if first[:1].isdigit():
            first = "0" + first.lstrip("0123456789")
        found.append((first, " ".join((first, *words[1:2]))))
    return found


def under_colon(lines: Sequence[PageLine], prose: Sequence[bool]) -> list[int]:
    """For each line how many lines above it stands one that ends with a colon, with no prose between; 0 where none."""
    found: list[int] = []
    since = 0
    for line, is_prose in zip(lines, prose, strict=True):
        if since and not is_prose and line.place != LinePlace.REMOVED:
            found.append(since)
        else:
            found.append(0)
        if line.place in (None, LinePlace.BODY) and line.words >= 3 and line.plain[-1] == ":":
            since = 1
        elif since:
            since = 0 if is_prose or since >= _COLON_REACH else since + 1
    return found


def echo_features(page: Page, prose: Sequence[bool]) -> dict[int, str]:
    """For lines that repeat another one, which kind of line they repeat and how closely."""
    return {index: _echo_name(index, echo, prose) for index, echo in page_echoes(page).items() if echo.share > 0.3}


def _echo_name(index: int, echo: Echo, prose: Sequence[bool]) -> str:
    how = "says again all of" if echo.share >= 0.9 else "says again half of" if echo.share >= 0.55 else "begins as"
    which = "an earlier" if echo.index < index else "a later"
    kind = "paragraph" if prose[echo.index] else "line"
    return f"{how} {which} {kind}"
