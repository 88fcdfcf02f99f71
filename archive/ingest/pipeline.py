"""The story of one run: a dump becomes stored articles, and every record of it is accounted for.

Hash the file, take the dump's lock, begin or go on with a run, read, prepare in worker processes, store batch by batch,
report. The index is not touched: its rows in the outbox are committed with the articles.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from archive.choices import RunStatus
from archive.errors import ArchiveError, DumpError
from archive.ingest import habit_counts, intake, rehearsal, standing, store, tallies
from archive.ingest.contention import again_if_crossed, end_dead
from archive.ingest.field_maps import with_map
from archive.ingest.identity import source_slug
from archive.ingest.lookahead import Ahead, with_lookahead
from archive.ingest.options import IngestOptions
from archive.ingest.paths import Found
from archive.ingest.prepare import Preparation, Prepared
from archive.ingest.readers import OpenedDump, open_dump
from archive.ingest.records import BadRecord, RawRecord
from archive.ingest.report import SHOWN_REJECTIONS, Counts, DumpReport, RejectedRecord
from archive.ingest.sharing import SHARED, Records, SharedRun
from archive.ingest.undoing import is_cancelled
from archive.ingest.workers import Workers
from archive.locks import Locked, archive_lock
from archive.models import Dump, IngestRun, Rejection, Source
from archive.work_models import WorkShare, process_name

logger = logging.getLogger(__name__)

INTERRUPTED = (RunStatus.RUNNING, RunStatus.CANCELLED, RunStatus.FAILED)
BATCH_RECORDS, BATCH_RECORDS_NAMED = 256, 32
BATCH_CHARACTERS = 1_000_000
LEARN_EVERY, LEARN_EVERY_FILES = 8, 256
"""After so many batches, or files, workers are told what was learnt of sources since."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: its counts so far, and the bytes of the file that were read."""

    counts: Counts
    position: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What the caller sees and says meanwhile: told of every batch; asked after each whether to stop.

    `begun` is called when others may help with a shared run.
    """

    tell: Callable[[Progress], None] = lambda progress: None
    stop: Callable[[], bool] = lambda: False
    begun: Callable[[], None] = lambda: None


def ingest_files(
    files: Sequence[Found], options: IngestOptions, workers: Workers, watch: Watch | None = None
) -> Iterator[tuple[Found, DumpReport]]:
    """Ingest files one after the other, each with its report; stops after the one in which `watch` says so."""
    options, watch = with_map(options, remember=True), watch or Watch()
    workers.use(standing.rule_book())
    for number, (file, ahead) in enumerate(with_lookahead(files, options, workers, _batch_size(options)), 1):
        if number % LEARN_EVERY_FILES == 0:
            workers.use(standing.rule_book())
        yield file, ingest_dump(file.path, options, workers, name=file.name, watch=watch, ahead=ahead)
        if watch.stop():
            return


def ingest_dump(
    path: Path,
    options: IngestOptions,
    workers: Workers,
    *,
    name: str = "",
    run: IngestRun | None = None,
    watch: Watch | None = None,
    ahead: Ahead | None = None,
    shared: bool = False,
) -> DumpReport:
    """Ingest one file; every failure that is the dump's or the machine's comes back in the report.

    `name` is what the dump is called if not by its path. `run` is a queued run to work off; without it one is begun, or
    an interrupted one of the same dump with the same options goes on after its last committed batch. Where the model
    that finds names is missing the articles are stored without them, to be sought later. Other processes may help with
    a `shared` run (`help_with`).
    """
    name, watch = name or str(path), watch or Watch()
    options = with_map(options, remember=True)
    try:
        sha256 = intake.sha256_of(path)
        if ahead is None:
            workers.use(standing.rule_book())
        with archive_lock(sha256):
            return _Ingest(path, sha256, options, workers, name, watch, ahead, shared).report(run)
    except DumpError as error:
        refused = DumpReport(name, "rejected", error.reason)
    except Locked:
        if shared and run is not None and help_with(run, to_the_end=True):
            return report_of(run, name)
        refused = DumpReport(
            name, "rejected", "Another process is ingesting this very dump; wait until it has finished."
        )
    except (DatabaseError, OSError) as error:
        logger.exception("%s cannot be begun", name)
        refused = DumpReport(name, "failed", f"The run could not begin: {error}. Nothing of it was stored.")
    if run is not None:
        _end(run, RunStatus.FAILED, refused.reason or "")
    return refused


def rehearse_dump(path: Path, options: IngestOptions, workers: Workers, *, name: str = "") -> DumpReport:
    """What `ingest_dump` would do, without storing anything; names are not sought."""
    name = name or str(path)
    try:
        sha256 = intake.sha256_of(path)
        workers.use(standing.rule_book())
        opened = open_dump(path, with_map(options).reading, name=Path(name).name)
        batches = Batches(islice(_asked_for(opened, options), options.limit), BATCH_RECORDS)
        counts, rejections = rehearsal.rehearse(workers.prepare(batches), sha256, Path(name).name)
    except DumpError as error:
        return DumpReport(name, "rejected", error.reason)
    status, reason = ("rejected", batches.failure.reason) if batches.failure else ("done", None)
    return DumpReport(name, status, reason, opened.format, sha256, counts, rejections)


def run_queued(run: IngestRun, workers: int = 1, begun: Callable[[], None] = lambda: None) -> DumpReport:
    """Work off a run that was queued with its dump kept, or go on with one that was interrupted.

    `begun` is called when other processes may help with it.
    """
    if run.status == RunStatus.CANCELLED and run.cancel_asked:
        return report_of(run)
    dump = run.dump
    if dump is None or not intake.is_kept(dump):
        _end(run, RunStatus.FAILED, "The dump of this run is not kept here; bring it again.")
        return report_of(run)
    options = IngestOptions.from_json(run.options, run.source.slug if run.source else "")
    with Workers(workers, Preparation(options.source, options.entities)) as pool:
        watch = Watch(stop=lambda: is_cancelled(run.pk), begun=begun)
        return ingest_dump(
            Path(dump.file.path), options, pool, name=dump.name, run=run, watch=watch, shared=can_be_shared()
        )


def can_be_shared() -> bool:
    """Whether several processes may work on one run here: not on SQLite, where one writes at a time."""
    return connection.features.has_select_for_update_skip_locked


def help_with(run: IngestRun, *, to_the_end: bool = False, holder: str = "") -> bool:
    """Prepare and store shares of a run that another process leads; False if this one cannot or need not.

    It leaves when no share is to be had, or `to_the_end` when the run is over.
    """
    run.refresh_from_db()
    dump = run.dump
    if run.status != RunStatus.RUNNING or not run.options.get(SHARED) or dump is None or not intake.is_kept(dump):
        return False
    options = IngestOptions.from_json(run.options, run.source.slug if run.source else "")
    opened = open_dump(Path(dump.file.path), options.reading, name=Path(dump.name).name)
    _part_of(run, opened, options, holder or process_name(), Watch(stop=lambda: is_cancelled(run.pk))).work(
        to_the_end=to_the_end
    )
    run.refresh_from_db()
    return True


def _part_of(run: IngestRun, opened: OpenedDump, options: IngestOptions, holder: str, watch: Watch) -> SharedRun:
    """One process's part of a shared run."""

    def end(done: IngestRun, failure: DumpError | None) -> None:
        _end(done, RunStatus.REJECTED if failure else RunStatus.DONE, failure.reason if failure else "")

    def stored(done: IngestRun) -> None:
        watch.tell(Progress(_counts(done), 0))
        if watch.stop():
            _end(done, RunStatus.CANCELLED, _stopped(done))
            WorkShare.objects.filter(run=done).delete()

    records = Records(lambda: islice(_asked_for(opened, options), options.limit))
    return SharedRun(run.pk, holder, records, Preparation(options.source, options.entities), end, stored)


