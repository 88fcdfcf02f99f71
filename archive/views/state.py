"""The state of the archive as pictures for staff: what /healthz and /metrics know, drawn by the server."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from archive import vitals
from archive.choices import RunStatus
from archive.models import Article, IndexTask, IngestRun, Rejection
from archive.views.health import parts
from archive.views.metrics import answered

SHOWN_RUNS, SHOWN_CODES = 15, 12
WIDTH = 100.0
"""Bars are drawn in a box of this width, and stretched to their column."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a bar: where it begins, how long it is, and what kind it is, which says its colour."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a picture; `says` is all of it in words."""

    label: str
    says: str
    pieces: tuple[Piece, ...]
    url: str = ""


def state(request: HttpRequest) -> HttpResponse:
    """The page; for staff who may see runs."""
    if not request.user.has_perm("archive.view_ingestrun"):
        raise PermissionDenied
    oldest = IndexTask.objects.waiting().aggregate(oldest=Min("created_at"))["oldest"]
    context = {
        **admin.site.each_context(request),
        "title": "State of the archive",
        "parts": parts(),
        "articles": Article.objects.count(),
        "waiting": IndexTask.objects.waiting().count(),
        "refused": IndexTask.objects.refused().count(),
        "refusals": IndexTask.objects.refused()[:SHOWN_CODES],
        "lag": (timezone.now() - oldest).total_seconds() if oldest else 0.0,
        "disk": _disk(),
        "tasks": _bars(_counted(DBTaskResult.objects, "status"), "task"),
        "runs": _runs(),
        "codes": _bars(_counted(Rejection.objects, "code")[:SHOWN_CODES], "rejected"),
        "kinds": IngestRun.COUNTS,
        "answers": _bars(answered().items(), "answer"),
    }
    return render(request, "admin/archive/state.html", context)


def _counted(rows: Any, field: str) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list(field).annotate(count=Count("pk")).order_by("-count", field))


def _bars(counts: Iterable[tuple[str, int]], kind: str) -> list[Bar]:
    """One bar for each count, the largest as wide as the box."""
    pairs = list(counts)
    most = max((count for _, count in pairs), default=0) or 1
    return [
        Bar(str(label).lower(), f"{count:,}", (Piece(0, count / most * WIDTH, f"{kind} {str(label)[:12]}".lower()),))
        for label, count in pairs
    ]


def _disk() -> Bar:
    usage = shutil.disk_usage(settings.DATA_DIR)
    used = (1 - usage.free / usage.total) * WIDTH
    kind = "failed" if usage.free < vitals.LOW_DISK_BYTES else "used"
    says = f"{usage.free / 1e9:,.1f} GB free of {usage.total / 1e9:,.1f} GB"
    return Bar("disk", says, (Piece(0, used, kind), Piece(used, WIDTH - used, "free")))


def _runs() -> list[Bar]:
    """The latest runs, each as wide as the most records among them, by what became of their records."""
    runs = list(IngestRun.objects.select_related("dump").order_by("-pk")[:SHOWN_RUNS])
    most = max((run.read for run in runs), default=0) or 1
    return [_run(run, most) for run in runs]


def _run(run: IngestRun, most: int) -> Bar:
    pieces: list[Piece] = []
    at = 0.0
    for count in IngestRun.COUNTS:
        width = getattr(run, count) / most * WIDTH
        pieces.append(Piece(at, width, count))
        at += width
    counts = ", ".join(f"{getattr(run, count):,} {count}" for count in IngestRun.COUNTS if getattr(run, count))
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else 0
    rate = f", {run.read / seconds:,.0f}/s" if seconds and run.read else ""
    beat = (
        f", last heard of {run.heartbeat_at:%H:%M:%S} UTC"
        if run.status == RunStatus.RUNNING and run.heartbeat_at
        else ""
    )
    return Bar(
        f"{run.pk} {run.dump.name if run.dump else run.path}",
        f"{run.get_status_display()}: {counts or 'nothing yet'}{rate}{beat}",
        tuple(piece for piece in pieces if piece.width),
        reverse("admin:archive_ingestrun_change", args=[run.pk]),
    )
