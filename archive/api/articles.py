"""Articles: the newest first, one whole, its versions, names, provenance and ledger."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from archive import models
from archive.access import reader_of
from archive.api import making, shapes
from archive.api.endpoint import get
from archive.api.paging import next_page, opened
from archive.api.parameters import ArticleQuestion, Ident, Paging
from archive.api.problems import NotThere
from archive.choices import ContentKind
from archive.keyset import in_time, seek
from archive.querysets import ArticleQuerySet
from archive.views.ledger import ledger
from archive.views.opening import open_article

router = Router(tags=["articles"])


@get(router, "/articles", shapes.Articles, summary="Articles, newest first, the undated last")
def list_articles(request: HttpRequest, response: HttpResponse, asked: Query[ArticleQuestion]) -> Any:
    listed = models.Article.objects.listed_for(reader_of(request))
    fields = {
        "source__slug": asked.source,
        "language": asked.language,
        "section": asked.section,
        "published_on__gte": asked.published_from,
        "published_on__lte": asked.published_to,
        "updated_at__gte": asked.updated_since,
    }
    return newest_page(request, response, listed.filter(**{name: v for name, v in fields.items() if v}), asked)


def newest_page(
    request: HttpRequest, response: HttpResponse, articles: ArticleQuerySet, asked: Paging
) -> shapes.Articles:
    """A page of any articles in the order of all our lists."""
    after = opened(request, asked.cursor)
    at = (datetime.fromisoformat(after[0]) if after[0] else None, after[1]) if after else None
    found = in_time(articles.select_related("source"), asked.limit + 1, at)
    last = found[asked.limit - 1] if len(found) > asked.limit else None
    ends = [last.published_at.isoformat() if last.published_at else None, last.pk] if last else None
    items = [making.brief(request, one) for one in found[: asked.limit]]
    return shapes.Articles(items=items, next=next_page(request, response, ends))


@get(router, "/articles/{article_id}", shapes.Article, errors=(410,), summary="One article, whole")
def one_article(request: HttpRequest, article_id: int = Ident) -> Any:
    return making.whole(request, shown(request, article_id, "source"))


@get(
    router,
    "/articles/{article_id}/versions",
    shapes.Versions,
    errors=(410,),
    summary="Its earlier texts, latest first",
)
def list_versions(request: HttpRequest, response: HttpResponse, asked: Query[Paging], article_id: int = Ident) -> Any:
    versions = shown(request, article_id).versions.all()
    found = list(seek(versions, ("-number",), opened(request, asked.cursor))[: asked.limit + 1])
    ends = [found[asked.limit - 1].number] if len(found) > asked.limit else None
    items = [making.version(request, one) for one in found[: asked.limit]]
    return shapes.Versions(items=items, next=next_page(request, response, ends))


@get(
    router,
    "/articles/{article_id}/entities",
    shapes.NamesInArticle,
    errors=(410,),
    summary="The names in it",
)
def names_in_article(request: HttpRequest, article_id: int = Ident) -> Any:
    mentions = shown(request, article_id).mentions.filter(entity__isnull=False).select_related("entity__merged_into")
    found: dict[int, shapes.NameInArticle] = {}
    for one in mentions.order_by("start"):
        assert one.entity is not None
        entity = one.entity.root
        if entity.is_hidden:
            continue
        if entity.pk not in found:
            found[entity.pk] = shapes.NameInArticle(**making.name_ref(request, entity).model_dump(), mentions=[])
        found[entity.pk].mentions.append(shapes.Span(start=one.start, end=one.end, text=one.text))
    return shapes.NamesInArticle(items=list(found.values()))


@get(
    router,
    "/articles/{article_id}/provenance",
    shapes.Provenance,
    errors=(410,),
    summary="The bytes it came from",
)
def provenance(request: HttpRequest, article_id: int = Ident) -> Any:
    article = shown(request, article_id, "raw__dump")
    raw = article.raw
    if raw is None:
        raise NotThere("This article came from no dump.")
    return shapes.Provenance(
        dump=raw.dump.name,
        sha256=raw.dump.sha256,
        member=raw.member,
        record=raw.number,
        line=raw.line,
        offset=raw.offset,
        length=raw.length,
        kind=ContentKind(raw.kind).value,
        run=article.run_id,
    )


@get(
    router,
    "/articles/{article_id}/ledger",
    shapes.Ledger,
    errors=(410,),
    summary="Every raw line, kept or removed",
)
def article_ledger(request: HttpRequest, article_id: int = Ident) -> Any:
    rows = ledger(shown(request, article_id, "raw__dump"))
    return shapes.Ledger(
        items=[
            shapes.LedgerLine(
                line=row.line,
                text=row.text,
                place=row.place,
                rule=row.rule,
                reason=row.reason,
                is_removed=row.is_removed,
            )
            for row in rows
        ]
    )


def shown(request: HttpRequest, article_id: int, *related: str) -> models.Article:
    """The article, if this reader may open it. Raises Gone or NotThere."""
    try:
        return open_article(request, article_id, *related)
    except Http404 as error:
        raise NotThere(str(error)) from error
