"""People, organisations and places: their lists, and a page for each name."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from archive.choices import EntityKind
from archive.models import Article, Entity
from archive.search.query import Keyword, KeywordIn
from archive.text import name_key
from archive.views.counts import association, facet_counts
from archive.views.timeline import search_url, timeline

PER_PAGE, ARTICLES, TOGETHER, CANDIDATES = 120, 30, 12, 100
PLURALS = {EntityKind.PERSON: "people", EntityKind.ORGANISATION: "organisations", EntityKind.PLACE: "places"}
OPERATORS = {EntityKind.PERSON: "person", EntityKind.ORGANISATION: "org", EntityKind.PLACE: "place"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIELDS = {
    EntityKind.PERSON: Keyword.PERSON,
    EntityKind.ORGANISATION: Keyword.ORGANISATION,
    EntityKind.PLACE: Keyword.PLACE,
}


def names(request: HttpRequest, kind: EntityKind) -> HttpResponse:
    """All names of a kind: by count or by letter, narrowed by a box."""
    found = Entity.objects.shown().of_kind(kind)
    letter = request.GET.get("letter", "").upper()[:1]
    wanted = request.GET.get("filter", "").strip()[:100]
    if wanted:
        found = found.called(name_key(wanted))
    if letter in LETTERS and letter:
        found = found.filter(sort_name__istartswith=letter).order_by("sort_name", "pk")
    elif request.GET.get("sort") == "name":
        found = found.order_by("sort_name", "pk")
    else:
        found = found.most_named()
    context = {
        "kind": kind,
        "plural": PLURALS[kind],
        "letters": LETTERS,
        "letter": letter,
        "filter": wanted,
        "sort": "name" if letter or request.GET.get("sort") == "name" else "count",
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "archive/names.html", context)


def name(request: HttpRequest, kind: EntityKind, slug: str) -> HttpResponse:
    """Everything on one name. A merged one redirects to what it became."""
    found = get_object_or_404(Entity.objects.select_related("merged_into"), kind=kind, slug=slug, is_hidden=False)
    if found.merged_into:
        return HttpResponsePermanentRedirect(found.merged_into.get_absolute_url())
    root = KeywordIn(_FIELDS[kind], (slug,))
    counts = facet_counts(root, "month", *EntityKind.values)
    articles = Article.objects.published().mentioning(found).latest_first()
    context = {
        "entity": found,
        "plural": PLURALS[kind],
        "operator": OPERATORS[kind],
        "feed_url": reverse(f"archive:feed-{'org' if kind == EntityKind.ORGANISATION else kind}", args=[slug]),
        "aliases": found.aliases.exclude(name=found.name).values_list("name", flat=True)[:40],
        "timeline": timeline(counts["month"], search_url(f'{OPERATORS[kind]}:"{found.name}"')),
        "together": _together(found, counts),
        "quotations": _quotations(found) if kind == EntityKind.PERSON else [],
        "page": Paginator(articles, ARTICLES).get_page(request.GET.get("page")),
    }
    return render(request, "archive/name.html", context)


def _together(entity: Entity, counts: dict[str, dict[str, int]]) -> list[tuple[str, list[tuple[Entity, int]]]]:
    """The names found with this one, by kind, those first that stand with it more often than chance would have it."""
    total = Article.objects.published().count()
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


def _quotations(entity: Entity) -> Any:
    return (
        entity.quotations.filter(article__visibility="public")
        .select_related("article__source")
        .order_by("-article__published_at", "article", "start")[:10]
    )
