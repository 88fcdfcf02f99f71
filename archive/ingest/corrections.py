"""Corrections that staff make by hand: the old text stays citable, the index follows, names are sought anew."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from archive.choices import DecisionKind
from archive.ingest.entities import decisions
from archive.ingest.rows import version
from archive.models import Article, Entity, queue_for_index


@dataclass(frozen=True, slots=True)
class Correction:
    """The wanted state of the fields that staff may change."""

    title: str
    standfirst: str
    byline: tuple[str, ...]
    body: tuple[str, ...]
    section: str


def correct_article(article_id: int, wanted: Correction) -> Article:
    """Apply a correction; returns the article as it is now. Whatever it changes makes a new version.

    Mention offsets count in title and body, so a change of either takes the names away; they are sought anew by
    `find_names --missing`, which the caller queues.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article_id)
        if _state(article) != wanted:
            version(article).save()
            article.version += 1
        if (article.title, tuple(article.body)) != (wanted.title, wanted.body):
            article.title, article.body = wanted.title, list(wanted.body)
            article.word_count = sum(len(paragraph.split()) for paragraph in wanted.body)
            article.is_headline_only = not wanted.body
            article.named_at = None
            article.mentions.all().delete()
            article.quotations.all().delete()
        article.standfirst, article.byline = wanted.standfirst, list(wanted.byline)
        article.section = wanted.section
        article.save()
        queue_for_index([article.pk])
    return article


def _state(article: Article) -> Correction:
    return Correction(article.title, article.standfirst, tuple(article.byline), tuple(article.body), article.section)


def correct_entity(
    entity_id: int, *, name: str, is_hidden: bool, user: "AbstractBaseUser | AnonymousUser | None" = None
) -> Entity:
    """Rename an entity (its old name stays an alias) or hide it: as decisions, which later ingests obey."""
    with transaction.atomic():
        entity = Entity.objects.get(pk=entity_id)
        by = decisions.By(user if isinstance(user, AbstractBaseUser) else None, "in the admin")
        if name != entity.name:
            decisions.rename(entity, name, by)
        if is_hidden and not entity.is_hidden:
            decisions.hide(entity, by)
        elif entity.is_hidden and not is_hidden:
            for hidden in entity.decisions.filter(kind=DecisionKind.HIDE, undone_at=None):
                decisions.undo(hidden, by)
        entity.refresh_from_db()
    return entity
