"""Peoples and followers: "Kazakh", "Uygurs", "Anglo-American" are names of no person, organisation or place."""

import re

from archive.ingest.entities.lexicon import PEOPLES

_PREFIXES = frozenset({"anglo", "afro", "franco", "sino", "indo", "russo", "pro", "anti", "non", "ex", "half"})
_ONE = re.compile(r"(?:wo)?man$")
_PLURAL = re.compile(r"(?:s|es|n?men|i)$")


def is_people(word: str) -> bool:
    """ "Kazakh", "Kazakhs", "Uygur", "Anglo-American"."""
    if "-" in word:
        *before, last = word.split("-")
        return is_people(last) and all(is_people(part) or part.casefold() in _PREFIXES for part in before)
    name = word if not word.isupper() else word.title()
    if _ONE.search(name) and _ONE.sub("", name) in PEOPLES:
        return True
    return (
        name in PEOPLES or _PLURAL.sub("", name) in PEOPLES or (name.endswith("men") and name[:-3] + "man" in PEOPLES)
    )
