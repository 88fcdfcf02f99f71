"""Who works, and on what: worker processes, and the shares of a run that they hold. A module of its own, as outbox.py.

Both tables are about the present alone: a row goes when its process or its share is done.
"""

import os
import socket
import time
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import models
from django.utils import timezone

LEASE = timedelta(seconds=settings.ARCHIVE_LEASE_SECONDS)
"""Who has not been heard of for so long is taken for dead."""


class WorkerProcess(models.Model):
    """A `manage.py worker` that runs, on this machine or another."""

    name = models.CharField(max_length=64, unique=True, help_text="host:process:moment of its start")
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        return self.seen_at > timezone.now() - LEASE


class WorkShare(models.Model):
    """Records of a run's dump that one process prepares, until its lease ends; the next takes it over after that."""

    run = models.ForeignKey("archive.IngestRun", on_delete=models.CASCADE, related_name="shares")
    first = models.PositiveBigIntegerField(help_text="how many records of the run come before it")
    is_last = models.BooleanField(default=False, help_text="the dump ends in it")
    holder = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["run", "first"]
        constraints = [models.UniqueConstraint(fields=["run", "first"], name="one_share_begins_there")]

    def __str__(self) -> str:
        return f"run {self.run_id} from record {self.first + 1}"


def alive() -> "models.QuerySet[WorkerProcess]":
    """Workers that were heard of lately."""
    return WorkerProcess.objects.filter(seen_at__gt=timezone.now() - LEASE)


@cache
def process_name() -> str:
    """What this process is called among those that share work: nobody else was ever called so."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{time.time_ns() // 1_000_000}"
