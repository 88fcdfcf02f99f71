"""People, organisations and places: their lists, and a page for each name."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from archive.access import Reader, reader_of
from archive.choices import EntityKind
from archive.ingest.entities.decisions import formerly_at
from archive.keyset import leaf, leaf_of
from archive.models import Article, Entity
from archive.search.query import Keyword, KeywordIn, Sort
from archive.text import name_key
from archive.views import dossier
from archive.views.counts import association, facet_counts
from archive.views.narrowing import ends
from archive.views.rising import rising
from archive.views.timeline import Brush, timeline

PER_PAGE, ARTICLES, TOGETHER, CANDIDATES = 120, 30, 12, 100
PLURALS = {EntityKind.PERSON: "people", EntityKind.ORGANISATION: "organisations", EntityKind.PLACE: "places"}
OPERATORS = {EntityKind.PERSON: "person", EntityKind.ORGANISATION: "org", EntityKind.PLACE: "place"}
LETTERS, OTHERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "#"
MOST_NAMED, BY_NAME = ("-article_count", "sort_name", "pk"), ("sort_name", "pk")
_FIELDS = {
    EntityKind.PERSON: Keyword.PERSON,
    EntityKind.ORGANISATION: Keyword.ORGANISATION,
    EntityKind.PLACE: Keyword.PLACE,
}


def names(request: HttpRequest, kind: EntityKind) -> HttpResponse:
    """All names of a kind: by count, by letter or by their rise in the last weeks, narrowed by a box."""
    letter = request.GET.get("letter", "").upper()[:1]
    wanted = request.GET.get("filter", "").strip()[:100]
    sort = "name" if letter else request.GET.get("sort", "")
    if sort == "rise" and not wanted:
        return _rising(request, kind)
    found = Entity.objects.shown().of_kind(kind)
    if wanted:
        found = found.called(name_key(wanted))
    if letter in LETTERS and letter:
        found = found.filter(sort_name__istartswith=letter)
    elif letter == OTHERS:
        found = found.exclude(sort_name__regex="^[A-Za-z]")
    context = {
        **_list_context(kind),
        "letter": letter,
        "filter": wanted,
        "sort": "name" if sort == "name" else "count",
        "total": found.count(),
        "leaf": leaf(found, BY_NAME if sort == "name" else MOST_NAMED, PER_PAGE, **ends(request)),
    }
    return render(request, "archive/names.html", context)


def _rising(request: HttpRequest, kind: EntityKind) -> HttpResponse:
    period = rising(kind, reader_of(request))
    risen = period.risen if period else ()
    shown = leaf_of(risen, lambda one: str(one.entity.pk), PER_PAGE, **ends(request))
    context = {**_list_context(kind), "letter": "", "filter": "", "sort": "rise", "period": period, "leaf": shown}
    context["total"] = len(risen)
    return render(request, "archive/names.html", context)


def _list_context(kind: EntityKind) -> dict[str, Any]:
    return {"kind": kind, "plural": PLURALS[kind], "letters": LETTERS + OTHERS}


def name(request: HttpRequest, kind: EntityKind, slug: str) -> HttpResponse:
    """Everything on one name. A merged one redirects to what it became, one of another kind now to where it is."""
    found = Entity.objects.select_related("merged_into").filter(kind=kind, slug=slug).first()
    if found is None or found.merged_into is not None:
        moved = found.root if found else formerly_at(kind, slug)
        if moved is None or moved.is_hidden:
            raise Http404
        answer = HttpResponsePermanentRedirect(moved.get_absolute_url())
        # A decision can be undone, and a browser that remembers both ways would run in a circle.
        add_never_cache_headers(answer)
        return answer
    if found.is_hidden:
        raise Http404
    reader = reader_of(request)
    counts = facet_counts(KeywordIn(_FIELDS[kind], (slug,)), "month", *EntityKind.values, reader=reader)
    articles = Article.objects.listed_for(reader).mentioning(found)
    oldest = request.GET.get("sort") == "oldest"
    page = Paginator(articles.oldest_first() if oldest else articles.latest_first(), ARTICLES).get_page(
        request.GET.get("page")
    )
    if not page.paginator.count:
        raise Http404("No article names it.")
    query = f'{OPERATORS[kind]}:"{found.name}"'
    context = {
        "entity": found,
        "plural": PLURALS[kind],
        "query": query,
        "speaker_query": f'speaker:"{found.name}"' if kind == EntityKind.PERSON else "",
        "feed_url": reverse(f"archive:feed-{'org' if kind == EntityKind.ORGANISATION else kind}", args=[slug]),
        "span": articles.aggregate(first=Min("published_on"), last=Max("published_on")),
        "spellings": dossier.spellings(found, reader),
        "roles": dossier.roles(found, reader) if kind == EntityKind.PERSON else [],
        "sureness": dossier.sureness(found, reader),
        "timeline": timeline(counts["month"], Brush(((str(kind), slug),))),
        "together": _together(found, counts, reader),
        "quotations": dossier.quotations(found, reader),
        "others": dossier.not_to_be_confused_with(found),
        "sort": "oldest" if oldest else "newest",
        "trail": urlencode({str(kind): slug, "sort": Sort.OLDEST if oldest else Sort.NEWEST, "copies": 1}),
        "page": page,
        "passages": dossier.where_named(found, page.object_list),
    }
    return render(request, "archive/name.html", context)


def _together(
    entity: Entity, counts: dict[str, dict[str, int]], reader: Reader
) -> list[tuple[str, list[tuple[Entity, int]]]]:
    """The names found with this one, by kind, those first that stand with it more often than chance would have it."""
    total = Article.objects.listed_for(reader).count()
    wanted = Q()
    for kind in EntityKind:
        most = sorted(counts[kind].items(), key=lambda item: -item[1])[:CANDIDATES]
        wanted |= Q(kind=kind, slug__in=[slug for slug, _ in most])
    rows: dict[str, list[tuple[float, Entity, int]]] = {kind: [] for kind in EntityKind.values}
    for other in Entity.objects.shown().filter(wanted).exclude(pk=entity.pk):
        here = counts[other.kind][other.slug]
        strength = association(here, entity.article_count, max(other.article_count, here), max(total, 1))
        if strength > 0:
            rows[other.kind].append((strength, other, here))
    return [
        (PLURALS[kind], [(other, here) for _, other, here in sorted(rows[kind], key=lambda row: -row[0])[:TOGETHER]])
        for kind in EntityKind
        if rows[kind]
    ]
