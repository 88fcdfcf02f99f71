"""How a line looks to the rules: invisible characters gone, blanks and quotes plain, look-alike letters Latin.

Only for matching: the archive keeps every line as it was found.
"""

import re

MATCH_LENGTH = 2_000
"""Rules see no more of a line than this: a bound on the work of any pattern, whatever the line."""

_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
)
_PLAIN = {
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "•·●▪■►▶"), "•"),
    ord("…"): "...",
    ord("＋"): "+",
}
# Cyrillic and Greek letters that look Latin in print (Unicode's confusables.txt, the single-letter ones).
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανι",
    "ABESIJKMHOPCTYXaeijopcyxsdhABEZHIKMNOPTYXoavi",
)
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_LATIN = re.compile(r"[A-Za-z]")


def plain(text: str) -> str:
    """The line as the rules read it, in its own case; at most MATCH_LENGTH characters."""
    text = text[:MATCH_LENGTH]
    if not text.isascii():
        text = text.translate(_INVISIBLE).translate(_PLAIN)
        if _FOREIGN.search(text):
            latin = text.translate(_LOOKALIKES)
            # a word that is Cyrillic all through is Cyrillic, not a disguise
            if _LATIN.search(text) or not _FOREIGN.search(latin):
                text = latin
    return " ".join(text.split())
