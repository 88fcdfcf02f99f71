"""What every row has that says what a person decided: who made it and when, and who undid it. Abstract, no tables."""

from django.conf import settings
from django.db import models


class Made(models.Model):
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Undoable(Made):
    """Nothing is ever deleted: undoing sets a mark, and what has it counts no more."""

    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
