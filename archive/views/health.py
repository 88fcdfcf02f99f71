"""/healthz: whether the site can do its work now, for a person and for a machine that watches."""

import logging
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from archive import vitals
from archive.errors import ArchiveError
from archive.models import IndexTask
from archive.search.backends import get_backend
from archive.work_models import LEASE

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, index and disk are fine, else 503; the worker's absence is said but does not stop readers."""
    found = parts()
    is_healthy = all(part["ok"] for name, part in found.items() if name != "worker")
    return JsonResponse({"ok": is_healthy, **found}, status=200 if is_healthy else 503)


def parts() -> dict[str, dict[str, Any]]:
    """Each part of the site: whether it is `ok`, and what is known of it."""
    return {"database": _database(), "index": _index(), "disk": _disk(), "worker": _worker()}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"ok": False, "error": _said(error)}
    return {"ok": True}


def _said(error: Exception) -> str:
    """Strangers read this: a database's own words may name hosts and accounts, so those go to the log."""
    if isinstance(error, ArchiveError):
        return str(error)
    logger.error("the database does not answer: %s", error)
    return "The database does not answer; the log says why."


def _index() -> dict[str, Any]:
    try:
        backend = get_backend()
        return {
            "ok": True,
            "generation": backend.generation(),
            "waiting": IndexTask.objects.count(),
            "lag_seconds": round(vitals.index_lag(), 1),
        }
    except (ArchiveError, DatabaseError) as error:
        return {"ok": False, "error": _said(error)}


def _disk() -> dict[str, Any]:
    free = vitals.free_bytes()
    return {"ok": free > vitals.LOW_DISK_BYTES, "free_bytes": free}


def _worker() -> dict[str, Any]:
    try:
        silence = vitals.worker_silence()
        is_well = vitals.is_worker_here() and silence is not None and silence < LEASE.total_seconds()
        said = None if silence is None else round(silence, 1)
        return {"ok": is_well, "queued_tasks": vitals.queued_tasks(), "heard_of_seconds_ago": said}
    except DatabaseError as error:
        return {"ok": False, "queued_tasks": None, "error": _said(error)}
