"""Atom feeds: the latest of the archive, of a search, of a name, of a source, and what was changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from archive.access import ANYBODY
from archive.choices import EntityKind
from archive.errors import IndexUnavailable
from archive.models import Article, ArticleVersion, Entity, Source
from archive.search.filters import in_words, written
from archive.search.matched import matched_words
from archive.search.query import Sort
from archive.search.run import search
from archive.text import xml_text
from archive.views.names import became, moved_to
from archive.views.narrowing import chosen_filters

ENTRIES = 50
_OF_NAMES = {
    EntityKind.PERSON: "archive:feed-person",
    EntityKind.ORGANISATION: "archive:feed-org",
    EntityKind.PLACE: "archive:feed-place",
}


class StableAtom(Atom1Feed):
    """An empty feed was last updated long ago, not just now, or it would never be "not modified"."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    article: Article
    since: datetime
    """When its present text came: no other change of what is stored makes an entry new."""
    matched: tuple[str, ...] = ()
    """Words that a followed search found."""


class ArticleFeed(Feed[Entry, Any]):
    """What all feeds share: stable ids, the day of publication, and `updated` true to the article's version."""

    feed_type = StableAtom
    title = "Newsroom Archive: latest articles"
    link = "/"

    def articles(self, obj: Any) -> Iterable[Article]:
        """Which articles the feed is of, in its order."""
        return Article.objects.published().latest_first()[:ENTRIES]

    def items(self, obj: Any) -> list[Entry]:
        return entries((article, ()) for article in self.articles(obj))

    def item_title(self, item: Entry) -> str:
        return xml_text(str(item.article))

    def item_description(self, item: Entry) -> str:
        article = item.article
        said = article.standfirst or (article.body[0] if article.body else "")
        return xml_text(f"{said} (Found by: {', '.join(item.matched)}.)" if item.matched else said)

    def item_link(self, item: Entry) -> str:
        return item.article.get_absolute_url()

    def item_guid(self, item: Entry) -> str:
        # The address without the words of the headline, which may change.
        return f"urn:newsroom-archive:article:{item.article.pk}"

    def item_pubdate(self, item: Entry) -> Any:
        return item.article.published_at

    def item_updateddate(self, item: Entry) -> Any:
        return item.since

    def item_author_name(self, item: Entry) -> str:
        return xml_text(", ".join(item.article.byline) or item.article.source.name)


def entries(found: Iterable[tuple[Article, tuple[str, ...]]]) -> list[Entry]:
    """Articles, and the words by which they were found, as entries; one query for all."""
    pairs = list(found)
    times = ArticleVersion.objects.filter(article__in=[article.pk for article, _ in pairs]).order_by("article")
    replaced = dict(times.values("article").annotate(last=Max("replaced_at")).values_list("article", "last"))
    return [Entry(article, replaced.get(article.pk, article.created_at), words) for article, words in pairs]


class SourceFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Source:
        return get_object_or_404(Source.objects.readable_by(ANYBODY), slug=slug)

    def title(self, obj: Source) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(f"Newsroom Archive: {obj.name}")

    def link(self, obj: Source) -> str:  # type: ignore[override]  # likewise
        return obj.get_absolute_url()

    def articles(self, obj: Source) -> QuerySet[Article]:
        return Article.objects.published().filter(source=obj).latest_first()[:ENTRIES]


class NameFeed(ArticleFeed):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except Http404:
            if moved := became(kwargs["kind"], kwargs["slug"], ANYBODY):
                return moved_to(reverse(_OF_NAMES[EntityKind(moved.kind)], args=[moved.slug]))
            raise

    def get_object(self, request: HttpRequest, kind: EntityKind, slug: str) -> Entity:
        return get_object_or_404(Entity.objects.shown(), kind=kind, slug=slug)

    def title(self, obj: Entity) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(f"Newsroom Archive: {obj.name}")

    def link(self, obj: Entity) -> str:  # type: ignore[override]  # likewise
        return obj.get_absolute_url()

    def articles(self, obj: Entity) -> QuerySet[Article]:
        return Article.objects.published().mentioning(obj).latest_first()[:ENTRIES]


class SearchFeed(ArticleFeed):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except IndexUnavailable as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")

    def get_object(self, request: HttpRequest) -> QueryDict:
        return request.GET

    def title(self, obj: QueryDict) -> str:  # type: ignore[override]  # Django takes a method as well
        return xml_text(
            "Newsroom Archive: " + "; ".join(filter(None, [obj.get("q", ""), *in_words(chosen_filters(obj))]))
        )

    def link(self, obj: QueryDict) -> str:  # type: ignore[override]  # likewise
        return f"{reverse('archive:search')}?{search_params(obj)}"

    def items(self, obj: QueryDict) -> list[Entry]:
        answer = search(obj.get("q", ""), size=ENTRIES, sort=Sort.NEWEST, filters=chosen_filters(obj))
        return entries((hit.article, matched_words(hit)) for hit in answer.hits)


def search_params(params: QueryDict) -> str:
    """What of a query string says which articles are meant: the query and the filters, neither page nor order."""
    return urlencode([("q", params.get("q", "")), *written(chosen_filters(params))])


class ChangedFeed(ArticleFeed):
    title = "Newsroom Archive: changed articles"

    def articles(self, obj: Any) -> QuerySet[Article]:
        changed = Article.objects.published().filter(version__gt=1).select_related("source")
        return changed.order_by("-updated_at", "-pk")[:ENTRIES]
