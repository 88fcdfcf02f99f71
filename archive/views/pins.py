"""Searches pinned by readers: the result as it was, what has changed since, and a permanent address for both."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from archive.access import Reader, reader_of
from archive.errors import IndexUnavailable
from archive.models import Article, SearchPin
from archive.search import pins
from archive.search.describe import describe
from archive.search.filters import read, written
from archive.search.parser import parse
from archive.search.tokens import MAX_CHARACTERS
from archive.views.narrowing import chosen_filters, chosen_sort
from archive.views.same_origin import same_origin

PAGE, SHOWN_CHANGES = 50, 50


@same_origin
@require_POST
def make_pin(request: HttpRequest) -> HttpResponse:
    """Pin the search of a result page and lead to its permanent address."""
    # A search reads no more of it, and PostgreSQL keeps no NUL.
    text = request.POST.get("q", "")[:MAX_CHARACTERS].replace("\0", " ")
    sort = chosen_sort(request.POST)
    try:
        return redirect(pins.pin(text, sort=sort, filters=chosen_filters(request.POST), reader=reader_of(request)))
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {"q": text, "error": error}, status=503)


@require_safe
def pin(request: HttpRequest, key: str) -> HttpResponse:
    """The pinned result, page by page, and the difference to today's, without which the page still answers."""
    pinned = get_object_or_404(SearchPin, key=key)
    reader = reader_of(request)
    try:
        comparison = pins.compare(pinned, reader)
    except IndexUnavailable:
        comparison = None
    page = Paginator(pins.pinned_ids(pinned, reader), PAGE).get_page(request.GET.get("page"))
    context = {
        "pinned": pinned,
        "q": pinned.query,
        "understood_as": describe(parse(pinned.query).root),
        "again": urlencode([("q", pinned.query), ("sort", pinned.sort), *written(read(pinned.filters))]),
        "comparison": comparison,
        "added": _articles(comparison.added[:SHOWN_CHANGES], reader) if comparison else [],
        "removed": _articles(comparison.removed[:SHOWN_CHANGES], reader) if comparison else [],
        "more_added": max(0, len(comparison.added) - SHOWN_CHANGES) if comparison else 0,
        "more_removed": max(0, len(comparison.removed) - SHOWN_CHANGES) if comparison else 0,
        "page": page,
        "articles": _articles(tuple(page.object_list), reader),
    }
    return render(request, "archive/pin.html", context)


def _articles(ids: tuple[int, ...], reader: Reader) -> list[Article]:
    """Those of the articles that this reader may see, in this order."""
    found = Article.objects.listed_for(reader).select_related("source").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
