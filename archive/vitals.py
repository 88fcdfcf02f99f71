"""The vital signs of this machine's part of the archive: what /healthz, /metrics and `doctor` all look at."""

import shutil

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from archive.locks import is_locked
from archive.outbox import IndexTask
from archive.work_models import WorkerProcess, alive

LOW_DISK_BYTES = 200 * 1024**2
"""Below this nothing that writes can be relied on."""


def free_bytes() -> int:
    """What is free where the archive writes."""
    return shutil.disk_usage(settings.DATA_DIR).free


def is_worker_here() -> bool:
    """Whether a worker runs over this data folder; of several over one PostgreSQL, whether any is heard of.

    Raises `DatabaseError` as any query does.
    """
    if connection.features.has_select_for_update_skip_locked:
        return alive().exists()
    return is_locked(settings.DATA_DIR / "worker.lock")


def queued_tasks() -> int:
    """Tasks that no worker has begun. Raises `DatabaseError` as any query does."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY).count()


def failed_tasks() -> int:
    """Tasks that ended in an error. Raises `DatabaseError` as any query does."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count()


def index_lag() -> float:
    """For how many seconds the oldest change has waited for the index; 0 where none does."""
    oldest = IndexTask.objects.aggregate(oldest=Min("created_at"))["oldest"]
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def worker_silence() -> float | None:
    """Seconds since any worker was heard of, None without any on the roster: one that hangs says nothing."""
    last = WorkerProcess.objects.aggregate(last=Max("seen_at"))["last"]
    return max(0.0, (timezone.now() - last).total_seconds()) if last else None
