"""Mentions that the model missed and a name found elsewhere in the text explains."""

from archive.choices import EntityKind
from archive.ingest.entities.consistency import surname
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.lexicon import HONORIFICS, NO_NAMES, PEOPLES, ROLES, SUFFIXES
from archive.ingest.entities.page import Page


def recover(page: Page, found: list[Found]) -> list[Found]:
    """Every further place of a name that was found, and of the surname of a person found in full.

    The same spelling only, capitals included; a single word only where no other capitalised word stands beside it.
    """
    forms: dict[tuple[str, ...], EntityKind] = {}
    for one in found:
        if one.kind is None:
            continue
        words = tuple(page.words[one.i : one.j])
        if page.in_capitals[one.i]:
            continue
        if len(words) > 1 or _distinct(words[0]):
            forms.setdefault(words, one.kind)
        if one.kind is EntityKind.PERSON and len(words) > 1:
            last = surname(list(words))
            if _distinct(last):
                forms.setdefault((last,), one.kind)
    taken = bytearray(len(page))
    for one in found:
        if one.kind is not None or one.label in ("WORK_OF_ART", "EVENT", "LAW", "PRODUCT"):
            taken[one.i : one.j] = b"\1" * (one.j - one.i)
    added: list[Found] = []
    for words, kind in sorted(forms.items(), key=lambda form: -len(form[0])):
        for i in page.where.get(words[0], ()):
            j = i + len(words)
            if any(taken[i:j]) or tuple(page.words[i:j]) != words or not all(page.runs_on(k) for k in range(i + 1, j)):
                continue
            if len(words) == 1 and _in_a_longer_name(page, i, kind):
                continue
            taken[i:j] = b"\1" * len(words)
            added.append(Found(i, j, kind))
    added += _from_headlines(page, forms, taken)
    return in_order([*found, *added]) if added else found


def _from_headlines(page: Page, forms: dict[tuple[str, ...], EntityKind], taken: bytearray) -> list[Found]:
    """Names of the body, set in capitals in a headline."""
    if not any(page.in_capitals):
        return []
    loud = {tuple(word.upper() for word in words): kind for words, kind in forms.items()}
    added: list[Found] = []
    for words, kind in sorted(loud.items(), key=lambda form: -len(form[0])):
        for i in page.where.get(words[0], ()):
            j = i + len(words)
            if page.in_capitals[i] and not any(taken[i:j]) and tuple(page.words[i:j]) == words:
                taken[i:j] = b"\1" * len(words)
                added.append(Found(i, j, kind))
    return added


def _distinct(word: str) -> bool:
    return len(word) > 2 and word[0].isupper() and word.casefold() not in NO_NAMES and word not in PEOPLES


def _in_a_longer_name(page: Page, i: int, kind: EntityKind) -> bool:
    before = page.words[i - 1] if page.runs_on(i) else ""
    after = page.words[i + 1] if page.runs_on(i + 1) else ""
    if after and after[0].isupper() and after not in SUFFIXES and not page.in_capitals[i]:
        return True
    if before and before[0].isupper() and not page.in_capitals[i]:
        folded = before.casefold()
        return not (folded in HONORIFICS or folded in ROLES or page.begins_sentence(i - 1))
    return False