class Batches:
    """The records of a dump in batches; what ends the dump before its time is kept in `failure`, after the last one."""

    def __init__(self, records: Iterator[RawRecord | BadRecord], size: int) -> None:
        self._records, self._size = records, size
        self.failure: DumpError | None = None

    def __iter__(self) -> Iterator[list[RawRecord | BadRecord]]:
        batch: list[RawRecord | BadRecord] = []
        characters = 0
        try:
            for record in self._records:
                batch.append(record)
                characters += len(record.text) if isinstance(record, RawRecord) else 0
                if len(batch) >= self._size or characters >= BATCH_CHARACTERS:
                    yield batch
                    batch, characters = [], 0
        except DumpError as error:
            self.failure = error
        if batch:
            yield batch


@dataclass(frozen=True, slots=True)
class _Ingest:
    """One ingest of one dump whose lock is held."""

    path: Path
    sha256: str
    options: IngestOptions
    workers: Workers
    name: str
    watch: Watch
    ahead: Ahead | None
    shared: bool

    def report(self, queued: IngestRun | None) -> DumpReport:
        dump = intake.dump_of(self.path, self.sha256, Path(self.name).name)
        run = self._begin(dump, queued)
        try:
            if earlier := self._finished_before(dump, run):
                # It may have been brought without being kept, and what was kept may be lost.
                self._take(dump, dump.format)
                _repeat(run, earlier)
                _end(run, RunStatus.DONE)
            else:
                self._go(dump, run)
                tallies.add_up()
                if self.ahead is None:
                    habit_counts.forget_rare()
        except DumpError as error:
            _end(run, RunStatus.REJECTED, error.reason)
        except (DatabaseError, OSError) as error:
            logger.exception("run %s failed", run.pk)
            _end(run, RunStatus.FAILED, _failure(run, error))
        except ArchiveError as error:
            _end(run, RunStatus.FAILED, str(error))
            raise
        return report_of(run, self.name)

    def _begin(self, dump: Dump, queued: IngestRun | None) -> IngestRun:
        """The run that this is: the queued one, an interrupted one that goes on, or a new one."""
        run = queued or self._interrupted(dump) or IngestRun(dump=dump, path=self.name[:1000])
        end_dead(dump, run)
        run.source = run.source or Source.objects.filter(slug=source_slug(self.options.source)).first()
        run.options = {**run.options, **self.options.as_json(), SHARED: self.shared}
        run.status, run.reason, run.finished_at = RunStatus.RUNNING, "", None
        run.heartbeat_at = timezone.now()
        run.started_at = run.started_at or run.heartbeat_at
        if run.pk is None:
            run.save()
            return run
        # Whoever helped while another led it may still be storing: from here on they stop, and what is counted counts.
        run.save(update_fields=["source", "options", "status", "reason", "finished_at", "heartbeat_at", "started_at"])
        if not self.shared:
            WorkShare.objects.filter(run=run).delete()
        run.refresh_from_db(fields=["read", *IngestRun.COUNTS])
        return run

    def _interrupted(self, dump: Dump) -> IngestRun | None:
        """The lock is ours, so whatever run of this dump says it is running has died."""
        return self._alike(dump.runs.filter(status__in=INTERRUPTED).order_by("-pk"))

    def _finished_before(self, dump: Dump, run: IngestRun) -> IngestRun | None:
        """A finished run with the same outcome; none if this one has begun to count for itself."""
        if run.read:
            return None
        return self._alike(dump.runs.filter(status=RunStatus.DONE).exclude(pk=run.pk).order_by("-pk"))

    def _alike(self, runs: QuerySet[IngestRun]) -> IngestRun | None:
        wanted = self.options.outcome()
        return next((run for run in runs if run.options.get("outcome") == wanted), None)

    def _go(self, dump: Dump, run: IngestRun) -> None:
        """Read, prepare and store, from the first record that is not committed yet."""
        if self.ahead and self.ahead.sha256 == self.sha256 and not run.read:
            self._take(dump, self.ahead.format)
            _store(run, self.ahead.prepared)
            _end(run, RunStatus.DONE)
            return
        opened = open_dump(self.path, self.options.reading, name=Path(self.name).name)
        self._take(dump, opened.format)
        if self.shared:
            self.watch.begun()
            _part_of(run, opened, self.options, process_name(), self.watch).work(to_the_end=True)
            run.refresh_from_db()
            return
        records = islice(_asked_for(opened, self.options), run.read, self.options.limit)
        batches = Batches(records, _batch_size(self.options))
        for number, batch in enumerate(self.workers.prepare(batches), 1):
            run.position = opened.position
            _store(run, batch)
            if number % LEARN_EVERY == 0:
                self.workers.use(standing.rule_book())
            self.watch.tell(Progress(_counts(run), opened.position))
            if self.watch.stop():
                _end(run, RunStatus.CANCELLED, _stopped(run))
                return
        if batches.failure:
            raise batches.failure
        _end(run, RunStatus.DONE)

    def _take(self, dump: Dump, format_name: str) -> None:
        """Note the dump's format, and keep a copy of it unless that is not wanted."""
        dump.format = format_name
        if self.options.keep:
            intake.keep(dump, self.path)
        dump.save(update_fields=["format", "file"])


