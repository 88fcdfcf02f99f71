"""Named questions to the database, and the one predicate that says what belongs in the search index."""

from typing import TYPE_CHECKING, Any

from django.db import models

from archive.choices import Visibility

if TYPE_CHECKING:
    from archive.models import Article, Entity


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What readers may see."""
        return self.filter(visibility=Visibility.PUBLIC)

    def indexable(self) -> "ArticleQuerySet":
        """What belongs in the index: the same as `is_indexable`, asked of the database."""
        return self.published()

    def mentioning(self, entity: "Entity") -> "ArticleQuerySet":
        return self.filter(pk__in=entity.mentions.values("article_id"))

    def without_names(self) -> "ArticleQuerySet":
        """Articles whose names were never sought."""
        return self.filter(named_at__isnull=True)


def is_indexable(article: "Article") -> bool:
    """Whether the article belongs in the index: the same as `ArticleQuerySet.indexable`, asked of an object."""
    return bool(article.visibility == Visibility.PUBLIC)


class EntityQuerySet(models.QuerySet["Entity"]):
    def shown(self) -> "EntityQuerySet":
        """Entities that have a page of their own: neither merged away nor hidden, and named somewhere."""
        return self.filter(merged_into__isnull=True, is_hidden=False, article_count__gt=0)

    def of_kind(self, kind: Any) -> "EntityQuerySet":
        return self.filter(kind=kind)
