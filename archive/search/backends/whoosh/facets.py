"""Exact counts of each value among the matches, most frequent first."""

import sys
from collections.abc import Iterable, Sequence

import numpy as np

from archive.errors import ArchiveError
from archive.search.backends import months
from archive.search.backends.base import FACETS, Filter
from archive.search.backends.whoosh.arrays import Array, spread
from archive.search.backends.whoosh.columns import Vocabulary
from archive.search.backends.whoosh.plan import Between, Plan, Values, Without
from archive.search.backends.whoosh.snapshot import Part, Snapshot
from archive.search.results import Facet, FacetValue


def filter_plan(entry: Filter) -> Plan:
    """The plan of a chosen facet value. Raises `ArchiveError` for an unknown facet; a value that no document can have
    matches none."""
    _check(entry.facet)
    if entry.facet in months.DATES:
        ranges = [found for value in entry.values if (found := months.span(entry.facet, value)) is not None]
        plan: Plan = Between("days" if entry.facet == months.DAY else "months", ranges)
    else:
        plan = Values(entry.facet, entry.values)
    return Without(plan) if entry.exclude else plan


def _check(name: str) -> None:
    if name not in FACETS:
        raise ArchiveError(f"There is no facet {name!r}; there are {', '.join(FACETS)}.")


def count(snapshot: Snapshot, name: str, docs: Sequence[Array], limit: int) -> Facet:
    """The facet over the documents of each segment."""
    _check(name)
    if name == months.DAY:
        return Facet(name, _days(snapshot, docs))
    if name in months.UNITS:
        return Facet(name, _dates(snapshot, docs, months.UNITS[name], sys.maxsize if name == "month" else limit))
    return Facet(name, _values(snapshot, name, docs, limit))


def _dates(snapshot: Snapshot, docs: Sequence[Array], unit: int, limit: int) -> tuple[FacetValue, ...]:
    found = [part.columns.months.take(one) for part, one in zip(snapshot.parts, docs, strict=True) if len(one)]
    if not found:
        return ()
    # One more, so that the unknown (-1) are counted at 0.
    counts = np.bincount((np.concatenate(found) + unit) // unit)
    values = np.flatnonzero(counts)
    names = [months.name(number - 1, unit) for number in values.tolist()]
    return _ranked(zip(names, counts[values].tolist(), strict=True))[:limit]


def _days(snapshot: Snapshot, docs: Sequence[Array]) -> tuple[FacetValue, ...]:
    found = [part.columns.days.take(one) for part, one in zip(snapshot.parts, docs, strict=True) if len(one)]
    values, counts = np.unique(np.concatenate(found), return_counts=True) if found else (np.zeros(0, int),) * 2
    return _ranked(zip(map(months.day_name, values.tolist()), counts.tolist(), strict=True))


def _ranked(pairs: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(*pair) for pair in sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _values(snapshot: Snapshot, name: str, docs: Sequence[Array], limit: int) -> tuple[FacetValue, ...]:
    matched = [(part, found) for part, found in zip(snapshot.parts, docs, strict=True) if len(found)]
    if not matched:
        return ()
    # Everything is counted in the value numbers of the segment with the most values; what it lacks is counted by name.
    base = max(matched, key=lambda pair: len(_terms(pair[0], name)))[0]
    counts = np.zeros(len(_terms(base, name)), np.int64)
    others: dict[bytes, int] = {}
    for part, found in matched:
        here = _counted(part, name, found)
        if part is base:
            counts += here
            continue
        numbers = _numbers_in(snapshot, name, part, base)
        known = numbers >= 0
        # Different values have different numbers, so nothing is added twice.
        counts[numbers[known]] += here[known]
        for number in np.flatnonzero(~known & (here > 0)).tolist():
            value = _terms(part, name)[number]
            others[value] = others.get(value, 0) + int(here[number])
    pairs = [(value.decode(), number) for value, number in others.items()]
    pairs += [(_terms(base, name)[number].decode(), int(counts[number])) for number in _most(counts, limit)]
    pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, number) for value, number in pairs[:limit])


def _terms(part: Part, name: str) -> Vocabulary:
    return part.columns.postings[name].terms


def _counted(part: Part, name: str, docs: Array) -> Array:
    """Documents by value number."""
    starts, values = part.columns.values[name]
    size = len(_terms(part, name))
    if len(docs) == part.count:
        return np.bincount(values, minlength=size)
    if len(values) == part.count and len(values) == starts[-1] and _one_each(part, name):
        return np.bincount(values.take(docs), minlength=size)
    first = starts.take(docs)
    return np.bincount(values.take(spread(first, starts.take(docs + 1) - first)), minlength=size)


def _one_each(part: Part, name: str) -> bool:
    """Whether each document has exactly one value, so that no list has to be walked."""
    cache: dict[str, bool] = part.__dict__.setdefault("_one_each", {})
    if name not in cache:
        cache[name] = bool((np.diff(part.columns.values[name][0]) == 1).all())
    return cache[name]


def _most(counts: Array, limit: int) -> list[int]:
    """The value numbers with the highest counts, by count and then value (values are numbered in their order)."""
    present = np.flatnonzero(counts)
    if len(present) > limit > 0:
        least = np.partition(counts[present], len(present) - limit)[len(present) - limit]
        present = present[counts[present] >= least]
    order = np.lexsort((present, -counts[present]))
    found: list[int] = present[order][: max(limit, 0)].tolist()
    return found


def _numbers_in(snapshot: Snapshot, name: str, part: Part, base: Part) -> Array:
    """For each value of one segment its number in another, or -1; worked out once while both live."""
    key = (name, part.name, base.name)
    found = snapshot.ordinals.get(key)
    if found is None:
        target = _terms(base, name)
        found = np.fromiter(map(target.find, _terms(part, name)[:]), np.int64, len(_terms(part, name)))
        snapshot.ordinals[key] = found
    return found
