"""Pages of days: what was published on a day, in a month or a year, and a calendar of the days with and without."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from archive.access import reader_of
from archive.models import Article, Source
from archive.search.backends.view import view
from archive.search.query import Everything, Keyword, KeywordIn, Sort
from archive.views.article_list import article_list
from archive.views.calendar_grid import WEEKDAYS, grid
from archive.views.counts import Uncounted, facet_counts
from archive.views.timeline import Brush, date_url, timeline


def latest(request: HttpRequest) -> HttpResponse:
    """The last year that has articles, of all sources or of one."""
    source = _source(request)
    years = [int(value[:4]) for value in _by_day(request, source) if value]
    today = timezone.localdate().year
    if not years:
        return render(request, "archive/day.html", {"here": "days", "source": source})
    return day(request, max((year for year in years if year <= today), default=max(years)))


def day(request: HttpRequest, year: int, month: int = 0, day: int = 0) -> HttpResponse:
    """What was published on a day, in a month or in a year, by all sources or by one (`source=slug`)."""
    try:
        first = date(year, month or 1, day or 1)
    except (ValueError, OverflowError) as error:
        raise Http404(f"There is no such day: {error}.") from error
    source = _source(request)
    listed = Article.objects.listed_for(reader_of(request))
    listed = listed.filter(source=source) if source else listed
    counts = _by_day(request, source)
    said = first.isoformat()[: 10 if day else 7 if month else 4]
    narrowed = f"?source={source.slug}" if source else ""
    of_source = {"source": source.slug} if source else {}
    articles = listed.published_in(year, month, day)
    context: dict[str, Any] = {
        "here": "days",
        "first": first,
        "year": year,
        "month": month,
        "day": day,
        "source": source,
        "narrowed": narrowed,
        "within": [("day" if day else "month" if month else "year", said), *of_source.items()],
        "trail": urlencode({"q": f"date:{said}", **of_source, "sort": Sort.NEWEST, "copies": 1}),
        **article_list(request, articles, articles.count()),
        **_beside(counts, said, narrowed),
    }
    if not day:
        context["months"] = grid(year, month, counts)
        context["weekdays"] = WEEKDAYS
        of_months: dict[str, int] = Uncounted() if isinstance(counts, Uncounted) else {}
        for value, count in counts.items():
            if value.startswith(f"{year:04}-"):
                of_months[value[:7]] = of_months.get(value[:7], 0) + count
        context["timeline"] = timeline(of_months, Brush(page=lambda value: date_url(value) + narrowed))
    return render(request, "archive/day.html", context)


def _source(request: HttpRequest) -> Source | None:
    slug = request.GET.get("source", "")
    return get_object_or_404(Source.objects.readable_by(reader_of(request)), slug=slug) if slug else None


def _by_day(request: HttpRequest, source: Source | None) -> dict[str, int]:
    """Articles by day ("1987-03-01"), as the index counts them; the undated under ""."""
    root = KeywordIn(Keyword.SOURCE, (source.slug,)) if source else Everything()
    return facet_counts(root, "day", seen=view(reader_of(request)))["day"]


def _beside(counts: dict[str, int], said: str, narrowed: str) -> dict[str, Any]:
    """The spans before and after a year, month or day that have articles: (first day, address), None for none."""
    values = {value[: len(said)] for value in counts if value}
    return {
        "before": _link(max((value for value in values if value < said), default=""), narrowed),
        "after": _link(min((value for value in values if value > said), default=""), narrowed),
    }


def _link(value: str, narrowed: str) -> tuple[date, str] | None:
    if not value:
        return None
    parts = [int(part) for part in value.split("-")]
    address = reverse(f"archive:{('year', 'month', 'day')[len(parts) - 1]}", args=parts)
    return date.fromisoformat(value + "0001-01-01"[len(value) :]), address + narrowed
