"""Families of nearly the same texts among the matches: the best of each stands for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from archive.search.backends.whoosh.arrays import Array


@dataclass(frozen=True, slots=True)
class Groups:
    """Positions of the matches that are in families, family by family, the best of each first."""

    members: Array
    starts: Array
    """Where each family begins in `members`; one more at the end."""
    hidden: Array
    """Those of the members that others stand for."""

    def others(self, shown: Array, ids: Callable[[Array], Array]) -> Iterable[tuple[int, ...]]:
        """For each position shown the ids of the articles that it stands for."""
        heads = self.members[self.starts[:-1]]
        order = np.argsort(heads)
        index = np.searchsorted(heads, shown, sorter=order)
        index[index == len(heads)] = 0
        for position, at in zip(shown.tolist(), order[index].tolist() if len(order) else (), strict=False):
            if heads[at] == position:
                rest = self.members[int(self.starts[at]) + 1 : int(self.starts[at + 1])]
                yield tuple(ids(rest).tolist()) if len(rest) else ()
            else:
                yield ()


def groups(families: Array, ordered: Callable[[Array, Array], Array]) -> Groups | None:
    """The groups of matches, given the family number of each (-1 for none); None where there is none.

    `ordered` puts positions in order, by their family first.
    """
    inside = np.flatnonzero(families >= 0)
    if not len(inside):
        return None
    members = ordered(inside, families[inside])
    number = families[members]
    fresh = np.ones(len(members), bool)
    fresh[1:] = number[1:] != number[:-1]
    return Groups(members, np.append(np.flatnonzero(fresh), len(members)), members[~fresh])
