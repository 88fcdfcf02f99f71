"""Text → terms, one way for documents and queries: Unicode words, folded; English stems beside the exact forms.

A word that is written with an inner mark ("co-operation", "O'Brien", "1,000") is indexed as its parts and, at the place
of the first part, joined, so that each of its spellings finds every other. Scripts without blanks between words are
indexed as single characters and as pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from whoosh.lang.porter import stem as porter_stem

from archive.text import fold

EXACT_MARK = "="
"""Marks, in the analysed fields, a word of a document that is not stemmed; no word can contain it."""
MAX_TERM = 120
"""Characters of a term that count; longer ones (encoded data, mostly) are cut, in documents and queries alike."""
_MAX_PARTS = 6

# What `archive.text.fold` leaves: letters that carry their stroke without decomposing.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\u0640\ufeff")
)


def _marks() -> str:
    """The combining marks of the basic plane as regex ranges: `re` does not count them as word characters."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x10000):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARKS = _marks()
# Inside a word: soft hyphen and the zero-width joiners, which are not seen.
_INNER = "\u00ad\u200b\u200c\u200d\u2060"
# Han, kana, Hangul; Thai, Lao, Myanmar, Khmer: written without blanks between words, or with endings grown on.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_APOSTROPHES = "'’‘ʼʻʹ`´＇"
_HYPHENS = "\u2010\u2011\u2012－\\-"
_TOKEN = re.compile(
    rf"(?P<acronym>(?<![^\W_])[^\W\d_{_UNSPACED}](?:\.[^\W\d_{_UNSPACED}])+(?![^\W_])\.?)"
    rf"|(?P<number>[^\W_{_UNSPACED}]*\d(?:[.,](?=\d)|[^\W_{_UNSPACED}])*)"
    rf"|(?P<unspaced>[{_UNSPACED}](?:[{_UNSPACED}{_MARKS}])*)"
    rf"|(?P<word>[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}{_INNER}])*)"
)
_JOINERS = re.compile(rf"[{_APOSTROPHES}{_HYPHENS}&]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}][sS](?!\w)")
_PIECE = re.compile(r"\S+")
_ASCII_WORD = re.compile(r"[a-z]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """One term of a text: where it stands among the words, and its characters [start, end)."""

    term: str
    position: int
    start: int
    end: int
    extra: bool = False
    """A second way to write what stands here (joined parts, a single character): it does not make a text longer."""


def is_stemmed(language: str) -> bool:
    """English is stemmed, and a document of unknown language is taken for English."""
    return not language or language.split("-", maxsplit=1)[0].lower() == "en"


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A word as exact forms are indexed: case, accents, stroked letters and invisible characters folded away."""
    return fold(word).translate(_LETTERS)[:MAX_TERM]


@lru_cache(maxsize=200_000)
def stem(term: str) -> str:
    """The Porter stem (1980) of a folded English word; other scripts and numbers stay as they are."""
    return porter_stem(term) if _ASCII_WORD.fullmatch(term) and len(term) > 2 else term


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """(kind, start, end) of each unbroken piece of a text, possessive endings left out."""
    skip_to = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start < skip_to:
            continue
        possessive = _POSSESSIVE.match(text, end)
        if possessive:
            skip_to = possessive.end()
        yield match.lastgroup or "word", start, end


def _chains(text: str) -> Iterator[list[tuple[str, int, int]]]:
    """The pieces, those in one list that a single apostrophe, hyphen or "&" holds together."""
    chain: list[tuple[str, int, int]] = []
    for piece in _pieces(text):
        if chain:
            gap = text[chain[-1][2] : piece[1]]
            if len(gap) == 1 and _JOINERS.match(gap) and "unspaced" not in (piece[0], chain[-1][0]):
                chain.append(piece)
                continue
            yield chain
        chain = [piece]
    if chain:
        yield chain


def _plain(kind: str, raw: str) -> str:
    if kind == "acronym":
        return folded(raw.replace(".", ""))
    if kind == "number" and _THOUSANDS.fullmatch(raw):
        return folded(raw.replace(",", ""))
    return folded(raw)


def _split(kind: str, raw: str) -> list[str]:
    """The words that a piece is indexed as, one after another: "3.5bn" stays whole, "10.12.1987" is three."""
    if kind == "number" and not _THOUSANDS.fullmatch(raw) and ("," in raw or raw.count(".") > 1):
        return [part for part in re.split(r"[.,]", raw) if part]
    return [raw]


def tokens(text: str) -> Iterator[Token]:
    """The exact terms of a text in order, folded; several may stand at one position."""
    position = 0
    for chain in _chains(text):
        kind, start, end = chain[0]
        if kind == "unspaced":
            yield from _unspaced(text, start, end, position)
            position += sum(1 for char in text[start:end] if not unicodedata.combining(char))
            continue
        parts: list[tuple[str, int, int]] = []
        for kind, start, end in chain:
            at = start
            for raw in _split(kind, text[start:end]):
                at = text.index(raw, at)
                term = _plain(kind, raw)
                if term:
                    parts.append((term, at, at + len(raw)))
        if 1 < len(parts) <= _MAX_PARTS:
            joined = "".join(term for term, _, _ in parts)[:MAX_TERM]
            yield Token(joined, position, parts[0][1], parts[-1][2], extra=True)
        for term, start, end in parts:
            yield Token(term, position, start, end)
            position += 1


def _unspaced(text: str, start: int, end: int, position: int) -> Iterator[Token]:
    """Every pair of neighbouring characters, and every character by itself, of text[start:end]."""
    edges = [index for index in range(start, end) if not unicodedata.combining(text[index])] + [end]
    for number in range(len(edges) - 1):
        here, there = edges[number], edges[number + 1]
        last = number == len(edges) - 2
        yield Token(folded(text[here:there]), position + number, here, there, extra=not last)
        if not last:
            beyond = edges[number + 2]
            yield Token(folded(text[here:beyond]), position + number, here, beyond)


def forms(text: str, stemmed: bool) -> list[tuple[str, int, int]]:
    """(term, start, end) of everything that a text is found by: words as written, stems, joined parts."""
    found: list[tuple[str, int, int]] = []
    for piece in _PIECE.finditer(text):
        raw, at = piece[0], piece.start()
        # What is long is no word and would fill the cache.
        of_piece = _forms(raw, stemmed) if len(raw) <= 40 else _forms.__wrapped__(raw, stemmed)
        found += [(term, start + at, end + at) for term, start, end in of_piece]
    return found


@lru_cache(maxsize=100_000)
def _forms(piece: str, stemmed: bool) -> tuple[tuple[str, int, int], ...]:
    """The forms of a piece between blanks: no rule of this module looks across a blank."""
    found = []
    for token in tokens(piece):
        found.append((token.term, token.start, token.end))
        if stemmed and (root := stem(token.term)) != token.term:
            found.append((root, token.start, token.end))
    return tuple(found)


def analysed(term: str, stemmed: bool) -> str:
    """The form of an exact term in the analysed fields."""
    return stem(term) if stemmed else EXACT_MARK + term


@lru_cache(maxsize=4_096)
def alternatives(text: str, inside_phrase: bool = False) -> tuple[tuple[str, ...], ...]:
    """The sequences of exact terms that a typed word stands for: joined to one, or its parts in a row.

    Empty when the text holds no word at all. "co-operation" is [("cooperation",), ("co", "operation")]. An unspaced run
    is the one sequence of its pairs; its last character, which the last pair implies, only counts inside a phrase.
    """
    found = list(tokens(text))
    parts = [token for token in found if not token.extra]
    if not parts:
        return ()
    whole = (parts[0].start, parts[-1].end)
    if len(parts) > 1 and not inside_phrase and parts[-2].end == parts[-1].end:
        parts.pop()
    sequence = tuple(token.term for token in parts)
    joined = [(token.term,) for token in found if token.extra and (token.start, token.end) == whole]
    return (*joined, sequence)


def single_term(text: str) -> str:
    """What a beginning or a misspelt word is compared with the index's terms as: "co-op" as "coop", "O’B" as "ob"."""
    ways = alternatives(text)
    return "".join(ways[0]) if ways else folded(text)
