"""Uploads piece by piece, as addresses of the admin of runs: what static/archive/upload.js speaks with."""

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from archive.audit import record
from archive.choices import Act
from archive.ingest import parts
from archive.ingest.parts import UploadRefused
from archive.models import Dump, IngestRun


class UploadParts(admin.ModelAdmin[IngestRun]):
    """To be mixed into the admin of runs, which says who may upload (`has_upload_permission`)."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("upload/parts/", wrap(require_POST(self.begin_view)), name="archive_ingestrun_parts"),
            path(
                "upload/parts/<slug:key>/",
                wrap(require_http_methods(["PUT", "POST"])(self.part_view)),
                name="archive_ingestrun_part",
            ),
        ]
        return [*own, *super().get_urls()]

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """`{name, size, fingerprint, anyway}` → where to send it and from which byte on, or that it is here already."""
        self._demand_upload(request)
        try:
            asked = json.loads(request.body)
            name, size, fingerprint = str(asked["name"]), int(asked["size"]), str(asked["fingerprint"])[:100]
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return JsonResponse({"error": "A name, a size and a fingerprint are asked for."}, status=400)
        try:
            if not asked.get("anyway") and (dump := parts.seen_before(size, fingerprint)):
                return JsonResponse({"seen": _seen(dump)})
            part = parts.begin(_person(request), name, size, fingerprint)
        except UploadRefused as refused:
            return _refusal(refused)
        address = reverse("admin:archive_ingestrun_part", args=[part.key])
        return JsonResponse({"url": address, "offset": part.offset})

    def part_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """PUT adds the body at `Upload-Offset` and, with the last byte, makes a dump; POST throws the part away."""
        self._demand_upload(request)
        user = _person(request)
        if request.method == "POST":
            parts.remove(user, key)
            record(Act.UPLOAD, "an unfinished upload thrown away", by=user)
            return HttpResponseRedirect(reverse("admin:archive_ingestrun_upload"))
        try:
            length, offset = int(request.headers["Content-Length"]), int(request.headers["Upload-Offset"])
        except (ValueError, KeyError):
            return JsonResponse({"error": "Content-Length and Upload-Offset are asked for."}, status=411)
        try:
            part = parts.append(user, key, offset, request, length)
            if part.offset < part.size:
                return JsonResponse({"offset": part.offset})
            dump, was_here = parts.finish(user, part)
        except UploadRefused as refused:
            return _refusal(refused)
        except OSError as error:
            # The browser went away in the middle, or the disk fails: what is here stays, and the next try goes on.
            return JsonResponse({"error": f"The upload was interrupted: {error}."}, status=503)
        record(Act.UPLOAD, f"dump {dump.pk} uploaded", by=user, about=dump, dump=dump.sha256, was_here=was_here)
        return JsonResponse({"offset": part.size, "dump": dump.pk, "seen": _seen(dump) if was_here else None})

    def has_upload_permission(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def _demand_upload(self, request: HttpRequest) -> None:
        if not self.has_upload_permission(request):
            raise PermissionDenied


def upload_context(request: HttpRequest) -> dict[str, Any]:
    """What the upload page says before anything is sent."""
    parts.sweep()
    return {
        "chunk": parts.CHUNK_BYTES,
        "limit": settings.ARCHIVE_MAX_UPLOAD_BYTES,
        "limit_said": filesizeformat(settings.ARCHIVE_MAX_UPLOAD_BYTES),
        "unfinished": [
            (part, datetime.fromtimestamp(part.ends_at, UTC)) for part in parts.unfinished(_person(request))
        ],
    }


def _person(request: HttpRequest) -> Any:
    """Who uploads: `admin_view` lets nobody in who is not signed in."""
    return request.user


def _refusal(refused: UploadRefused) -> JsonResponse:
    return JsonResponse({"error": str(refused), "offset": refused.offset}, status=refused.status)


def _seen(dump: Dump) -> dict[str, Any]:
    """What is known of a dump that is here already: a sentence, and its latest run."""
    run = dump.runs.order_by("-pk").first()
    says = f"uploaded {date_format(dump.created_at, 'j F Y')} as {dump.name}"
    if run:
        kept = run.read - run.rejected
        says += f"; run {run.pk}: {run.get_status_display().lower()}, {kept:,} of {run.read:,} records are articles"
    return {
        "dump": dump.pk,
        "says": says,
        "run": reverse("admin:archive_ingestrun_change", args=[run.pk]) if run else None,
    }
