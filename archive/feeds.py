"""Atom feeds: the latest of the archive, of a search, of a name, of a source, and what was changed."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from archive.access import ANYBODY
from archive.choices import EntityKind
from archive.errors import IndexUnavailable
from archive.models import Article, Entity, Source
from archive.search.query import Sort
from archive.search.run import search
from archive.text import xml_text

ENTRIES = 50


class ArticleFeed(Feed[Article, Any]):
    """What all feeds share: stable ids, the day of publication, and `updated` true to the article's last change."""

    feed_type = Atom1Feed
    title = "Newsroom Archive: latest articles"
    link = "/"

    def items(self, obj: Any) -> Any:
        return Article.objects.published().latest_first()[:ENTRIES]

    def item_title(self, item: Article) -> str:
        return xml_text(str(item))

    def item_description(self, item: Article) -> str:
        return xml_text(item.standfirst or (item.body[0] if item.body else ""))

    def item_link(self, item: Article) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: Article) -> str:
        # The address without the words of the headline, which may change.
        return f"urn:newsroom-archive:article:{item.pk}"

    def item_pubdate(self, item: Article) -> Any:
        return item.published_at

    def item_updateddate(self, item: Article) -> Any:
        return item.updated_at

    def item_author_name(self, item: Article) -> str:
        return xml_text(", ".join(item.byline) or item.source.name)


class SourceFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Source:
        return get_object_or_404(Source.objects.readable_by(ANYBODY), slug=slug)

    def title(self, obj: Source) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(f"Newsroom Archive: {obj.name}")

    def link(self, obj: Source) -> str:  # type: ignore[override]  # likewise
        return obj.get_absolute_url()

    def items(self, obj: Source) -> QuerySet[Article]:
        return Article.objects.published().filter(source=obj).latest_first()[:ENTRIES]


class NameFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, kind: EntityKind, slug: str) -> Entity:
        return get_object_or_404(Entity.objects.shown(), kind=kind, slug=slug)

    def title(self, obj: Entity) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(f"Newsroom Archive: {obj.name}")

    def link(self, obj: Entity) -> str:  # type: ignore[override]  # likewise
        return obj.get_absolute_url()

    def items(self, obj: Entity) -> QuerySet[Article]:
        return Article.objects.published().mentioning(obj).latest_first()[:ENTRIES]


class SearchFeed(ArticleFeed):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except IndexUnavailable as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")

    def get_object(self, request: HttpRequest) -> str:
        return request.GET.get("q", "")

    def title(self, obj: str) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(f"Newsroom Archive: {obj}")

    def link(self, obj: str) -> str:  # type: ignore[override]  # likewise
        return f"{reverse('archive:search')}?{urlencode({'q': obj})}"

    def items(self, obj: str) -> list[Article]:
        return [hit.article for hit in search(obj, size=ENTRIES, sort=Sort.NEWEST).hits]


class ChangedFeed(ArticleFeed):
    title = "Newsroom Archive: changed articles"

    def items(self, obj: Any) -> QuerySet[Article]:
        changed = Article.objects.published().filter(version__gt=1).select_related("source")
        return changed.order_by("-updated_at", "-pk")[:ENTRIES]
