"""The search page: one box, one language, every answer explained."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from archive.access import reader_of
from archive.errors import IndexUnavailable
from archive.search.backends.base import FACETS, Filter
from archive.search.extent import extent
from archive.search.language import LANGUAGE
from archive.search.query import Sort
from archive.search.run import SearchAnswer, search
from archive.views.timeline import timeline

SHOWN_FACETS = ("person", "organisation", "place", "source", "year", "section", "language")
EXCLUDE = "not-"
NOT_FILTERS = ("q", "page", "sort")


def search_page(request: HttpRequest) -> HttpResponse:
    """Results of `q`, narrowed by facet parameters (`person=slug`, `not-source=slug`), sorted by `sort`."""
    text = request.GET.get("q", "")
    sort = Sort(request.GET["sort"]) if request.GET.get("sort") in set(Sort) else Sort.RELEVANCE
    filters, reader = chosen_filters(request.GET), reader_of(request)
    context: dict[str, Any] = {"q": text, "sorts": list(Sort), "sort": sort}
    if not text.strip() and not filters:
        return render(request, "archive/search_start.html", {**context, "extent": extent(reader), "language": LANGUAGE})
    try:
        answer = search(
            text, page=_page(request), sort=sort, filters=filters, facets=SHOWN_FACETS, months=True, reader=reader
        )
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {**context, "error": error}, status=503)
    context |= {
        "answer": answer,
        "timeline": timeline(answer.months, lambda value: _narrowed(request, value)),
        "extent": extent(reader),
        "chosen": [(name, one) for name, values in request.GET.lists() for one in values if name not in NOT_FILTERS],
        "chips": _chips(request, answer),
        "facets": _facet_links(request, answer),
        "export_styles": ("csv", "jsonl", "bib", "ris"),
        "previous_page": answer.page - 1,
        "next_page": answer.page + 1,
        "first_rank": (answer.page - 1) * answer.size + 1,
    }
    return render(request, "archive/search.html", context)


@dataclass(frozen=True, slots=True)
class ValueLink:
    """A facet value that is neither chosen nor excluded, and where choosing or excluding it leads."""

    label: str
    count: int
    choose_url: str
    exclude_url: str


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "archive/help.html", {"language": LANGUAGE, "here": "help"})


def chosen_filters(params: QueryDict) -> tuple[Filter, ...]:
    """The facet values chosen and excluded in a query string; unknown facets are ignored."""
    filters = []
    for facet in FACETS:
        for name, exclude in ((facet, False), (EXCLUDE + facet, True)):
            values = tuple(dict.fromkeys(params.getlist(name)))[:20]
            if values:
                filters.append(Filter(facet, values, exclude))
    return tuple(filters)


def _page(request: HttpRequest) -> int:
    page = request.GET.get("page", "1")
    return min(int(page), 1_000_000) if page.isascii() and page.isdigit() else 1


def _facet_links(request: HttpRequest, answer: SearchAnswer) -> list[tuple[str, list[ValueLink]]]:
    """(facet label, its values as links) for every facet that can still narrow the results."""
    shown = []
    for facet in answer.facets:
        links = [
            ValueLink(
                one.label,
                one.count,
                _with(request, facet.name, one.value),
                _with(request, EXCLUDE + facet.name, one.value),
            )
            for one in facet.values
            if not one.is_chosen and not one.is_excluded
        ]
        if links:
            shown.append((facet.label, links))
    return shown


def _with(request: HttpRequest, name: str, value: str) -> str:
    left = [(key, one) for key, values in request.GET.lists() for one in values if key != "page"]
    return "?" + urlencode([*left, (name, value)])


def _narrowed(request: HttpRequest, value: str) -> str:
    """The address of these results, of one month or year only."""
    left = [(key, one) for key, values in request.GET.lists() for one in values if key not in ("page", "month", "year")]
    return "?" + urlencode([*left, ("month" if "-" in value else "year", value)])


def _chips(request: HttpRequest, answer: SearchAnswer) -> list[tuple[str, str]]:
    """(what is chosen, the address without it) for every chosen or excluded facet value."""
    labels = {(facet.name, one.value): one.label for facet in answer.facets for one in facet.values}
    chips = []
    for chosen in answer.filters:
        name = (EXCLUDE if chosen.exclude else "") + chosen.facet
        for value in chosen.values:
            label = labels.get((chosen.facet, value), value or "unknown")
            left = [
                (key, each)
                for key, values in request.GET.lists()
                for each in values
                if key != "page" and (key, each) != (name, value)
            ]
            chips.append((f"not {label}" if chosen.exclude else label, "?" + urlencode(left)))
    return chips
