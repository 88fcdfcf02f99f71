"""A name found on a page: the value that the steps hand on to each other."""

from dataclasses import dataclass, replace

from archive.choices import EntityKind

KIND_OF_LABEL = {
    "PERSON": EntityKind.PERSON,
    "PER": EntityKind.PERSON,
    "ORG": EntityKind.ORGANISATION,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}
"""What the labels of the models (OntoNotes 5; PER in other languages) are to the archive; others are no such names."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words [i, j) of a page, and what they name; kind None: something else (a people, a date, a work)."""

    i: int
    j: int
    kind: EntityKind | None
    label: str = ""
    """The model's label, or "" for what one of our own steps found."""
    roles: tuple[str, ...] = ()
    sure: bool = False
    """Whether the kind is settled by more than the model (a gazetteer, a title, a company's "Inc")."""

    def at(self, i: int, j: int) -> "Found":
        return replace(self, i=i, j=j)

    def of(self, kind: EntityKind | None, *, sure: bool = False) -> "Found":
        return replace(self, kind=kind, sure=sure or self.sure)


def in_order(found: list[Found]) -> list[Found]:
    """Sorted, overlaps resolved: of two that overlap the longer one stays, of equals the first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.i, f.i - f.j)):
        if kept and one.i < kept[-1].j:
            if one.j - one.i > kept[-1].j - kept[-1].i:
                kept[-1] = one
            continue
        kept.append(one)
    return kept
