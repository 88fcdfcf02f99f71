"""How a line looks to the rules: invisible characters gone, blanks and quotes plain, look-alike letters Latin.

Only for matching: the archive keeps every line as it was found.
"""

import re

MATCH_LENGTH = 2_000
"""Rules see no more of a line than this: a bound on the work of any pattern, whatever the line."""

_PLAIN = {
    **dict.fromkeys("\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e", ""),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·●▪■►▶", "•"),
    "…": "...",
    "＋": "+",
}
_UNPLAIN = re.compile(f"[{''.join(_PLAIN)}]")
# Cyrillic and Greek letters that look Latin in print (Unicode's confusables.txt, the single-letter ones).
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανι",
    "ABESIJKMHOPCTYXaeijopcyxsdhABEZHIKMNOPTYXoavi",
)
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_LATIN = re.compile(r"[A-Za-z]")


def _plain_form(match: re.Match[str]) -> str:
    return _PLAIN[match.group()]


def plain(text: str) -> str:
    """The line as the rules read it, in its own case; at most MATCH_LENGTH characters."""
    text = text[:MATCH_LENGTH]
    if not text.isascii():
        text = _UNPLAIN.sub(_plain_form, text)
        if _FOREIGN.search(text):
            latin = text.translate(_LOOKALIKES)
            # a word that is Cyrillic all through is Cyrillic, not a disguise
            if _LATIN.search(text) or not _FOREIGN.search(latin):
                text = latin
    return " ".join(text.split())
