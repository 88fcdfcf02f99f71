"""One run worked off by several processes, on as many machines as reach the database and the kept dump.

Each holds one share of the records under a lease and prepares it (cleaning and names, which take the time), all at
once; shares are stored one after the other in the order of the dump. So a run ends as if one process had done it, and
a share is stored exactly once: whoever stores it must find the run standing where the share begins. The share of a
process that died is taken over when its lease has ended.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from archive.choices import RunStatus
from archive.errors import DumpError
from archive.ingest import standing
from archive.ingest.contention import again_if_crossed
from archive.ingest.prepare import Preparation, Prepared, prepare
from archive.ingest.records import BadRecord, RawRecord
from archive.ingest.store import store_batch
from archive.models import IngestRun
from archive.work_models import LEASE, WorkShare

SHARE, BATCH = 256, 32
"""Records of a share, and of what is prepared between two renewals of its lease."""
SHARED = "shared"
"""In the options of a run that others may help with."""
_POLL_SECONDS = 0.1
_RENEW_SECONDS = 5.0


class Records:
    """The records of a dump from any place on; read once as long as the places asked for go up."""

    def __init__(self, opened: Callable[[], Iterator[RawRecord | BadRecord]]) -> None:
        self._open, self._stream, self._at = opened, opened(), 0
        self.failure: DumpError | None = None
        """What ended the dump before its time."""

    def take(self, first: int, count: int) -> tuple[list[RawRecord | BadRecord], int]:
        """(up to `count` records from `first` on, how many come before the place that was reached)."""
        if self._at > first:
            self._stream, self._at, self.failure = self._open(), 0, None
        taken: list[RawRecord | BadRecord] = []
        try:
            while self._at < first + count and (record := next(self._stream, None)) is not None:
                if self._at >= first:
                    taken.append(record)
                self._at += 1
        except DumpError as error:
            self.failure = error
        return taken, self._at


@dataclass(slots=True)
class SharedRun:
    """This process's part of a run. `end` is called once, by whoever stores the last share."""

    run_id: int
    holder: str
    records: Records
    how: Preparation
    end: Callable[[IngestRun, DumpError | None], None]
    stored: Callable[[IngestRun], None] = lambda run: None

    def work(self, *, to_the_end: bool) -> None:
        """Work on shares while there are any to be had; or `to_the_end`, until somebody has ended the run."""
        while True:
            if (share := self._claim()) is not None:
                self._do(share)
            elif to_the_end and self._standing() is not None:
                time.sleep(_POLL_SECONDS)
            else:
                return

    def _claim(self, place: int | None = None) -> WorkShare | None:
        """A share that lapsed (at this place), or the next that nobody has begun; None if there is none now."""
        with transaction.atomic():
            run = self._locked()
            if run is None:
                return None
            shares = WorkShare.objects.filter(run=run)
            lapsed = shares.filter(expires_at__lt=timezone.now())
            share = (lapsed if place is None else lapsed.filter(first=place)).first()
            if share is not None:
                share.holder, share.expires_at = self.holder, timezone.now() + LEASE
                share.save(update_fields=["holder", "expires_at"])
                return share
            last = shares.last()
            if place is not None or (last is not None and last.is_last):
                return None
            first = last.first + SHARE if last is not None else run.read
            return WorkShare.objects.create(run=run, first=first, holder=self.holder, expires_at=timezone.now() + LEASE)

    def _do(self, share: WorkShare) -> None:
        records, reached = self.records.take(share.first, SHARE)
        if reached < share.first:
            # Begun before anybody knew where the dump ends.
            share.delete()
            time.sleep(_POLL_SECONDS)
            return
        failure = self.records.failure
        share.is_last = len(records) < SHARE
        WorkShare.objects.filter(pk=share.pk, holder=self.holder).update(is_last=share.is_last)
        how = Preparation(self.how.source, self.how.entities, standing.rule_book())
        prepared: list[Prepared] = []
        for start in range(0, len(records), BATCH):
            if not self._renew(share):
                return
            prepared += prepare(records[start : start + BATCH], how)
        if self._await_turn(share):
            self._store(share, prepared, failure)

    def _await_turn(self, share: WorkShare) -> bool:
        """Until all shares before it are stored; False if it is no longer ours, or the run is over."""
        renewed = 0.0
        while (read := self._standing()) is not None and read < share.first:
            if time.monotonic() - renewed > _RENEW_SECONDS:
                if not self._renew(share):
                    return False
                renewed = time.monotonic()
                if (earlier := self._claim(read)) is not None:
                    self._do(earlier)
                    continue
            time.sleep(_POLL_SECONDS)
        return read == share.first

    def _store(self, share: WorkShare, prepared: list[Prepared], failure: DumpError | None) -> None:
        with transaction.atomic():
            run = self._locked()
            if run is None or run.read != share.first:
                return
            again_if_crossed(lambda: store_batch(run, prepared))
            WorkShare.objects.filter(run=run, first=share.first).delete()
        if share.is_last:
            WorkShare.objects.filter(run=run).delete()
            self.end(run, failure)
        else:
            self.stored(run)

    def _locked(self) -> IngestRun | None:
        """The run, ours until the end of the transaction; None if it is over, or no longer shared."""
        run = IngestRun.objects.select_for_update(of=("self",)).select_related("dump").get(pk=self.run_id)
        return run if run.status == RunStatus.RUNNING and run.options.get(SHARED) else None

    def _standing(self) -> int | None:
        """How many records are stored; None if the run is over, or no longer shared."""
        status, read, options = IngestRun.objects.values_list("status", "read", "options").get(pk=self.run_id)
        return read if status == RunStatus.RUNNING and options.get(SHARED) else None

    def _renew(self, share: WorkShare) -> bool:
        mine = WorkShare.objects.filter(pk=share.pk, holder=self.holder)
        return bool(mine.update(expires_at=timezone.now() + LEASE))
