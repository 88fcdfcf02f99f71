"""People, organisations and places: their lists, and a page for each name."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from archive.access import Reader, reader_of
from archive.choices import EntityKind
from archive.ingest.entities.decisions import formerly_at
from archive.keyset import leaf, leaf_of
from archive.models import Article, Entity
from archive.search.backends.view import view
from archive.search.extent import size
from archive.search.query import Keyword, KeywordIn, Sort
from archive.text import name_key
from archive.views import dossier
from archive.views.article_list import article_list
from archive.views.counts import association, facet_counts
from archive.views.narrowing import ends
from archive.views.rising import rising
from archive.views.timeline import Brush, timeline

PER_PAGE, TOGETHER, CANDIDATES = 120, 12, 100
PLURALS = {EntityKind.PERSON: "people", EntityKind.ORGANISATION: "organisations", EntityKind.PLACE: "places"}
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
    found = Entity.objects.shown(reader_of(request)).of_kind(kind)
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


def became(kind: EntityKind, slug: str, reader: Reader) -> Entity | None:
    """What a name that was merged, or is of another kind now, is today, if this reader may know of it."""
    found = Entity.objects.select_related("merged_into").filter(kind=kind, slug=slug).first()
    if found is not None and found.merged_into is None:
        return None
    moved = found.root if found else formerly_at(kind, slug)
    if moved is None or moved.is_hidden or not Article.objects.listed_for(reader).mentioning(moved).exists():
        return None
    return moved


def moved_to(url: str) -> HttpResponse:
    """A decision can be undone, and a browser that remembers both ways would run in a circle."""
    answer = HttpResponsePermanentRedirect(url)
    add_never_cache_headers(answer)
    return answer


def name(request: HttpRequest, kind: EntityKind, slug: str) -> HttpResponse:
    """Everything on one name. A merged one redirects to what it became, one of another kind now to where it is."""
    reader = reader_of(request)
    if moved := became(kind, slug, reader):
        return moved_to(moved.get_absolute_url())
    found = Entity.objects.filter(kind=kind, slug=slug, merged_into=None, is_hidden=False).first()
    if found is None:
        raise Http404
    seen = view(reader)
    counts = facet_counts(KeywordIn(_FIELDS[kind], (slug,)), "month", *EntityKind.values, limit=CANDIDATES, seen=seen)
    articles = Article.objects.listed_for(reader).mentioning(found)
    oldest = request.GET.get("sort") == "oldest"
    summary = dossier.summary(found, reader)
    if not summary.articles:
        raise Http404("No article names it.")
    listed = article_list(request, articles, summary.articles, oldest=oldest)
    context = {
        "entity": found,
        "plural": PLURALS[kind],
        "within": [(str(kind), slug)],
        "speaker_query": f'speaker:"{found.name}"' if kind == EntityKind.PERSON else "",
        "feed_url": reverse(f"archive:feed-{'org' if kind == EntityKind.ORGANISATION else kind}", args=[slug]),
        "span": summary,
        "spellings": summary.spellings,
        "roles": summary.roles if kind == EntityKind.PERSON else [],
        "sureness": summary.sureness,
        "timeline": timeline(counts["month"], Brush(((str(kind), slug),))),
        "together": _together(found, counts, max(size(seen), 1)),
        "quotations": dossier.quotations(found, reader),
        "others": dossier.not_to_be_confused_with(found),
        "sort": "oldest" if oldest else "newest",
        "trail": urlencode({str(kind): slug, "sort": Sort.OLDEST if oldest else Sort.NEWEST, "copies": 1}),
        **listed,
        "passages": dossier.where_named(found, listed["leaf"].rows),
    }
    return render(request, "archive/name.html", context)


@dataclass(frozen=True, slots=True)
class Companion:
    """A name found with another, and in how many articles."""

    name: str
    url: str
    articles: int


def _together(entity: Entity, counts: dict[str, dict[str, int]], total: int) -> list[tuple[str, list[Companion]]]:
    """The names found with this one, by kind, those first that stand with it more often than chance would have it."""
    most = {(kind.value, slug): here for kind in EntityKind for slug, here in counts[kind].items()}
    strengths: dict[str, list[tuple[float, int, str, str, int]]] = {kind: [] for kind in EntityKind.values}
    # Not asked for `shown`: SQLite would take what it filters by for the way in, and go through all names there are.
    others = Entity.objects.filter(slug__in={slug for _, slug in most}).exclude(pk=entity.pk).order_by()
    columns = ("pk", "kind", "slug", "name", "article_count", "merged_into_id", "is_hidden")
    for pk, kind, slug, name, everywhere, merged_into, is_hidden in others.values_list(*columns):
        here = most.get((kind, slug), 0)
        if not here or not everywhere or merged_into or is_hidden:
            continue
        strength = association(here, entity.article_count, max(everywhere, here), total)
        if strength > 0:
            strengths[kind].append((-strength, pk, slug, name, here))
    found = []
    for kind in EntityKind:
        best = sorted(strengths[kind])[:TOGETHER]
        shown = [Companion(name, reverse(f"archive:{kind}", args=[slug]), here) for _, _, slug, name, here in best]
        if shown:
            found.append((PLURALS[kind], shown))
    return found
