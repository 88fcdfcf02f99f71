"""Takedowns that a backup does not know, done again after it was restored: what was erased stays erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from archive.audit import record
from archive.choices import Act, Degree, Visibility
from archive.ingest.takedown import carry_out
from archive.ingest.withheld import of_row
from archive.models import Article, Source, Takedown, WithheldText


@dataclass(frozen=True, slots=True)
class Carried:
    """One standing takedown, with the hashes by which its text is known, out of the archive that is restored over."""

    takedown: Takedown
    article: int
    stored_at: datetime
    """When the article was first stored: with its id it tells that it is the same one."""
    source: tuple[str, str]
    withheld: tuple[WithheldText, ...]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of them: how many were done again, and the articles of those that the backup does not hold."""

    again: int = 0
    missing: tuple[int, ...] = ()
    is_known: bool = True
    """False where the archive that was here could not be asked."""


NOTHING = CarriedOver()


def standing() -> list[Carried] | None:
    """All takedowns that stand here, before something else takes the database's place; None if it cannot be read."""
    try:
        if Takedown._meta.db_table not in connection.introspection.table_names():
            return []
        rows = Takedown.objects.filter(ended_at=None).order_by("pk")
        return [
            Carried(
                one,
                one.article_id,
                one.article.created_at,
                (one.article.source.slug, one.article.source.name),
                tuple(one.withheld.all()),
            )
            for one in rows.select_related("article__source").prefetch_related("withheld")
        ]
    except DatabaseError:
        return None


def carry_over(known: Sequence[Carried] | None) -> CarriedOver:
    """Do those again that the database does not know, in their order."""
    again, missing = 0, []
    for one in known or ():
        if Takedown.objects.filter(pk=one.takedown.pk, made_at=one.takedown.made_at).exists():
            continue
        with transaction.atomic():
            article = Article.objects.filter(pk=one.article, created_at=one.stored_at).select_related("source").first()
            if article is None and one.takedown.degree == Degree.ERASE:
                article = _place_of(one)
            if article is None:
                missing.append(one.article)
            elif article.visibility != Visibility.ERASED or not article.takedowns.exists():
                _again(one, article)
                again += 1
    return CarriedOver(again, tuple(missing), known is not None)


def _place_of(one: Carried) -> Article:
    """Of an article that came after the backup nothing is here, and its dump is not to bring it back."""
    source, _ = Source.objects.get_or_create(slug=one.source[0], defaults={"name": one.source[1]})
    return Article.objects.create(
        source=source, visibility=Visibility.ERASED, text_hash=f"erased-again-{one.takedown.pk}"
    )


def _again(one: Carried, article: Article) -> None:
    made_at, made = one.takedown.made_at, one.takedown
    made.pk, made.article, made.was, made.traces = None, article, article.visibility, None
    made._state.adding = True
    if not get_user_model().objects.filter(pk__in=[made.made_by_id]).exists():
        made.made_by_id = None
    made.save()
    Takedown.objects.filter(pk=made.pk).update(made_at=made_at)
    if article.visibility != Visibility.ERASED:
        carry_out(article, made, of_row(one.withheld[0]) if made.degree == Degree.ANONYMISE else None)
    kept = set(made.withheld.values_list("key", flat=True))
    for row in one.withheld:
        if row.key not in kept:
            row.pk, row.takedown, row._state.adding = None, made, True
            row.save()
    record(Act.TAKEDOWN, f"{made.degree} article {article.pk}, again after a restore", by=None, about=article)
