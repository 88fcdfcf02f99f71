"""Ways in without a query: the front page, sources, days."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from archive.choices import EntityKind
from archive.models import Article, Entity, Source
from archive.search.extent import extent
from archive.search.query import Keyword, KeywordIn
from archive.views.counts import facet_counts, months
from archive.views.timeline import date_url, search_url, timeline

LATEST, MOST_NAMED, PER_PAGE = 12, 24, 30


def home(request: HttpRequest) -> HttpResponse:
    """The latest articles, sources, months, the people most named; in an empty archive, what to do first."""
    people = Entity.objects.shown().of_kind(EntityKind.PERSON).most_named()
    context = {
        "extent": extent(),
        "latest": Article.objects.published().latest_first()[:LATEST],
        "people": people[:MOST_NAMED],
        "sources": Source.objects.with_counts(largest_first=True)[:12],
        "timeline": timeline(months(), date_url),
    }
    return render(request, "archive/home.html", context)


def sources(request: HttpRequest) -> HttpResponse:
    found = Source.objects.with_counts()
    wanted = request.GET.get("filter", "").strip()[:100]
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(domain__icontains=wanted))
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    return render(request, "archive/sources.html", {"page": page, "filter": wanted, "here": "sources"})


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One publisher: when it published, whom it names, its articles."""
    found = get_object_or_404(Source, slug=slug)
    root = KeywordIn(Keyword.SOURCE, (slug,))
    counts = {**facet_counts(root, "month"), **facet_counts(root, "person", limit=MOST_NAMED)}
    people = Entity.objects.shown().of_kind(EntityKind.PERSON).filter(slug__in=list(counts["person"]))
    named = sorted(
        ((person, counts["person"][person.slug]) for person in people), key=lambda pair: (-pair[1], pair[0].sort_name)
    )
    page = Paginator(Article.objects.published().filter(source=found).latest_first(), PER_PAGE)
    context = {
        "source": found,
        "here": "sources",
        "page": page.get_page(request.GET.get("page")),
        "timeline": timeline(counts["month"], search_url(f"source:{slug}")),
        "people": named,
    }
    return render(request, "archive/source.html", context)


def day(request: HttpRequest, year: int, month: int = 0, day: int = 0) -> HttpResponse:
    """What was published on a day, in a month or in a year."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise Http404(f"There is no such day: {error}.") from error
    of_year = {value: count for value, count in months().items() if value.startswith(f"{year:04}-")}
    articles = Article.objects.published().latest_first().published_in(year, month, day)
    context = {
        "first": first,
        "year": year,
        "month": month,
        "day": day,
        "page": Paginator(articles, PER_PAGE).get_page(request.GET.get("page")),
        "before": Article.objects.published().day_before(first) if day else None,
        "after": Article.objects.published().day_after(first) if day else None,
        "timeline": timeline(of_year, date_url),
    }
    return render(request, "archive/day.html", context)
