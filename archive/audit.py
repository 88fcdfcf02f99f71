"""What staff did, as rows that are only ever added: `record` is called in the transaction of the act itself.

A row holds no text of an article and no name that was taken down: it outlives both. Beside models.py,
to keep that short.
"""

from typing import Any, NoReturn

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from archive.choices import Act


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("the audit is only ever added to")

    def delete(self) -> NoReturn:
        raise NotImplementedError("the audit is only ever added to")


class AuditEntry(models.Model):
    """One act. Who did it is kept as number and name, so that the row says the same after the account is gone."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.PositiveBigIntegerField(null=True, blank=True)
    actor = models.CharField(max_length=150, blank=True, help_text="empty: the site itself")
    act = models.CharField(max_length=20, choices=Act)
    kind = models.CharField(max_length=40, blank=True, help_text="of what it was done to: article, entity …")
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    summary = models.CharField(max_length=500)
    details = models.JSONField(default=dict, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "object_id"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.summary}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise NotImplementedError("the audit is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("the audit is only ever added to")


def record(
    act: Act,
    summary: str,
    *,
    by: AbstractBaseUser | AnonymousUser | None,
    about: models.Model | None = None,
    **details: Any,
) -> AuditEntry:
    """Write down that somebody did something; `details` are JSON values, never texts of articles."""
    user = by if by is not None and by.is_authenticated else None
    return AuditEntry.objects.create(
        actor_id=user.pk if user else None,
        actor=user.get_username()[:150] if isinstance(user, AbstractBaseUser) else "",
        act=act,
        kind=about._meta.model_name or "" if about is not None else "",
        object_id=about.pk if about is not None else None,
        summary=summary[:500],
        details=details,
    )