def _asked_for(opened: OpenedDump, options: IngestOptions) -> Iterator[RawRecord | BadRecord]:
    """The records of a dump, or those alone that an earlier run rejected."""
    if options.retry is None:
        return opened.records()
    again = set(Rejection.objects.filter(run=options.retry).values_list("record", flat=True))
    return (record for record in opened.records() if record.locator.number in again)


def _batch_size(options: IngestOptions) -> int:
    return BATCH_RECORDS_NAMED if options.entities else BATCH_RECORDS


def _store(run: IngestRun, batch: Sequence[Prepared]) -> None:
    """Store a batch; if another run has just brought the same articles, decide again with these known."""
    again_if_crossed(lambda: store.store_batch(run, batch))


def _repeat(run: IngestRun, earlier: IngestRun) -> None:
    """The same dump, read in the same way before: nothing in it is new, and what was rejected still is."""
    with transaction.atomic():
        rejections = earlier.rejections.iterator(chunk_size=1000)
        while chunk := list(islice(rejections, 1000)):
            for rejection in chunk:
                rejection.pk, rejection.run = None, run
            Rejection.objects.bulk_create(chunk)
        run.read, run.rejected = earlier.read, earlier.rejected
        run.unchanged = run.read - run.rejected
        run.save()


def _end(run: IngestRun, status: RunStatus, reason: str = "") -> None:
    """Write how a run ended. If not even that can be written it stays "running", and goes on next time all the same."""
    run.status, run.reason, run.finished_at = status, reason, timezone.now()
    try:
        run.save(update_fields=["status", "reason", "finished_at"])
    except DatabaseError:
        logger.exception("how run %s ended cannot be written", run.pk)


def _stopped(run: IngestRun) -> str:
    return f"Stopped after record {run.read}; the same command goes on from there."


def _failure(run: IngestRun, error: Exception) -> str:
    return (
        f"The run stopped after record {run.read}: {error}. What was stored until then is whole and stays; "
        "when the cause is mended, the same command goes on from there."
    )


def _counts(run: IngestRun) -> Counts:
    return Counts(run.stored, run.updated, run.unchanged, run.duplicates, run.rejected)


def report_of(run: IngestRun, name: str = "") -> DumpReport:
    """A run's account out of the database, over all its sittings."""
    shown = Rejection.objects.filter(run=run).order_by("record", "pk")[:SHOWN_REJECTIONS]
    return DumpReport(
        path=name or run.path,
        status=run.status,
        reason=run.reason or None,
        format=run.dump.format if run.dump else "",
        sha256=run.dump.sha256 if run.dump else "",
        counts=_counts(run),
        rejections=tuple(RejectedRecord(each.record, each.locator, each.code, each.reason) for each in shown),
        run=run.pk,
    )
