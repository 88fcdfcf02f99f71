"""What a search covers: how much there is for a reader, from when to when, and what is not in the index yet."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, Max, Min, Q

from archive.access import ANYBODY, Reader
from archive.errors import IndexUnavailable
from archive.models import Article, IndexTask
from archive.search.backends.view import View, view
from archive.search.query import Everything, Sort

_MANY_SOURCES = 100_000


@dataclass(frozen=True, slots=True)
class Extent:
    """What was searched, and what could not be found by date or at all yet."""

    articles: int
    sources: int
    first: date | None
    last: date | None
    undated: int
    waiting: int
    """Changes that are not in the index yet."""


def extent(reader: Reader = ANYBODY, generation: str = "") -> Extent:
    """What a search covers now, as the index says; the database where there is no index to ask.

    `generation` is the state of the index that a search has just seen: then the index need not tell it again.
    """
    waiting = IndexTask.objects.count()
    try:
        seen = view(reader)
        if generation := generation or seen.generation():
            return Extent(*_indexed(seen, generation), waiting)
    except IndexUnavailable:
        pass
    shown = Article.objects.listed_for(reader)
    return Extent(
        **shown.aggregate(
            articles=Count("pk"),
            sources=Count("source", distinct=True),
            first=Min("published_on"),
            last=Max("published_on"),
            undated=Count("pk", filter=Q(published_on__isnull=True)),
        ),
        waiting=waiting,
    )


def size(seen: View) -> int:
    """How many articles a search through this view covers, without the rest of `extent`."""
    with suppress(IndexUnavailable):
        if generation := seen.generation():
            return _indexed(seen, generation)[0]
    return Article.objects.listed_for(seen.reader).count()


@lru_cache(maxsize=64)
def _indexed(seen: View, generation: str) -> tuple[int, int, date | None, date | None, int]:
    """Counted once for each state of the index, which `generation` names, and each kind of reader."""
    whole = seen.search(Everything(), limit=0, facets=("source", "month"), facet_limit=_MANY_SOURCES)
    sources, months = (facet.values for facet in whole.facets)
    ends = [seen.search(Everything(), sort=sort, limit=1).hits for sort in (Sort.OLDEST, Sort.NEWEST)]
    days = dict(
        Article.objects.filter(pk__in=[hit.article_id for hits in ends for hit in hits]).values_list(
            "pk", "published_on"
        )
    )
    first, last = (days.get(hits[0].article_id) if hits else None for hits in ends)
    undated = next((month.count for month in months if not month.value), 0)
    return whole.total, len(sources), first, last, undated
