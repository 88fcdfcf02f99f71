"""Which workers there are: each signs in and is heard of while it lives; what the dead left goes to the living."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from archive.choices import RunStatus
from archive.ingest.sharing import SHARED
from archive.models import IngestRun
from archive.tasks import help_with_run
from archive.work_models import LEASE, WorkerProcess, alive

logger = logging.getLogger("archive.worker")


@contextmanager
def signed_in(name: str) -> Iterator[None]:
    """On the roster under this name for as long as the context lasts."""
    WorkerProcess.objects.update_or_create(name=name)
    release()
    stop = threading.Event()
    heart = threading.Thread(target=_beat_until, args=(stop, name), name="heart")
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()
        WorkerProcess.objects.filter(name=name).delete()


def release() -> None:
    """Forget the dead, and queue their tasks again; every task can be repeated."""
    living = set(alive().values_list("name", flat=True))
    WorkerProcess.objects.exclude(name__in=living).delete()
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if not living.intersection(task.worker_ids[-1:]):
            # Unless somebody else has released it just now, and a third has begun it.
            orphan = DBTaskResult.objects.filter(pk=task.pk, status=task.status, worker_ids=task.worker_ids)
            orphan.update(status=TaskResultStatus.READY, started_at=None)


def offer_help() -> None:
    """Queue a helper's task for each shared run that is at work: a worker that comes later takes part too."""
    running = IngestRun.objects.filter(status=RunStatus.RUNNING, **{f"options__{SHARED}": True})
    for pk in running.values_list("pk", flat=True):
        help_with_run.enqueue(pk)


def _beat_until(stop: threading.Event, name: str) -> None:
    while not stop.wait(LEASE.total_seconds() / 10):
        try:
            close_old_connections()
            # Again if somebody took us for dead while the machine slept.
            WorkerProcess.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
            release()
        except DatabaseError as error:
            logger.warning("The database does not hear of this worker: %s", error)
    connection.close()
