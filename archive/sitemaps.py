"""Every public page of the archive as sitemaps, and the last two days' articles as a news sitemap (sitemaps.org)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.utils import timezone

from archive.models import Article, Entity, Source
from archive.text import xml_text

# A news sitemap holds two days and at most 1,000 articles (Google's "News sitemap" documentation).
NEWS_DAYS, NEWS_MOST = 2, 1_000


class ArticleSitemap(Sitemap[Article]):
    limit = 10_000

    def items(self) -> QuerySet[Article]:
        return Article.objects.published().only("title", "updated_at").order_by("pk")

    def lastmod(self, item: Article) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database: Django's own way loads every article."""
        latest: datetime | None = Article.objects.published().aggregate(latest=Max("updated_at"))["latest"]
        return latest


class NameSitemap(Sitemap[Entity]):
    limit = 10_000

    def items(self) -> QuerySet[Entity]:
        return Entity.objects.shown().only("kind", "slug").order_by("pk")


class SourceSitemap(Sitemap[Source]):
    limit = 10_000

    def items(self) -> QuerySet[Source]:
        return Source.objects.with_counts()


@dataclass(frozen=True, slots=True)
class NewsItem:
    """What a news sitemap says of an article, in characters that XML can hold."""

    address: str
    title: str
    source: str
    language: str
    published_at: datetime

    def get_absolute_url(self) -> str:
        return self.address


class NewsSitemap(Sitemap[NewsItem]):
    limit = NEWS_MOST

    def items(self) -> list[NewsItem]:
        since = timezone.now() - timedelta(days=NEWS_DAYS)
        fresh = Article.objects.published().latest_first().filter(published_at__gte=since)[:NEWS_MOST]
        return [
            NewsItem(one.get_absolute_url(), xml_text(str(one)), xml_text(one.source.name), one.language, at)
            for one in fresh
            if (at := one.published_at)
        ]


SITEMAPS = {"articles": ArticleSitemap, "names": NameSitemap, "sources": SourceSitemap}
NEWS_SITEMAPS = {"news": NewsSitemap}
