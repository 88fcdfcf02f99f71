"""What signed-in readers keep: searches that they follow, the mails about them, and collections of articles.

Beside models.py, which would swell otherwise; import them from there.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from archive.choices import DigestRhythm, DigestStatus


class SavedSearch(models.Model):
    """A search that a reader follows. `seen_ids` are the articles that were found before or have been mailed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=200)
    query = models.TextField(blank=True, help_text="as typed")
    filters = models.JSONField(default=list, blank=True, help_text="[[facet, [value, …], excluded], …]")
    rhythm = models.CharField(max_length=6, choices=DigestRhythm, default=DigestRhythm.NEVER)
    seen_ids = models.BinaryField(default=b"", help_text="archive/search/packing.py")
    problem = models.TextField(blank=True, help_text="what was last reported as not understood; empty: all is well")
    looked_at = models.DateTimeField(null=True, blank=True, help_text="when a digest last looked for something new")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "saved searches"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Digest(models.Model):
    """One mail to one reader: made together with what it marks as seen, so that no article is ever mailed twice."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    parts = models.JSONField(default=list, help_text='[{"search": id, "articles": [id, …], "problem": "…"}, …]')
    status = models.CharField(max_length=8, choices=DigestStatus, default=DigestStatus.WAITING)
    problem = models.TextField(blank=True, help_text="what the mail server said")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["status", "made_at"], name="digest_by_status")]

    def __str__(self) -> str:
        return f"digest {self.pk} ({self.status})"


def new_token() -> str:
    """256 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(32)


class Collection(models.Model):
    """Articles that a reader put together, in an order of theirs, with notes; shared by a link that can be revoked."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=10_000)
    token = models.CharField(max_length=43, unique=True, null=True, blank=True, help_text="of the link, if shared")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="collection_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("archive:collection", args=[self.pk])


class CollectionItem(models.Model):
    """An article in a collection; `position` counts from 1, gaps allowed."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    note = models.TextField(blank=True, max_length=10_000)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["collection", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "article"], name="article_once_per_collection"),
            models.CheckConstraint(condition=Q(position__gte=1), name="position_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: article {self.article_id}"
