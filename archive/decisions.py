"""What librarians decided about names, as rows: kept for good, undone by a mark, obeyed by every later ingest.

A module beside models.py to keep that one short; import them from there.
"""

import uuid

from django.db import models
from django.db.models import Q

from archive.choices import DecisionKind, EntityKind
from archive.judgements import Undoable


class Decision(Undoable):
    """One judgement of one person about an entity. Nothing is ever deleted: undoing sets `undone_at`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="the same in every export")
    kind = models.CharField(max_length=10, choices=DecisionKind)
    entity = models.ForeignKey("archive.Entity", on_delete=models.PROTECT, related_name="decisions")
    other = models.ForeignKey(
        "archive.Entity",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="merged into, split off, or not the same",
    )
    before = models.JSONField(default=dict, blank=True, help_text="what a rename or change of kind replaced")
    after = models.JSONField(default=dict, blank=True, help_text="what it put there")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(other=models.F("entity")) | Q(other=None), name="decision_about_two")
        ]

    def __str__(self) -> str:
        other = f" {self.other}" if self.other else ""
        return f"{self.entity} {self.get_kind_display().lower()}{other}"

    @property
    def is_active(self) -> bool:
        return self.undone_at is None


class Assignment(models.Model):
    """Whom a name means in one article, by decision: `entity`, or nobody. Found by the name's key, not its place,
    so that it holds after the text was extracted anew."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="assignments")
    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="assignments")
    kind = models.CharField(max_length=12, choices=EntityKind)
    key = models.CharField(max_length=300)
    entity = models.ForeignKey("archive.Entity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["article", "kind", "key"], name="assignment_name")]

    def __str__(self) -> str:
        return f"“{self.key}” in {self.article_id}: {self.entity}"
