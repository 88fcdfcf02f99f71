"""Sources that have articles to show, and how many."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from archive import models
from archive.access import reader_of
from archive.api import making, shapes
from archive.api.endpoint import get
from archive.api.paging import next_page, opened
from archive.api.parameters import Paging, SlugInPath
from archive.api.problems import NotThere
from archive.keyset import seek

router = Router(tags=["sources"])


@get(router, "/sources", shapes.Sources, summary="Sources by name")
def list_sources(request: HttpRequest, response: HttpResponse, asked: Query[Paging]) -> Any:
    counted = models.Source.objects.with_counts(reader_of(request))
    rows = list(seek(counted, ("name", "pk"), opened(request, asked.cursor))[: asked.limit + 1])
    ends = [rows[asked.limit - 1].name, rows[asked.limit - 1].pk] if len(rows) > asked.limit else None
    items = [making.source(request, one) for one in rows[: asked.limit]]
    return shapes.Sources(items=items, next=next_page(request, response, ends))


@get(router, "/sources/{slug}", shapes.Source, summary="One source")
def one_source(request: HttpRequest, slug: str = SlugInPath) -> Any:
    found = models.Source.objects.with_counts(reader_of(request)).filter(slug=slug).first()
    if found is None:
        raise NotThere(f"There is no source {slug}.")
    return making.source(request, found)
