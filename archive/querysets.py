"""Named questions to the database, and the one predicate that says what belongs in the search index."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from archive.access import ANYBODY, Reader
from archive.choices import UNLISTED, Visibility

if TYPE_CHECKING:
    from archive.models import Article, Entity, Source  # noqa: F401 -- Source stands in a string below


class ArticleQuerySet(models.QuerySet["Article"]):
    def listed_for(self, reader: Reader) -> "ArticleQuerySet":
        """What this reader meets in lists, counts, feeds and exports."""
        return self.indexable().exclude(source__in=_sources().hidden_from(reader))

    def readable_by(self, reader: Reader) -> "ArticleQuerySet":
        """What this reader may open at its own address: what is listed, and what is only kept out of lists."""
        shown = self.filter(visibility__in=[Visibility.PUBLIC, Visibility.DELISTED])
        return shown.exclude(source__in=_sources().hidden_from(reader))

    def published(self) -> "ArticleQuerySet":
        """What everybody meets in lists: for what has no reader, such as sitemaps and feeds."""
        return self.listed_for(ANYBODY)

    def kept_from(self, reader: Reader = ANYBODY) -> "ArticleQuerySet":
        """The few that are not listed for this reader: what counts leave out."""
        hidden = models.Q(visibility__in=UNLISTED) | models.Q(source__in=_sources().hidden_from(reader))
        return self.filter(hidden).order_by()

    def indexable(self) -> "ArticleQuerySet":
        """What belongs in the index: the same as `is_indexable`, asked of the database.

        Sources that are open to some readers only are indexed; search keeps them from the others (search/scope.py).
        """
        # Said as what it is not, so that the index on visibility is never taken for an ordered list of nearly all.
        return self.exclude(visibility__in=UNLISTED)

    def latest_first(self) -> "ArticleQuerySet":
        """Newest first, undated last, with what a list of articles shows."""
        return self.select_related("source").order_by(models.F("published_at").desc(nulls_last=True), "-pk")

    def published_in(self, year: int, month: int = 0, day: int = 0) -> "ArticleQuerySet":
        """Articles of a day, of a month (no day given) or of a year (no month given)."""
        last_month = month or 12
        last_day = day or calendar.monthrange(year, last_month)[1]
        return self.filter(
            published_on__gte=date(year, month or 1, day or 1), published_on__lte=date(year, last_month, last_day)
        )

    def day_before(self, day: date) -> date | None:
        """The last day before this one on which something was published."""
        found: date | None = self.filter(published_on__lt=day).aggregate(last=models.Max("published_on"))["last"]
        return found

    def day_after(self, day: date) -> date | None:
        """The first day after this one on which something was published."""
        found: date | None = self.filter(published_on__gt=day).aggregate(first=models.Min("published_on"))["first"]
        return found

    def mentioning(self, entity: "Entity") -> "ArticleQuerySet":
        return self.filter(pk__in=entity.mentions.values("article_id"))

    def without_names(self) -> "ArticleQuerySet":
        """Articles whose names were never sought, though there is a model for their language."""
        return self.filter(named_at__isnull=True, language__in=["", *settings.NAME_MODELS])


def is_indexable(article: "Article") -> bool:
    """Whether the article belongs in the index: the same as `ArticleQuerySet.indexable`, asked of an object."""
    return bool(article.visibility == Visibility.PUBLIC)


def seen_through(path: str, reader: Reader = ANYBODY) -> models.Q:
    """The same as `ArticleQuerySet.listed_for`, asked of rows that belong to an article by the relation `path`."""
    listed = ~models.Q(**{f"{path}__visibility__in": UNLISTED})
    return listed & ~models.Q(**{f"{path}__source__in": _sources().hidden_from(reader)})


class EntityQuerySet(models.QuerySet["Entity"]):
    def shown(self, reader: Reader = ANYBODY) -> "EntityQuerySet":
        """Entities that have a page of their own: neither merged away nor hidden, and named somewhere for this reader.

        Their counts are of what everybody may read.
        """
        from archive.models import Mention

        named = models.Q(article_count__gt=0)
        if reader.groups or reader.sees_every_source:
            closed = _sources().filter(only_for__isnull=False).readable_by(reader)
            mentions = Mention.objects.filter(article__source__in=closed).exclude(article__visibility__in=UNLISTED)
            named |= models.Q(pk__in=mentions.order_by().values("entity"))
        return self.filter(named, merged_into__isnull=True, is_hidden=False)

    def most_named(self) -> "EntityQuerySet":
        return self.order_by("-article_count", "sort_name", "pk")

    def called(self, key: str) -> "EntityQuerySet":
        """Entities with a word of their name, or of an alias, that begins so; `key` is a `text.name_key`."""
        # The aliases apart, once: joined, few matches would be sought through all names and the aliases of each.
        from archive.models import EntityAlias

        begins = models.Q(key__startswith=key) | models.Q(key__contains=f" {key}")
        return self.filter(pk__in=EntityAlias.objects.filter(begins).order_by().values("entity"))

    def with_all_merged(self, ids: Iterable[int]) -> set[int]:
        """These entities and all that became them, through however many merges, by their numbers."""
        found: set[int] = set()
        fresh = set(ids)
        while fresh:
            found |= fresh
            fresh = {*self.filter(merged_into__in=fresh).order_by().values_list("pk", flat=True)} - found
        return found

    def of_kind(self, kind: Any) -> "EntityQuerySet":
        return self.filter(kind=kind)


def _sources() -> "SourceQuerySet":
    from archive.models import Source

    return Source.objects.all()


class SourceQuerySet(models.QuerySet["Source"]):
    def hidden_from(self, reader: Reader) -> "SourceQuerySet":
        """Sources open only to groups that this reader is not in."""
        restricted = self.none() if reader.sees_every_source else self.filter(only_for__isnull=False).order_by()
        # Every page asks this many times, nearly always for one who is in no group.
        return restricted.exclude(only_for__in=reader.groups) if reader.groups else restricted

    def readable_by(self, reader: Reader) -> "SourceQuerySet":
        return self.exclude(pk__in=_sources().hidden_from(reader))

    def with_counts(self, reader: Reader = ANYBODY, *, largest_first: bool = False) -> "SourceQuerySet":
        """Sources that have articles to show, with their number as `articles_shown`; by name, or the largest first."""
        shown = models.Count("articles", filter=~models.Q(articles__visibility__in=UNLISTED))
        order = ["-articles_shown"] if largest_first else []
        counted: SourceQuerySet = self.readable_by(reader).annotate(articles_shown=shown).filter(articles_shown__gt=0)
        return counted.order_by(*order, "name", "pk")
