"""A search as it answered at one moment, kept so that it can be cited: what was asked, and which articles were found.

A module beside models.py to keep that one short; import it from there.
"""

from django.db import models
from django.urls import reverse


class SearchPin(models.Model):
    """Found again by its key, which is a hash of all the rest: the same search with the same result is one pin."""

    key = models.CharField(max_length=16, unique=True, editable=False)
    query = models.TextField(blank=True, help_text="as typed")
    filters = models.JSONField(default=list, blank=True, help_text="[[facet, [value, …], excluded], …]")
    sort = models.CharField(max_length=10)
    generation = models.CharField(max_length=100, blank=True, help_text="of the index that answered")
    total = models.PositiveBigIntegerField()
    article_ids = models.BinaryField(help_text="all hits in their order: 64-bit little-endian integers, zlib")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.query} ({self.total} on {self.made_at:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return reverse("archive:pin", args=[self.key])
