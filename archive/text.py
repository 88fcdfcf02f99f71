"""The few definitions about text that ingest, search and models must share, and nothing else."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from anyascii import anyascii

# What XML 1.0 cannot hold, not even escaped (its "Char" production).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def clean_text(title: str, paragraphs: Sequence[str]) -> str:
    """Title and paragraphs separated by blank lines: what names are sought in and mention offsets count in."""
    return "\n\n".join(part for part in (title, *paragraphs) if part)


def xml_text(text: str) -> str:
    """The text without the control characters that no XML document may hold; feeds and sitemaps need it."""
    return _NOT_XML.sub("", text)


def fold(text: str) -> str:
    """Case, accents and compatibility forms folded away: "Müller" and "MULLER" are both "muller"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """A cell of a CSV file that no spreadsheet runs: text that begins like a formula gets an apostrophe before it.

    OWASP, "CSV Injection"; the full-width signs are formulas to spreadsheets of East Asia.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value


def name_key(name: str) -> str:
    """The key that two spellings of one name share: transliterated, folded, punctuation as single blanks.

    "al-Assad, Bashar" and "Al Assad Bashar" share a key; word order is kept.
    """
    return _NOT_WORD.sub(" ", anyascii(fold(name)).casefold()).strip()
