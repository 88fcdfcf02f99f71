"""Pinned searches: the result as it was, and how today's differs from it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from archive.access import ANYBODY, Reader
from archive.models import Article, SearchPin
from archive.search.backends.base import Filter
from archive.search.filters import read, stored
from archive.search.packing import pack, unpack
from archive.search.query import Sort
from archive.search.run import result_ids

_ASKED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pinned result against the present one, both without what this reader may not see; ids in their order."""

    then: tuple[int, ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    is_reordered: bool = False
    """What both find stands in another order now."""

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed)


def pin(
    text: str,
    *,
    sort: Sort = Sort.RELEVANCE,
    filters: Sequence[Filter] = (),
    reader: Reader = ANYBODY,
) -> SearchPin:
    """Keep the whole result of a search, as this reader sees it. Raises IndexUnavailable when there is no index."""
    ids, generation = result_ids(text, sort=sort, filters=filters, reader=reader)
    kept = stored(filters)
    asked = json.dumps([text, kept, sort.value, list(ids)], separators=(",", ":"))
    made, _ = SearchPin.objects.get_or_create(
        key=hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        defaults={
            "query": text,
            "filters": kept,
            "sort": sort.value,
            "generation": generation,
            "total": len(ids),
            "article_ids": pack(ids),
        },
    )
    return made


def compare(pinned: SearchPin, reader: Reader = ANYBODY) -> Comparison:
    """The pinned result against what the same search finds now. Raises IndexUnavailable."""
    then = pinned_ids(pinned, reader)
    now, _ = result_ids(pinned.query, sort=Sort(pinned.sort), filters=read(pinned.filters), reader=reader)
    known, found = set(then), set(now)
    removed = tuple(pk for pk in then if pk not in found)
    both = [pk for pk in now if pk in known]
    is_reordered = both != [pk for pk in then if pk in found]
    return Comparison(then, tuple(pk for pk in now if pk not in known), removed, is_reordered)


def pinned_ids(pinned: SearchPin, reader: Reader = ANYBODY) -> tuple[int, ...]:
    """The articles that the search found then, in their order, but for those that this reader may not see."""
    ids = unpack(bytes(pinned.article_ids))
    chunks = (ids[start : start + _ASKED_AT_ONCE] for start in range(0, len(ids), _ASKED_AT_ONCE))
    listed = Article.objects.listed_for(reader).order_by()
    seen = {pk for chunk in chunks for pk in listed.filter(pk__in=chunk).values_list("pk", flat=True)}
    return tuple(pk for pk in ids if pk in seen)
