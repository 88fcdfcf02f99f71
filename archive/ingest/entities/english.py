"""Whether a text of unknown language may be read as English: where it may not, names would be guesswork."""

import re

from archive.ingest.cleaning.english import is_plainly_english
from archive.ingest.cleaning.language import guess

_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 2_000
_MOSTLY = 0.9
_SURE = 0.5
"""English headlines of three words are taken for other languages at 0.1 to 0.3, "Il pleut à Paris." at 0.7."""


def may_be_english(text: str) -> bool:
    """Whether the letters are Latin and nothing says that it is another language; tables and headlines may be."""
    letters = _LETTER.findall(text[:_SAMPLE])
    latin = sum(letter < "\u0250" for letter in letters)
    if latin < _MOSTLY * len(letters):
        return False
    if is_plainly_english(text):
        return True
    language, confidence = guess(text)
    return language == "en" or confidence < _SURE
