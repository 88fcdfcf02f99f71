"""Two processes that write about the same things at once: the second decides again. What died is ended."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError
from django.utils import timezone

from archive.choices import RunStatus
from archive.models import Dump, IngestRun
from archive.work_models import WorkShare

T = TypeVar("T")
_TRIES = 4
_CROSSED = ("40P01", "40001")
"""PostgreSQL's deadlock_detected and serialization_failure."""


_DIED = (
    "The process that did this run died, and the dump has been ingested since with other options or by another version "
    "of the program. What was stored until then is whole and stays."
)


def again_if_crossed(work: Callable[[], T]) -> T:
    """Do `work`, a transaction of its own; again if another has just brought the same rows or wants them crosswise."""
    for left in reversed(range(_TRIES)):
        try:
            return work()
        except (IntegrityError, OperationalError) as error:
            is_crossed = isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in _CROSSED
            if not left or not is_crossed:
                raise
    raise AssertionError("the last try returns or raises")


def end_dead(dump: Dump, run: IngestRun) -> None:
    """End all other runs of a dump that say they are running; who calls holds its lock, so they have died."""
    dead = dump.runs.filter(status=RunStatus.RUNNING).exclude(pk=run.pk)
    WorkShare.objects.filter(run__in=dead).delete()
    dead.update(status=RunStatus.FAILED, reason=_DIED, finished_at=timezone.now())
