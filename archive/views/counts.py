"""Numbers that pages show and that the index knows faster than the database."""

import math

from archive.access import ANYBODY, Reader
from archive.errors import IndexUnavailable
from archive.search.backends.base import FACETS
from archive.search.backends.view import View, view
from archive.search.query import Everything, Node
from archive.search.results import Facet

MANY = 2_000


class Uncounted(dict[str, int]):
    """Counts that nobody knows now, for there is no index to ask: pages say so."""


def facet_counts(root: Node, *facets: str, seen: View | None = None, limit: int = MANY) -> dict[str, dict[str, int]]:
    """Facet → value → articles, for what a query matches in what is seen (told nothing: by anybody).

    `Uncounted` while there is no index.
    """
    assert set(facets) <= set(FACETS)
    try:
        found: tuple[Facet, ...] = (seen or view()).search(root, limit=0, facets=facets, facet_limit=limit).facets
    except IndexUnavailable:
        return {name: Uncounted() for name in facets}
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in found}
    return {name: counts.get(name, {}) for name in facets}


def months(reader: Reader = ANYBODY) -> dict[str, int]:
    """Articles by month ("1987-03"), the undated under ""."""
    return facet_counts(Everything(), "month", seen=view(reader))["month"]


def association(together: int, left: int, right: int, total: int) -> float:
    """How much more often two names stand in one article than chance would have it.

    The log-likelihood ratio G² of the two by two table (Dunning 1993), which does not overrate rare names as pointwise
    mutual information does; negative where they avoid each other.
    """
    without, beside = total - left, total - right
    table = (
        (together, left * right),
        (left - together, left * beside),
        (right - together, without * right),
        (total - left - right + together, without * beside),
    )
    ratio = 0.0
    for seen, hoped in table:
        if seen > 0 and hoped > 0:
            ratio += seen * math.log(seen * total / hoped)
    return 2 * ratio if together * total >= left * right else -2 * ratio
