"""Places: the gazetteer's names where the model missed them or took them for something else."""

from archive.choices import EntityKind
from archive.ingest.entities.found import Found, in_order
from archive.ingest.entities.gazetteer import gazetteer
from archive.ingest.entities.page import Page


def from_gazetteer(page: Page, found: list[Found]) -> list[Found]:
    """Adds the sure places that the model missed, and settles the kind of those it took for something else."""
    places = gazetteer()
    settled = [_settle(page, one, places.sure) for one in found]
    taken = bytearray(len(page))
    for one in settled:
        if one.kind is not None or one.label not in _MAY_HIDE_PLACES:
            taken[one.i : one.j] = b"\1" * (one.j - one.i)
    added: list[Found] = []
    for i, word in enumerate(page.words):
        if taken[i] or word not in places.longest:
            continue
        for size in range(min(places.longest[word], len(page) - i), 0, -1):
            if any(taken[i : i + size]) or not all(page.runs_on(k) for k in range(i + 1, i + size)):
                continue
            name = page.phrase(i, i + size)
            if name in places.sure or (page.in_capitals[i] and len(name) > 3 and name.title() in places.sure):
                if not _part_of_a_longer_name(page, i, i + size):
                    added.append(Found(i, i + size, EntityKind.PLACE, sure=True))
                taken[i : i + size] = b"\1" * size
                break
    return in_order([*settled, *added]) if added else settled


_MAY_HIDE_PLACES = frozenset(
    {"DATE", "CARDINAL", "NORP", "EVENT", "QUANTITY", "MONEY", "TIME", "ORDINAL", "PERCENT", "LANGUAGE"}
)
"""Labels of the model under which a place of the gazetteer is taken for one all the same."""


def _settle(page: Page, one: Found, sure: frozenset[str]) -> Found:
    if one.kind is EntityKind.PLACE and one.sure:
        return one
    name = page.phrase(one.i, one.j)
    if one.j - one.i == 1 < one.i and page.words[one.i - 1] == "of" and page.words[one.i - 2].casefold() in _OF_A_TOWN:
        return one.of(EntityKind.PLACE, sure=True)
    if name in sure or (page.in_capitals[one.i] and name.title() in sure):
        return one.of(EntityKind.PLACE, sure=True)
    return one


_OF_A_TOWN = frozenset({"mayor", "bishop", "archbishop", "sheriff"})
"""Whoever has one of these offices has it of a place ("the mayor of Exeter")."""


def _part_of_a_longer_name(page: Page, i: int, j: int) -> bool:
    """Whether a capitalised word stands right beside it ("China Daily", "Bank of England" is the model's to find)."""
    after = page.runs_on(j) and page.words[j][0].isupper() and not page.in_capitals[j]
    before = (
        page.runs_on(i)
        and page.words[i - 1][0].isupper()
        and not page.in_capitals[i]
        and not page.begins_sentence(i - 1)
    )
    return False if not (after or before) else page.words[i] not in ("U.S.", "US", "U.K.", "UK") and after
