"""One text, one kind for one name: its mentions vote, with the words around them; surnames follow full names."""

from collections import defaultdict
from collections.abc import Iterator

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.lexicon import (
    HONORIFICS,
    KIN,
    MEDIA,
    NOT_IN_PLACE,
    ORGANISATION_AFTER,
    ORGANISATION_HEADS,
    ORGANISATION_TITLES,
    PLACE_AFTER,
    PLACE_CUES,
    PLACE_NOUNS,
    PLATFORMS,
    ROLES,
    SPEECH,
    SUFFIXES,
)
from archive.ingest.entities.page import Page
from archive.variants import COMPANY_ENDINGS

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def settle_kinds(page: Page, found: list[Found]) -> list[Found]:
    """All mentions of one name get one kind: the one most of them, and the words beside them, speak for."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        if one.kind is not None:
            groups[_key(page, one)].append(number)
    votes = {key: _votes(page, [found[n] for n in numbers]) for key, numbers in groups.items()}
    _surnames_vouch(votes)
    kinds = {key: _winner(tally) for key, tally in votes.items()}
    bearers: dict[str, list[str]] = defaultdict(list)
    for key, kind in kinds.items():
        words = key.split()
        if len(words) > 1 and kind is PERSON:
            bearers[surname(words)].append(key)
    firsts = {key.split()[0] for key, kind in kinds.items() if " " in key and kind is ORGANISATION}
    dropped: set[str] = set()
    for key, tally in votes.items():
        if " " in key:
            continue
        if key in bearers and tally[PLACE] < 3 + tally[PERSON]:
            kinds[key] = PERSON
        elif kinds[key] is PERSON and tally[PERSON] <= len(groups[key]):
            # Called a person by the model alone.
            if max(tally[ORGANISATION], tally[PLACE]) >= 1.2:
                kinds[key] = ORGANISATION if tally[ORGANISATION] >= tally[PLACE] else PLACE
            elif all(page.begins_sentence(found[n].i) for n in groups[key]) or key.lower() in page.where:
                dropped.add(key)
        elif key in firsts and tally[ORGANISATION] + 1.5 > max(tally[PERSON], tally[PLACE]):
            kinds[key] = ORGANISATION
    kept = [one for one in found if one.kind is None or _key(page, one) not in dropped]
    return [one if one.kind is None else one.of(kinds[_key(page, one)]) for one in kept]


def _surnames_vouch(votes: dict[str, dict[EntityKind, float]]) -> None:
    """A surname that is a person's alone makes a person of the longer name that ends in it ("Sayragul Sauytbay")."""
    for key, tally in votes.items():
        words = key.split()
        last = surname(words)
        if 1 < len(words) < 4 and last in votes and words[-1] not in ORGANISATION_HEADS | COMPANY_ENDINGS:
            alone = votes[last]
            if alone[PERSON] > alone[PLACE] + alone[ORGANISATION]:
                tally[PERSON] += alone[PERSON]


def surname(words: list[str]) -> str:
    """The last word of a name that is no "Jr"."""
    while len(words) > 1 and words[-1] in SUFFIXES:
        words = words[:-1]
    return words[-1]


def _key(page: Page, one: Found) -> str:
    words = page.words[one.i : one.j]
    if page.in_capitals[one.i]:
        words = [word.title() if len(word) > 3 else word for word in words]
    return " ".join(words)


def _winner(tally: dict[EntityKind, float]) -> EntityKind:
    return max((PERSON, PLACE, ORGANISATION), key=lambda kind: tally[kind])


def _votes(page: Page, mentions: list[Found]) -> dict[EntityKind, float]:
    tally = dict.fromkeys((PERSON, PLACE, ORGANISATION), 0.0)
    for one in mentions:
        if one.kind is None:
            continue
        tally[one.kind] += 4.0 if one.sure else 1.0
        for kind, weight in context(page, one):
            tally[kind] += weight
    return tally


def context(page: Page, one: Found) -> Iterator[tuple[EntityKind, float]]:
    """What a name's own words and those beside it say of its kind, with weights found on CoNLL-2003 eng.train."""
    yield from _own_words(page, one)
    yield from _words_before(page, one)
    yield from _words_after(page, one)


def _own_words(page: Page, one: Found) -> Iterator[tuple[EntityKind, float]]:
    last = page.words[one.j - 1]
    if one.j - one.i > 1 and last in COMPANY_ENDINGS:
        yield ORGANISATION, 4.0
    elif one.j - one.i > 1 and last in ORGANISATION_HEADS:
        yield ORGANISATION, 1.5
    name = page.phrase(one.i, one.j)
    if name in gazetteer().known:
        yield PLACE, 0.7
    elif name in PLATFORMS:
        yield ORGANISATION, 6.0


def _words_before(page: Page, one: Found) -> Iterator[tuple[EntityKind, float]]:
    told = one.i > 0 and page.words[one.i - 1] in ("said", "says")
    if told and page.gaps[one.i - 1].rstrip().endswith(('"', "”", "''")) and _is_bare(page, one):
        yield PERSON, 1.2
    if not page.runs_on(one.i):
        return
    before = page.words[one.i - 1]
    earlier = page.words[one.i - 2] if one.i > 1 else ""
    if before.casefold() in HONORIFICS:
        yield PERSON, 4.0
    if before in ("in", "of") and earlier in NOT_IN_PLACE:
        yield ORGANISATION, 2.0
    elif before in PLACE_CUES:
        yield PLACE, 1.2 if before in ("in", "near", "outside") else 0.6
    if before == "of" and earlier in PLACE_NOUNS:
        yield PLACE, 2.0
    if before in ORGANISATION_TITLES:
        yield ORGANISATION, 3.5 if before in MEDIA else 1.5
    if before.islower() and before in ROLES and _is_bare(page, one):
        yield PERSON, 1.0


def _is_bare(page: Page, one: Found) -> bool:
    """Whether a name of two or three words has nothing of an organisation's or a known place's name."""
    words = page.words[one.i : one.j]
    if not 1 < len(words) < 4 or words[-1] in COMPANY_ENDINGS or page.phrase(one.i, one.j) in gazetteer().known:
        return False
    return not any(word in ORGANISATION_HEADS or word in ("and", "&", "of") for word in words)


def _words_after(page: Page, one: Found) -> Iterator[tuple[EntityKind, float]]:
    if one.j >= len(page):
        return
    after, gap = page.words[one.j], page.gaps[one.j]
    possessive = gap[:2] in ("'s", "’s")
    if page.runs_on(one.j):
        if after in SPEECH and one.j - one.i == 1:
            yield PERSON, 0.7
        if after in ORGANISATION_AFTER:
            yield ORGANISATION, 3.0 if after in MEDIA else 1.5
        if after in PLACE_AFTER:
            yield PLACE, 1.5
    elif possessive and after in ("shares", "stock"):
        yield ORGANISATION, 1.5
    elif possessive and after in KIN:
        yield PERSON, 2.0
    elif gap.strip() == ",":
        if after.isdigit() and len(after) == 2 and page.gap(one.j + 1).strip().startswith(","):
            yield PERSON, 4.0
        elif after == "who":
            yield PERSON, 1.5
