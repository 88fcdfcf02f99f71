"""The outbox: whose index documents may be out of date. A module of its own, to keep models.py short."""

from collections.abc import Iterable

from django.db import models


class IndexTaskQuerySet(models.QuerySet["IndexTask"]):
    def waiting(self) -> "IndexTaskQuerySet":
        """What the next drain takes."""
        return self.filter(refused="")

    def refused(self) -> "IndexTaskQuerySet":
        """What the index did not take; another change of the article or a rebuild offers it again."""
        return self.exclude(refused="")


class IndexTask(models.Model):
    """The outbox: an article whose index document may be out of date. Whether it belongs there is asked on draining."""

    article_id = models.PositiveBigIntegerField(help_text="no foreign key: the article may be gone by then")
    created_at = models.DateTimeField(auto_now_add=True)
    refused = models.TextField(blank=True, default="", help_text="why the index does not take this article as it is")

    objects = IndexTaskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"index article {self.article_id}"


def keep_refused(reasons: dict[int, str], article_ids: Iterable[int] | None = None) -> None:
    """These articles (else all) have been offered to the index, which refused some, by id, for these reasons."""
    before = IndexTask.objects.refused()
    if article_ids is not None:
        before = before.filter(article_id__in=article_ids)
    before.delete()
    IndexTask.objects.bulk_create([IndexTask(article_id=pk, refused=reason) for pk, reason in reasons.items()])


def queue_for_index(article_ids: Iterable[int]) -> None:
    """Write the outbox rows of these articles; call it in the transaction that changes them."""
    IndexTask.objects.bulk_create([IndexTask(article_id=pk) for pk in article_ids], batch_size=1000)
