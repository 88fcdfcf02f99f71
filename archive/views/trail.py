"""A reader's place in the list that led to an article: what comes before it there and what after.

The list is in the address (its parameters, and `at`, the place in it), so no session has to know it.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from archive.access import reader_of
from archive.errors import IndexUnavailable
from archive.models import Article
from archive.search.run import beside
from archive.views.narrowing import Pairs, chosen_filters, chosen_sort, pairs

PER_PAGE = 20
_RANK = re.compile(r"[1-9][0-9]{0,8}\Z")


@dataclass(frozen=True, slots=True)
class Step:
    article: Article
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in a list; `before` and `after` are None at its ends."""

    at: int
    total: int
    list_url: str
    before: Step | None
    after: Step | None


def place(request: HttpRequest, article: Article) -> Place | None:
    """The place of an article in the list that its address names; None where it names none, or has it elsewhere.

    An index that cannot be read costs the reader this, not the article.
    """
    at = request.GET.get("at", "")
    if not _RANK.match(at):
        return None
    reader = reader_of(request)
    try:
        first, ids, total = beside(
            request.GET.get("q", ""),
            int(at),
            sort=chosen_sort(request.GET),
            filters=chosen_filters(request.GET),
            collapse=request.GET.get("copies") != "1",
            reader=reader,
        )
    except IndexUnavailable:
        return None
    if article.pk not in ids:
        return None
    index, left = ids.index(article.pk), pairs(request.GET)
    shown = Article.objects.listed_for(reader).in_bulk(ids)

    def step(to: int) -> Step | None:
        if not 0 <= to < len(ids) or ids[to] not in shown:
            return None
        other = shown[ids[to]]
        return Step(other, f"{other.get_absolute_url()}?{_query(left, at=first + to)}")

    page = (first + index - 1) // PER_PAGE + 1
    back = f"{reverse('archive:search')}?{_query(left, page=page) if page > 1 else urlencode(left)}"
    return Place(first + index, total, back, step(index - 1), step(index + 1))


def _query(left: Pairs, **more: int) -> str:
    return urlencode([*left, *more.items()])
