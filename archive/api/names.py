"""People, organisations and places: the most named first, one, its articles, what it said."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from archive import models
from archive.access import reader_of
from archive.api import making, shapes
from archive.api.articles import newest_page
from archive.api.endpoint import get
from archive.api.paging import next_page, opened
from archive.api.parameters import KindInPath, NameQuestion, Paging, SlugInPath
from archive.api.problems import NotThere
from archive.keyset import seek
from archive.querysets import seen_through
from archive.text import name_key

router = Router(tags=["entities"])
ALIASES = 100
ORDERS = {"count": ("-article_count", "sort_name", "pk"), "name": ("sort_name", "pk")}


@get(router, "/entities", shapes.Names, summary="Names, the most named first or by name")
def list_entities(request: HttpRequest, response: HttpResponse, asked: Query[NameQuestion]) -> Any:
    found = models.Entity.objects.shown(reader_of(request))
    if asked.kind:
        found = found.of_kind(asked.kind)
    if asked.name:
        found = found.called(name_key(asked.name))
    order = ORDERS[asked.sort]
    rows = list(seek(found, order, opened(request, asked.cursor))[: asked.limit + 1])
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    ends = [getattr(last, field.removeprefix("-")) for field in order] if last else None
    items = [making.name(request, one) for one in rows[: asked.limit]]
    return shapes.Names(items=items, next=next_page(request, response, ends))


@get(router, "/entities/{kind}/{slug}", shapes.NameWhole, summary="One name and its other spellings")
def one_entity(request: HttpRequest, kind: shapes.Kind = KindInPath, slug: str = SlugInPath) -> Any:
    entity = shown(request, kind, slug)
    seen = entity.mentions.filter(seen_through("article", reader_of(request))).order_by().values("key")
    aliases = entity.aliases.exclude(name=entity.name).filter(key__in=seen).values_list("name", flat=True)[:ALIASES]
    return shapes.NameWhole(**making.name(request, entity).model_dump(), aliases=list(aliases))


@get(router, "/entities/{kind}/{slug}/articles", shapes.Articles, summary="The articles that name it, newest first")
def entity_articles(
    request: HttpRequest,
    response: HttpResponse,
    asked: Query[Paging],
    kind: shapes.Kind = KindInPath,
    slug: str = SlugInPath,
) -> Any:
    named = models.Article.objects.listed_for(reader_of(request)).mentioning(shown(request, kind, slug))
    return newest_page(request, response, named, asked)


@get(router, "/entities/{kind}/{slug}/quotes", shapes.Quotes, summary="What it said, in the order it was stored")
def entity_quotes(
    request: HttpRequest,
    response: HttpResponse,
    asked: Query[Paging],
    kind: shapes.Kind = KindInPath,
    slug: str = SlugInPath,
) -> Any:
    said = shown(request, kind, slug).quotations.filter(seen_through("article", reader_of(request)))
    rows = list(
        seek(said.select_related("article__source"), ("-pk",), opened(request, asked.cursor))[: asked.limit + 1]
    )
    ends = [rows[asked.limit - 1].pk] if len(rows) > asked.limit else None
    items = [
        shapes.Quote(text=one.text, start=one.start, end=one.end, article=making.brief(request, one.article))
        for one in rows[: asked.limit]
    ]
    return shapes.Quotes(items=items, next=next_page(request, response, ends))


def shown(request: HttpRequest, kind: str, slug: str) -> models.Entity:
    """The name; one that was merged away is what it became. Raises NotThere where this reader meets it nowhere."""
    found = models.Entity.objects.select_related("merged_into").filter(kind=kind, slug=slug).first()
    found = found.root if found else None
    if (
        found is None
        or found.is_hidden
        or not models.Article.objects.listed_for(reader_of(request)).mentioning(found).exists()
    ):
        raise NotThere(f"There is no {kind} {slug}.")
    return found
