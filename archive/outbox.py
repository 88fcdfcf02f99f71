"""The outbox: whose index documents may be out of date. A module of its own, to keep models.py short."""

from collections.abc import Iterable

from django.db import models


class IndexTask(models.Model):
    """The outbox: an article whose index document may be out of date. Whether it belongs there is asked on draining."""

    article_id = models.PositiveBigIntegerField(help_text="no foreign key: the article may be gone by then")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"index article {self.article_id}"


def queue_for_index(article_ids: Iterable[int]) -> None:
    """Write the outbox rows of these articles; call it in the transaction that changes them."""
    IndexTask.objects.bulk_create([IndexTask(article_id=pk) for pk in article_ids], batch_size=1000)
