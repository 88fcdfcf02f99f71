"""Ways in without a query: the front page, sources, sections."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from archive.access import reader_of
from archive.choices import EntityKind
from archive.ingest.habit_counts import order_of_dates
from archive.keyset import leaf, leaf_of
from archive.models import Article, Entity, Source
from archive.search.backends.view import view
from archive.search.extent import extent
from archive.search.query import Everything, Keyword, KeywordIn, Sort
from archive.views.article_list import article_list
from archive.views.counts import facet_counts, months
from archive.views.narrowing import ends
from archive.views.timeline import Brush, date_url, timeline

LATEST, MOST_NAMED, PER_LIST = 12, 24, 120
MOST_SECTIONS = 100_000


def home(request: HttpRequest) -> HttpResponse:
    """The latest articles, sources, months, the people most named; in an empty archive, what to do first."""
    reader = reader_of(request)
    people = Entity.objects.shown().of_kind(EntityKind.PERSON).most_named()
    context = {
        "extent": extent(reader),
        "trail": urlencode({"sort": Sort.NEWEST, "copies": 1}),
        "latest": Article.objects.listed_for(reader).latest_first()[:LATEST],
        "people": people[:MOST_NAMED],
        "sources": Source.objects.with_counts(reader, largest_first=True)[:12],
        "timeline": timeline(months(reader), Brush(page=date_url)),
    }
    return render(request, "archive/home.html", context)


def sources(request: HttpRequest) -> HttpResponse:
    found = Source.objects.with_counts(reader_of(request))
    wanted = request.GET.get("filter", "").strip()[:100]
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(domain__icontains=wanted))
    sort = _sort(request)
    order = ("name", "pk") if sort == "name" else ("-articles_shown", "name", "pk")
    context = {"filter": wanted, "sort": sort, "here": "sources", "total": found.count()}
    context["leaf"] = leaf(found, order, PER_LIST, **ends(request))
    return render(request, "archive/sources.html", context)


def sections(request: HttpRequest) -> HttpResponse:
    """What sources call their sections, counted by the index; each leads to the search for its articles."""
    wanted = request.GET.get("filter", "").strip()[:100]
    counts = facet_counts(Everything(), "section", limit=MOST_SECTIONS, seen=view(reader_of(request)))["section"]
    found = [(name, count) for name, count in counts.items() if name and wanted.casefold() in name.casefold()]
    sort = _sort(request)
    found.sort(key=lambda one: (0 if sort == "name" else -one[1], one[0].casefold(), one[0]))
    context = {"filter": wanted, "sort": sort, "here": "sections", "total": len(found)}
    context["leaf"] = leaf_of(found, lambda one: one[0], PER_LIST, **ends(request))
    return render(request, "archive/sections.html", context)


def _sort(request: HttpRequest) -> str:
    return "name" if request.GET.get("sort") == "name" else "count"


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One publisher: when it published, whom it names, its articles."""
    reader = reader_of(request)
    found = get_object_or_404(Source.objects.readable_by(reader), slug=slug)
    root = KeywordIn(Keyword.SOURCE, (slug,))
    counts = facet_counts(root, "month", "person", limit=MOST_NAMED, seen=view(reader))
    people = Entity.objects.shown().of_kind(EntityKind.PERSON).filter(slug__in=list(counts["person"]))
    named = sorted(
        ((person, counts["person"][person.slug]) for person in people), key=lambda pair: (-pair[1], pair[0].sort_name)
    )
    articles = Article.objects.listed_for(reader).filter(source=found)
    context = {
        "source": found,
        "here": "sources",
        "order_of_dates": order_of_dates(found),
        "within": [("source", slug)],
        "trail": urlencode({"source": slug, "sort": Sort.NEWEST, "copies": 1}),
        **article_list(request, articles, articles.count()),
        "timeline": timeline(counts["month"], Brush((("source", slug),))),
        "people": named,
    }
    return render(request, "archive/source.html", context)
