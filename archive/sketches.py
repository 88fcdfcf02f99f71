"""The model beside models.py that says which articles are nearly the same text; ingest/families.py fills it.

It is derived: the table can be emptied and filled again, and nothing but `find_families` and pages depends on it.
"""

from django.db import models


class TextSketch(models.Model):
    """An article's MinHash, and the family of nearly the same texts that it belongs to."""

    article = models.OneToOneField("archive.Article", primary_key=True, on_delete=models.CASCADE, related_name="sketch")
    version = models.PositiveIntegerField(help_text="of the article's text that was sketched")
    state = models.BinaryField(help_text="rensa's own bytes")
    leader = models.ForeignKey(
        "archive.Article",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="family",
        help_text="the first article of its family, of itself too; empty: no text is nearly the same",
    )
    similarity = models.FloatField(default=1.0, help_text="to the leader: estimated share of word sequences in common")

    class Meta:
        ordering = ["article"]

    def __str__(self) -> str:
        return f"sketch of article {self.article_id}"
