"""Spellings of one name: "Uighur" and "Uygur", "Beijing" and "Peking". Hand-checked, in variants.json beside this.

Search widens queries by them and linking matches by them, so they live below both. The first form of a group is the
one the archive goes by.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from archive.choices import EntityKind
from archive.text import name_key

_FILE = Path(__file__).with_name("variants.json")
COMPANY_ENDINGS = frozenset(
    """Inc Inc. Corp Corp. Co Co. Ltd Ltd. Plc PLC plc LLC LLP SA S.A. S.A AG A.G. NV N.V. BV GmbH SpA S.p.A. AB ASA
    Oyj OY KK Bhd Pte Pty Holdings Holding Industries Bancorp Bancshares Corporation Company Companies Incorporated
    Limited""".split()
)
"""Legal forms: a run of capitalised words that ends in one is an organisation, and is matched without it."""
_ENDINGS = frozenset(name_key(word) for word in COMPANY_ENDINGS)


def variants(text: str) -> tuple[str, ...]:
    """The other spellings of a word or phrase, whatever its case and accents; those of its plural for a plural."""
    key = name_key(text)
    found = _by_key().get(key, ())
    return tuple(form for form in found if name_key(form) != key)


@lru_cache(maxsize=8192)
def entity_key(kind: EntityKind, name: str) -> str:
    """The key under which a name is matched across articles: `name_key` of the name's first spelling.

    Organisations are matched without "the" and their legal form ("Ltd").
    """
    words = name_key(name).split()
    if kind is EntityKind.ORGANISATION:
        words = words[1:] if len(words) > 1 and words[0] == "the" else words
        while len(words) > 1 and words[-1] in _ENDINGS:
            words.pop()
    return canonical_key(kind, " ".join(words))[:300]


def canonical_key(kind: EntityKind, key: str) -> str:
    """The key (see `archive.text.name_key`) that all spellings of this name share: that of the archive's own form.

    Places and organisations change as a whole, persons word by word ("moamer kadhafi" is "muammar gaddafi").
    """
    forms = _first_forms()[kind]
    if key in forms or kind is not EntityKind.PERSON:
        return forms.get(key, key)
    return " ".join(forms.get(word, word) for word in key.split())


def canonical_name(kind: EntityKind, key: str) -> str:
    """The archive's own form of a place with this canonical key ("Beijing" for "beijing"), "" where it has none."""
    return _place_names().get(key, "") if kind is EntityKind.PLACE else ""


@cache
def _place_names() -> Mapping[str, str]:
    return {name_key(forms[0]): forms[0] for forms in _places()}


def place_spellings() -> frozenset[str]:
    """Every spelling of a place in the table."""
    return frozenset(form for forms in _places() for form in forms)


def _places() -> tuple[tuple[str, ...], ...]:
    return _groups()["places"] + _groups()["states"]


@cache
def _groups() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    groups = {name: tuple(tuple(forms) for forms in listed) for name, listed in content.items()}
    groups["peoples"] += tuple(tuple(_plural(form) for form in forms) for forms in groups["peoples"])
    return groups


@cache
def _by_key() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, listed in _groups().items():
        if name in ("nicknames", "states"):
            # "Mike Tyson" is Michael Tyson, but a search for "mike" is none for every Michael, nor is "ore" Oregon.
            continue
        for forms in listed:
            for form in forms:
                found.setdefault(name_key(form), forms)
    return found


@cache
def _first_forms() -> Mapping[EntityKind, Mapping[str, str]]:
    groups = _groups()
    named = {
        EntityKind.PLACE: _places(),
        EntityKind.ORGANISATION: groups["organisations"],
        EntityKind.PERSON: groups["surnames"] + groups["given names"] + groups["nicknames"],
    }
    return {
        kind: {name_key(form): name_key(forms[0]) for forms in listed for form in forms}
        for kind, listed in named.items()
    }


def _plural(form: str) -> str:
    return form + ("s" if not form.endswith("z") else "")
