"""Names for articles that are already stored, in batches: what was done stays done when it is stopped."""

from archive.ingest.entities import find_names
from archive.ingest.store_names import store_names
from archive.models import Article, LineDecision
from archive.querysets import ArticleQuerySet

BATCH = 100


def name_decided() -> int:
    """Names for articles with lines that people decided about: ingest puts them off when their texts have changed."""
    decided = LineDecision.objects.filter(undone_at=None).values("article")
    return name_articles(Article.objects.without_names().filter(pk__in=decided))


def name_articles(articles: ArticleQuerySet, *, limit: int | None = None) -> int:
    """Seeks and stores the names of these articles, oldest row first; how many there were.

    Raises ModelMissing when the model is not installed; batches that were done before stay.
    """
    done, last = 0, 0
    while limit is None or done < limit:
        size = BATCH if limit is None else min(BATCH, limit - done)
        batch = list(articles.filter(pk__gt=last).order_by("pk")[:size])
        if not batch:
            break
        names = find_names([one.text for one in batch], languages=[one.language for one in batch])
        store_names(list(zip(batch, names, strict=True)))
        done, last = done + len(batch), batch[-1].pk
    return done
