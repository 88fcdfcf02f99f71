"""Keeps the index true to the database: the outbox, the rebuild beside the live index, and the comparison of both."""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from archive.errors import ArchiveError, DocumentsRefused, IndexDamaged, IndexUnavailable
from archive.locks import Locked, archive_lock, file_lock
from archive.models import Article, IndexTask, queue_for_index
from archive.outbox import keep_refused
from archive.search.backends import get_backend
from archive.search.documents import IndexDocument, build

logger = logging.getLogger(__name__)

BATCH = 1000
LOCK_SECONDS = 60.0
SHOWN = 20
REASON = 300
"""Characters of why an article is not indexed."""
_PASSING = (ArchiveError, DatabaseError, OSError, MemoryError)
"""What says nothing about the articles that were being indexed."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """How the index differs from the database: exact counts, and the first few ids of each kind."""

    missing: int
    """Articles that belong in the index and are not there."""
    stale: int
    """Articles whose document is of an older text."""
    extra: int
    """Documents whose article is gone or no longer shown."""
    examples: tuple[int, ...] = ()
    damaged: tuple[str, ...] = ()
    """Parts of the index that are not as they were written."""

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.stale or self.extra or self.damaged)


def drain(limit: int | None = None) -> int:
    """Bring the index up to date with the outbox; returns how many articles were looked at.

    Rows are deleted after the index has committed, so whoever dies in between repeats the work instead of losing it.
    What the index refuses is kept with its reason, and holds up nothing.
    Raises IndexUnavailable when the index cannot be written; the rows stay.
    """
    heal()
    done = 0
    while limit is None or done < limit:
        with _claimed() as rows:
            if not rows:
                break
            offered = sorted({article_id for _, article_id in rows})
            keep_refused(_refresh_all(offered), offered)
            IndexTask.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
        done += len(rows)
    return done


def _refresh_all(article_ids: list[int]) -> dict[int, str]:
    """Index these articles; one that cannot be written is left out and keeps no other back. Returns why, by id."""
    try:
        refresh(article_ids)
    except DocumentsRefused as error:
        return error.reasons
    except _PASSING:
        raise
    except Exception as error:
        if len(article_ids) > 1:
            middle = len(article_ids) // 2
            return _refresh_all(article_ids[:middle]) | _refresh_all(article_ids[middle:])
        # Where it is the index that is at fault, this fails too, and the row stays.
        get_backend().update([], deleted=article_ids)
        logger.exception("Article %d cannot be indexed; it is left out until it changes.", article_ids[0])
        return {article_ids[0]: f"{type(error).__name__}: {error}"[:REASON]}
    return {}


@contextmanager
def _claimed() -> Iterator[list[tuple[int, int]]]:
    """(outbox row, article) of the next batch, for this process alone.

    Where database and backend allow it, several processes share the work: each locks its rows, and those of one that
    dies are free again. Elsewhere one drains at a time, or an older text read by one could overwrite a newer that
    another has just indexed.
    """
    rows = IndexTask.objects.waiting().order_by("pk").values_list("pk", "article_id")
    if get_backend().capabilities.many_writers and connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            yield list(rows.select_for_update(skip_locked=True)[:BATCH])
        return
    try:
        with file_lock(Path(settings.DATA_DIR) / "drain.lock", timeout=LOCK_SECONDS):
            yield list(rows[:BATCH])
    except OSError as error:
        raise IndexUnavailable(
            f"Nothing can be indexed now: {error.strerror or error}. "
            f"Check free space and the owner of {settings.DATA_DIR}; what is waiting will be indexed on the next try."
        ) from error
    except Locked as error:
        raise IndexUnavailable(f"Another process has been indexing for {LOCK_SECONDS:.0f} s; try again.") from error


def heal() -> bool:
    """Rebuild an index that is damaged, or that is gone: empty, though more articles belong in it than are waiting."""
    try:
        gone = get_backend().count() == 0 and Article.objects.indexable().count() > IndexTask.objects.count()
    except IndexDamaged as error:
        logger.error("Rebuilding the search index: %s", error)
        gone = True
    if gone:
        _rebuild()
    return gone


def refresh(article_ids: Iterable[int]) -> None:
    """Index these articles as the database has them now: those that do not belong there (any more) are taken out."""
    wanted = set(article_ids)
    version = _moment()
    documents = list(build(wanted))
    get_backend().update(documents, deleted=wanted - {document.id for document in documents}, version=version)


def _moment() -> int:
    """Microseconds by the database's clock, which all processes share; a file's database has no other than ours."""
    if connection.vendor != "postgresql":
        return time.time_ns() // 1_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        return int(cursor.fetchone()[0])


def rebuild(*, resume: bool = False) -> int:
    """Index everything beside the live index and swap; returns the number of documents.

    With `resume` a rebuild that was interrupted goes on where it was, if the backend can. The outbox is drained
    afterwards, so what changed meanwhile is not lost. Raises Locked while another process rebuilds the same index.
    """
    count = _rebuild(resume=resume)
    drain()
    return count


def _rebuild(*, resume: bool = False) -> int:
    backend = get_backend()
    # A backend with one writer has a lock of its own.
    with archive_lock("rebuild") if backend.capabilities.many_writers else nullcontext():
        after = backend.interrupted() if resume else 0
        reasons: dict[int, str] = {}
        try:
            count = backend.rebuild(lambda: _all_documents(after), _moment(), after)
        except DocumentsRefused as error:
            count, reasons = backend.count(), error.reasons
        # What was refused before a rebuild was interrupted is known from then.
        keep_refused(reasons, reasons if after else None)
        return count


def _all_documents(after: int = 0) -> Iterator[IndexDocument]:
    """The documents of all articles with a higher key, in the order of keys."""
    ids = Article.objects.indexable().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    batch: list[int] = []
    for pk in ids.iterator(chunk_size=BATCH):
        batch.append(pk)
        if len(batch) == BATCH:
            yield from build(batch)
            batch = []
    yield from build(batch)


def verify(*, repair: bool = False) -> VerifyReport:
    """Compare index and database in both directions by id and content hash, and the index's files with their checksums.

    `repair` re-indexes just the difference, or everything when files are damaged. Raises IndexDamaged, unless told to
    repair, for an index that cannot be read at all.
    """
    if repair:
        heal()
    damaged = tuple(get_backend().damages())
    if damaged and repair:
        rebuild()
    indexed = dict(get_backend().fingerprints())
    missing, stale = [], []
    for document in _all_documents():
        found = indexed.pop(document.id, None)
        if found is None:
            missing.append(document.id)
        elif found != document.content_hash:
            stale.append(document.id)
    extra = list(indexed)
    if repair and (missing or stale or extra):
        queue_for_index([*missing, *stale, *extra])
        drain()
    return VerifyReport(len(missing), len(stale), len(extra), tuple([*missing, *stale, *extra][:SHOWN]), damaged)
