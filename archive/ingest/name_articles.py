"""Names for articles that are already stored, in batches: what was done stays done when it is stopped.

On PostgreSQL several processes share the work: each locks the rows of its batch, and those of one that dies are free
again at once. On SQLite a batch is locked by nobody, as a lock there would keep everybody from writing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction

from archive.ingest.contention import again_if_crossed
from archive.ingest.entities import find_names
from archive.ingest.entities.model import languages_without_model
from archive.ingest.store_names import store_names
from archive.models import Article, LineDecision
from archive.querysets import ArticleQuerySet

BATCH = 100


def name_decided() -> int:
    """Names for articles with lines that people decided about: ingest puts them off when their texts have changed."""
    decided = LineDecision.objects.filter(undone_at=None).values("article")
    return name_articles(Article.objects.without_names().filter(pk__in=decided))


def name_articles(articles: ArticleQuerySet, *, limit: int | None = None) -> int:
    """Seeks and stores the names of these articles, oldest row first; how many it did.

    Articles that another process works on are left to it, those in a language whose model is not installed as they are.

    Raises ModelMissing when the model is not installed; batches that were done before stay.
    """
    articles = articles.exclude(language__in=languages_without_model())
    done, last = 0, 0
    while limit is None or done < limit:
        size = BATCH if limit is None else min(BATCH, limit - done)
        with _claimed(articles.filter(pk__gt=last).order_by("pk"), size) as batch:
            if not batch:
                break
            found = find_names([one.text for one in batch], languages=[one.language for one in batch])
            named = list(zip(batch, found, strict=True))
            again_if_crossed(partial(store_names, named))
        done, last = done + len(batch), batch[-1].pk
    return done


@contextmanager
def _claimed(articles: ArticleQuerySet, size: int) -> Iterator[list[Article]]:
    """The next of these articles, for this process alone where the database knows how."""
    if not connection.features.has_select_for_update_skip_locked:
        yield list(articles[:size])
        return
    with transaction.atomic():
        yield list(articles.select_for_update(skip_locked=True, of=("self",))[:size])
