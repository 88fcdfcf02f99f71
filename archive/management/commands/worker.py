"""The background worker: runs queued tasks, and keeps the index up to date with the outbox while it runs."""

import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from archive.errors import ArchiveError
from archive.ingest.pipeline import can_be_shared
from archive.ingest.takedown import end_embargoes
from archive.ingest.traces import pending
from archive.locks import Locked, file_lock
from archive.management import roster, upkeep
from archive.models import IndexTask
from archive.search.indexing import drain, heal
from archive.tasks import destroy_traces
from archive.work_models import WorkerProcess, process_name

logger = logging.getLogger("archive.worker")
HEAL_SECONDS = 30.0
"""So often the worker looks whether the index is there and whole, though nothing waits to be indexed."""


class Command(BaseCommand):
    help = "Run queued tasks and index what has changed, until stopped. On SQLite one worker per data directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="stop when nothing is queued any more")

    def handle(self, *args: Any, batch: bool, **options: Any) -> None:
        if can_be_shared():
            with roster.signed_in(process_name()):
                roster.offer_help()
                self._work(batch)
            return
        try:
            with file_lock(settings.DATA_DIR / "worker.lock"):
                # We hold the lock, so whoever was here before is dead, however lately it was heard of.
                WorkerProcess.objects.all().delete()
                with roster.signed_in(process_name()):
                    self._work(batch)
        except Locked as error:
            raise CommandError("A worker is running over this data directory already.") from error

    def _work(self, batch: bool) -> None:
        stop = threading.Event()
        indexer = threading.Thread(target=_index_until, args=(stop,), name="indexer")
        indexer.start()
        try:
            if pending().exists():
                # Whoever was at it has died.
                destroy_traces.enqueue()
            call_command(
                "db_worker",
                batch=batch,
                reload=False,
                startup_delay=False,
                queue_name="*",
                interval=0.5,
                worker_id=process_name(),
            )
        finally:
            stop.set()
            indexer.join()


def _index_until(stop: threading.Event, *, interval: float = 0.5) -> None:
    """Drain the outbox whenever there is something in it, and once more at the end; look after the index in between.

    An index that cannot be written now is tried again, more and more slowly. Nothing ends the thread but `stop`.
    """
    parent, wait, healed, upkept = os.getppid(), interval, -HEAL_SECONDS, -upkeep.EVERY_SECONDS
    while not stop.wait(wait):
        if os.getppid() != parent:
            # The supervisor died without a word; a worker that nobody watches would hold the lock for ever.
            os.kill(os.getpid(), signal.SIGTERM)
        is_due = time.monotonic() - healed >= HEAL_SECONDS
        if is_due:
            healed = time.monotonic()
        if time.monotonic() - upkept >= upkeep.EVERY_SECONDS:
            upkept = time.monotonic()
            upkeep.look_after_database()
        wait = interval if _drain(looks_after=is_due) else min(wait * 2, 30.0)
    _drain()
    connection.close()


def _drain(*, looks_after: bool = False) -> bool:
    """Bring the index up to date with the outbox; whether that worked; heal it if it `looks_after` it."""
    try:
        close_old_connections()
        end_embargoes()
        if looks_after:
            heal()
        if IndexTask.objects.waiting().exists():
            drain()
    except (ArchiveError, DatabaseError, OSError) as error:
        logger.warning("The index is behind and will be tried again: %s", error)
        return False
    except Exception:
        # A thread that ends says nothing to anybody, and the index would stay behind for ever.
        logger.exception("The index is behind and will be tried again")
        return False
    return True
