"""A single typed word or phrase → nodes: wildcards, fuzzy and exact marks, and punctuation that means nothing."""

import re

from archive.search.query import Fuzzy, Node, Phrase, Prefix, TextField, Word

MIN_PREFIX = 2
MAX_DISTANCE = 2
_HAS_WORD = re.compile(r"\w")
# Pasted sentences are full of it, and nobody means it as a condition.
_PUNCTUATION = re.compile(r"[.,;:!?…'\"/&+–—-]+")
# Marks of the language in the middle of a word, where they mean nothing.
_SPLITS = re.compile(r"[*?:~]+")
_FUZZY = re.compile(r"(?P<word>.+)~(?P<distance>\d?)\Z")


def word_nodes(text: str, field: TextField) -> tuple[list[Node], str]:
    """The nodes of one typed word, and a note when it could not be taken as typed."""
    if not _HAS_WORD.search(text):
        return [], "" if _PUNCTUATION.fullmatch(text) else f"“{text}” is no word and was ignored."
    if text.startswith("=") and _HAS_WORD.search(text[1:]):
        return [Word(_trimmed(text[1:]), field, exact=True)], ""
    if text.endswith("*"):
        stem = _trimmed(text.rstrip("*"))
        if not _SPLITS.search(stem) and len(stem) >= MIN_PREFIX:
            return [Prefix(stem, field)], ""
        return _plain(text, field), f"“{text}”: a star needs at least {MIN_PREFIX} letters before it."
    fuzzy = _FUZZY.match(text)
    if fuzzy and (word := _trimmed(fuzzy["word"])) and not _SPLITS.search(word):
        asked = int(fuzzy["distance"] or 1)
        distance = min(max(1, asked), MAX_DISTANCE)
        note = (
            "" if asked == distance else f"“{text}”: one or {MAX_DISTANCE} letters can be other; searched {distance}."
        )
        return [Fuzzy(word, distance, field)], note
    if "*" in text:
        return _plain(text, field), f"“{text}”: a star works at the end of a word; searched without it."
    return _plain(text, field), ""


def phrase_node(text: str, slop: int, field: TextField, *, exact: bool = False) -> Node | None:
    """The phrase between quotation marks, a single word as a word; None when there is no word in it."""
    words = tuple(word for word in (_trimmed(part) for part in text.split()) if word)
    if len(words) == 1:
        return Word(words[0], field)
    return Phrase(words, slop, field, exact) if words else None


def _plain(text: str, field: TextField) -> list[Node]:
    words = [_trimmed(part) for part in _SPLITS.split(text)]
    return [Word(word, field) for word in words if word]


def _trimmed(text: str) -> str:
    """Without punctuation around it: "oil," and "oil" are the same word, "U.S." and "C++" stay as they are inside."""
    return re.sub(r"^[^\w]+|[^\w]+$", "", text)
