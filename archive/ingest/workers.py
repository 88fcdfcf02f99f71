"""Worker processes that prepare batches: ordered, with a bounded queue, and able to survive the death of one.

With one worker, or a dump that fits into one batch, everything runs in this process: starting others costs a second.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain, islice
from multiprocessing import connection
from types import TracebackType
from typing import TypeAlias

import django

from archive.ingest.collector import collect_rarely, rare_collections
from archive.ingest.prepare import Preparation, Prepared, prepare
from archive.ingest.records import BadRecord, RawRecord
from archive.ingest.rulings import RuleBook

logger = logging.getLogger(__name__)
Batch: TypeAlias = Sequence[RawRecord | BadRecord]


class Workers:
    """Prepares batches in `count` processes. Use as a context manager; the processes start with the first need."""

    def __init__(self, count: int, how: Preparation) -> None:
        self.count, self.how = max(1, count), how
        self._pool: ProcessPoolExecutor | None = None
        self._exit = ExitStack()

    def __enter__(self) -> "Workers":
        self._exit.enter_context(rare_collections())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        self._exit.close()

    def use(self, rules: RuleBook) -> None:
        """From now on prepare batches by these rules of sources."""
        self.how = replace(self.how, rules=rules)

    def prepare(self, batches: Iterable[Batch]) -> Iterator[list[Prepared]]:
        """The batches, prepared, in order. At most `count` + 2 of them are read ahead of the consumer."""
        stream = iter(batches)
        first = list(islice(stream, 1 if self.count == 1 else 2))
        if self.count == 1 or (len(first) < 2 and self._pool is None):
            for batch in chain(first, stream):
                yield prepare(batch, self.how)
            return
        waiting: deque[_Task] = deque()
        for batch in chain(first, stream):
            waiting.append(self._submit(batch))
            if len(waiting) >= self.count + 2:
                yield self._result(waiting.popleft())
        while waiting:
            yield self._result(waiting.popleft())

    def _submit(self, batch: Batch) -> "_Task":
        if not batch:
            nothing: Future[list[Prepared]] = Future()
            nothing.set_result([])
            return _Task(batch, None, nothing)
        if self._pool is None:
            # Forked from a clean process that has loaded what they need: forks of ours would share its connections.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["archive.ingest.warm"])
            self._pool = ProcessPoolExecutor(self.count, mp_context=context, initializer=_begin)
        try:
            return _Task(batch, self._pool, self._pool.submit(prepare, batch, self.how))
        except BrokenProcessPool as error:
            broken: Future[list[Prepared]] = Future()
            broken.set_exception(error)
            return _Task(batch, self._pool, broken)

    def _result(self, task: "_Task") -> list[Prepared]:
        """A batch's result. If a worker died over it, it is tried once more, then record by record."""
        try:
            return task.future.result()
        except BrokenProcessPool:
            logger.warning("a worker process died; its records are tried again")
            self._discard(task.pool)
        again = self._submit(task.batch)
        try:
            return again.future.result()
        except BrokenProcessPool:
            self._discard(again.pool)
            return [self._alone(record) for record in task.batch]

    def _alone(self, record: RawRecord | BadRecord) -> Prepared:
        task = self._submit([record])
        try:
            return task.future.result()[0]
        except BrokenProcessPool:
            self._discard(task.pool)
            reason = (
                "The process that cleaned this record died over it (out of memory?); the record was left out. "
                "ingest --retry with the run's number tries it again."
            )
            text = record.text if isinstance(record, RawRecord) else ""
            return BadRecord(record.locator, "worker-died", reason, text[:500].encode("utf-8", "replace"))

    def _discard(self, pool: ProcessPoolExecutor | None) -> None:
        """Have the next batch start new processes, unless that happened since this pool broke."""
        if self._pool is pool:
            self._stop()

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


@dataclass(frozen=True, slots=True)
class _Task:
    batch: Batch
    pool: ProcessPoolExecutor | None
    future: "Future[list[Prepared]]"


def _begin() -> None:
    """What a worker process does first. Ctrl-C is the parent's to answer; without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    collect_rarely()
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
