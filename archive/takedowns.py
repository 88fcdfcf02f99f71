"""What was taken down, how far and why, and how a text is known again that must not come back.

Beside models.py, which would swell otherwise; import them from there. No text of an article stands here.
"""

from django.db import models

from archive.choices import Degree, TakedownReason
from archive.judgements import Made


class Takedown(Made):
    """One request that was granted. Public: day, degree, reason, notice. The rest is for staff alone."""

    article = models.ForeignKey("archive.Article", on_delete=models.PROTECT, related_name="takedowns")
    degree = models.CharField(max_length=10, choices=Degree)
    reason = models.CharField(max_length=10, choices=TakedownReason)
    notice = models.TextField(blank=True, max_length=2000, help_text="shown to everybody in place of the article")
    requester = models.CharField(max_length=300, blank=True, help_text="who asked; for staff alone")
    note = models.TextField(blank=True, help_text="for staff alone")
    until = models.DateTimeField(null=True, blank=True, help_text="when an embargo ends")
    was = models.CharField(max_length=10, blank=True, help_text="the article's visibility before")
    ended_at = models.DateTimeField(null=True, blank=True)
    traces = models.JSONField(null=True, blank=True, help_text="what is still to be destroyed in files; empty: nothing")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["degree", "ended_at"], name="takedown_standing")]

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.get_degree_display()}"


class WithheldText(models.Model):
    """A text known by hashes alone: `key` of its identity or its words. `forms` are hashes of names to take out of it;
    none of them means that nothing of the text may be stored."""

    takedown = models.ForeignKey(Takedown, on_delete=models.CASCADE, related_name="withheld")
    key = models.CharField(max_length=64, db_index=True)
    salt = models.CharField(max_length=32, blank=True)
    forms = models.JSONField(default=list, blank=True, help_text="[[words, hash], …]")
    replacement = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
