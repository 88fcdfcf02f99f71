"""The search page: one box, one language, every answer explained."""

from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from archive.access import Reader, reader_of
from archive.choices import EntityKind
from archive.errors import IndexUnavailable
from archive.models import Entity, EntityAlias
from archive.search.backends.base import FACETS
from archive.search.extent import extent
from archive.search.filters import DATE_FACETS, EXCLUDE, UNKNOWN
from archive.search.language import LANGUAGE
from archive.search.query import Sort
from archive.search.run import SearchAnswer, search
from archive.text import name_key
from archive.views.metrics import time_search
from archive.views.narrowing import Pairs, chosen_filters, chosen_sort, only_month, pairs, span_label, without
from archive.views.timeline import Brush, timeline

SHOWN_FACETS = ("person", "organisation", "place", "source", "year", "section", "language")
LONGEST_NAME, SHOWN_ENTITIES = 100, 6
SHOWN_VALUES, MOST_VALUES = 20, 500
"""Values of a facet that are listed, and with `more` in the address."""
KEPT_BACK, FIRST = 20, "first"
"""Pages of an order of date that can be gone back through just as they were."""
_VALUE = (
    '<li><a href="{}{}"><span>{}</span><span class="count">{}</span></a>'
    '<a class="without" href="{}{}" aria-label="without {}" title="without {}">−</a></li>'
)
SORT_LABELS = {
    Sort.RELEVANCE: "relevance",
    Sort.FRESH: "relevance, the newer a little more",
    Sort.NEWEST: "newest",
    Sort.OLDEST: "oldest",
}


def search_page(request: HttpRequest) -> HttpResponse:
    """Results of `q`, narrowed by facet parameters (`person=slug`, `not-source=slug`), sorted by `sort`.

    Nearly the same texts are listed as one story, with `copies=1` each by itself. `page` counts from 1; in orders of
    date `after` says where the page begins, so that what is ingested meanwhile moves nothing, and `back` where
    those before it began. `more` names the facets whose values are all listed.
    """
    text = request.GET.get("q", "")
    sort = chosen_sort(request.GET)
    left, filters, reader = pairs(request.GET), chosen_filters(request.GET), reader_of(request)
    more = frozenset(request.GET.getlist("more")) & frozenset(SHOWN_FACETS)
    began = [one for one in request.GET.get("back", "")[:2_000].split(",") if one][-KEPT_BACK:]
    context: dict[str, Any] = {"q": text, "sorts": SORT_LABELS.items(), "sort": sort}
    if not text.strip() and not filters:
        return render(request, "archive/search_start.html", {**context, "extent": extent(reader), "language": LANGUAGE})
    try:
        answer = search(
            text,
            page=_page(request),
            sort=sort,
            filters=filters,
            facets=SHOWN_FACETS,
            facet_limit=MOST_VALUES if more else SHOWN_VALUES + 1,
            months=True,
            days=bool(only_month(left)),
            collapse=request.GET.get("copies") != "1",
            after=request.GET.get("after", ""),
            reader=reader,
        )
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {**context, "error": error}, status=503)
    time_search(answer)
    context |= {
        "answer": answer,
        "entities": answer.entities or _called(text, reader),
        "timeline": timeline(answer.months, Brush(tuple(left))),
        "days": timeline(answer.days, Brush(tuple(left))),
        "extent": extent(reader, answer.generation),
        "chosen": without(left, "q", "sort", "copies"),
        "chips": _chips(left, answer),
        "facets": _facet_links(left, answer, more),
        "trail": urlencode(left),
        "export_styles": ("csv", "jsonl", "bib", "ris"),
        "previous_page": answer.page - 1,
        "next_page": answer.page + 1,
        "next_after": answer.after or None,
        "next_back": ",".join([*began, request.GET.get("after") or FIRST][-KEPT_BACK:]) if answer.after else None,
        "previous_after": began[-1] if began and began[-1] != FIRST else None,
        "previous_back": ",".join(began[:-1]) or None,
        "first_rank": (answer.page - 1) * answer.size + 1,
    }
    return render(request, "archive/search.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "archive/help.html", {"language": LANGUAGE, "here": "help"})


def _called(text: str, reader: Reader) -> list[Entity]:
    """Who or what is called just as the query says: their pages are offered beside the results."""
    key = name_key(text)
    if not key or len(key) > LONGEST_NAME:
        return []
    aliases = EntityAlias.objects.filter(kind__in=EntityKind.values, key=key)
    return list(Entity.objects.shown(reader).filter(pk__in=aliases.values("entity")).most_named()[:SHOWN_ENTITIES])


def _page(request: HttpRequest) -> int:
    page = request.GET.get("page", "1")
    return min(int(page), 1_000_000) if page.isascii() and page.isdigit() else 1


def _facet_links(left: Pairs, answer: SearchAnswer, more: frozenset[str]) -> list[tuple[str, str, SafeString, str]]:
    """For every facet that can still narrow: its name, label, values as list items that choose and exclude them,
    and the address that lists more of them, empty if all are.
    """
    before = f"?{urlencode(left)}&" if left else "?"
    shown = []
    for facet in answer.facets:
        chosen, excluded = f"{before}{facet.name}=", f"{before}{EXCLUDE}{facet.name}="
        limit = MOST_VALUES if facet.name in more else SHOWN_VALUES
        rows = [
            (chosen, value, one.label, f"{one.count:,}", excluded, value, one.label, one.label)
            for one in facet.values[:limit]
            if not one.is_chosen and not one.is_excluded
            for value in [quote_plus(one.value)]
        ]
        if rows:
            is_cut = facet.name not in more and len(facet.values) > limit
            link = f"{before}{urlencode([('more', facet.name)])}#facet-{facet.name}" if is_cut else ""
            shown.append((facet.name, facet.label, format_html_join("", _VALUE, rows), link))
    return shown


def _chips(left: Pairs, answer: SearchAnswer) -> list[tuple[str, str]]:
    """(what is chosen, the address without it) for every chosen or excluded facet value."""
    labels = {(facet.name, one.value): one.label for facet in answer.facets for one in facet.values}
    chips = []
    for name, value in left:
        facet = name.removeprefix(EXCLUDE)
        if facet not in FACETS:
            continue
        label = span_label(value) if facet in DATE_FACETS else labels.get((facet, value), value or UNKNOWN)
        others = [pair for pair in left if pair != (name, value)]
        chips.append((f"not {label}" if name != facet else label, "?" + urlencode(others)))
    return chips
