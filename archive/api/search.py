"""Search in the archive's own query language, with the same answer as the search page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from archive.access import reader_of
from archive.api import making, shapes
from archive.api.endpoint import get
from archive.api.paging import next_page, opened
from archive.api.parameters import SearchQuestion
from archive.models import Source
from archive.search.query import Sort
from archive.search.run import SearchAnswer, search
from archive.views.narrowing import chosen_filters
from archive.views.search import SHOWN_FACETS

router = Router(tags=["search"])


@get(router, "/search", shapes.SearchAnswer, errors=(503,), summary="Articles that a query finds")
def search_articles(request: HttpRequest, response: HttpResponse, asked: Query[SearchQuestion]) -> Any:
    # A page that was begun keeps its size: in orders of relevance the cursor counts in it.
    page, size, *rest = opened(request, asked.cursor) or (1, asked.limit)
    after = rest[0] if rest else ""
    answer = search(
        asked.q,
        page=page,
        size=size,
        sort=Sort(asked.sort),
        filters=chosen_filters(request.GET),
        facets=SHOWN_FACETS if asked.facets else (),
        after=after,
        reader=reader_of(request),
    )
    is_more = bool(answer.after) if answer.sort in (Sort.NEWEST, Sort.OLDEST) else answer.page < answer.pages
    ends = [page + 1, size, answer.after] if is_more else None
    return _shape(request, answer, next_page(request, response, ends))


def _shape(request: HttpRequest, answer: SearchAnswer, following: str | None) -> shapes.SearchAnswer:
    # A score weighs a word by all articles that have it: whoever may not know of some would learn it from there.
    hides_scores = Source.objects.hidden_from(reader_of(request)).exists()
    return shapes.SearchAnswer(
        query=answer.text,
        canonical=answer.canonical,
        understood_as=answer.understood_as,
        total=answer.total,
        sort=answer.sort.value,
        generation=answer.generation,
        notes=list(answer.notes),
        also_searched=list(answer.also_searched),
        suggestion=answer.suggestion,
        items=[
            shapes.Found(
                article=making.brief(request, hit.article),
                score=0.0 if hides_scores else hit.score,
                title_html=str(hit.title_html),
                snippet=str(hit.snippet_html),
            )
            for hit in answer.hits
        ],
        facets=[
            shapes.Facet(
                name=facet.name,
                values=[shapes.FacetValue(value=one.value, label=one.label, count=one.count) for one in facet.values],
            )
            for facet in answer.facets
        ],
        next=following,
    )
