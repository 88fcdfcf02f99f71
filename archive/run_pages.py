"""The admin's pages about a run besides its own: the preview before it, its rejected records, and their bytes."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from archive.audit import record
from archive.choices import Act
from archive.errors import DumpError
from archive.forms import PreviewForm, RunForm
from archive.ingest.intake import is_kept, queue
from archive.ingest.options import IngestOptions
from archive.models import Dump, IngestRun, Rejection
from archive.tasks import ingest_run

if TYPE_CHECKING:
    from archive.ingest.inspect import Inspection

REJECTIONS_A_PAGE = 50
SHOWN_BYTES = 16 * 1024
"""Of a rejected record; its download has all of it."""
_BYTES_A_ROW = 16
_TEMPLATES = "admin/archive/ingestrun"


class RunPages(admin.ModelAdmin[IngestRun]):
    """To be mixed into the admin of runs, which says who may upload (`has_upload_permission`)."""

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> URLPattern:
            made: URLPattern = path(route, self.admin_site.admin_view(view), name=f"archive_ingestrun_{name}")
            return made

        own = [
            page("preview/", self.preview_view, "preview"),
            page("<int:run_id>/rejections/", self.rejections_view, "rejections"),
            page("<int:run_id>/rejections/download/", self.download_view, "rejections_download"),
            page("<int:run_id>/rejections/retry/", require_POST(self.retry_view), "rejections_retry"),
            page("<int:run_id>/rejections/<int:rejection_id>/", self.rejection_view, "rejection"),
        ]
        return own + super().get_urls()

    def has_upload_permission(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Kept dumps (`?dump=…&dump=…`) as they would be stored; the same form then queues their runs."""
        self._demand_upload(request)
        asked = [int(number) for number in request.GET.getlist("dump") if re.fullmatch(r"\d{1,18}", number, re.ASCII)]
        dumps = [dump for dump in Dump.objects.filter(pk__in=asked).order_by("pk") if is_kept(dump)]
        form = PreviewForm(request.POST if request.method == "POST" else request.GET)
        if request.method == "POST" and "again" not in request.POST and form.is_valid() and dumps:
            return self.queue_runs(request, dumps, form)
        inspections = [_inspect(dump, form) for dump in dumps] if form.is_valid() else []
        return self._page(
            request, "preview", "Before anything is stored", form=form, dumps=dumps, inspections=inspections
        )

    def queue_runs(self, request: HttpRequest, dumps: Sequence[Dump], form: RunForm) -> HttpResponseRedirect:
        """Queue a run of each dump and show it, or the list of runs if there are several."""
        source = form.chosen_source()
        runs = [queue(dump, source=source, user=request.user, options=form.options()) for dump in dumps]
        for run in runs:
            self._enqueue(request, run, Act.RUN)
        names = ", ".join(dump.name for dump in dumps)
        messages.success(request, f"Uploaded {names}; the background worker ingests it now.")
        return HttpResponseRedirect(
            run_url(runs[0]) if len(runs) == 1 else reverse("admin:archive_ingestrun_changelist")
        )

    def rejections_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """All rejected records of a run, how many for which reason, and what can be done about them."""
        run = self._run(request, run_id)
        rejections = run.rejections.all()
        codes = list(rejections.order_by().values("code").annotate(count=Count("pk")).order_by("-count", "code"))
        if code := request.GET.get("code", ""):
            rejections = rejections.filter(code=code)
        return self._page(
            request,
            "rejections",
            f"Rejected records of run {run.pk}",
            run=run,
            codes=codes,
            code=code,
            rejections=Paginator(rejections, REJECTIONS_A_PAGE).get_page(request.GET.get("page")),
            is_kept=run.dump is not None and is_kept(run.dump),
            may_retry=self.has_upload_permission(request),
        )

    def rejection_view(self, request: HttpRequest, run_id: int, rejection_id: int) -> HttpResponse:
        """One rejected record, byte by byte, out of the kept dump or else what was noted of it."""
        run = self._run(request, run_id)
        rejection = get_object_or_404(run.rejections, pk=rejection_id)
        data, is_whole = _bytes_of(run, rejection)
        return self._page(
            request,
            "rejection",
            f"Rejected: {rejection.locator}",
            run=run,
            rejection=rejection,
            text=data[:SHOWN_BYTES].decode("utf-8", "backslashreplace"),
            rows=list(_hex_rows(data[:SHOWN_BYTES])),
            shown=min(len(data), SHOWN_BYTES),
            is_whole=is_whole and len(data) <= SHOWN_BYTES,
        )

    def download_view(self, request: HttpRequest, run_id: int) -> Any:
        """The rejected records as a dump of the same format, to be repaired and brought again."""
        from archive.ingest.rejections import export

        run = self._run(request, run_id)
        try:
            with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="rejected-") as folder:
                done = export(run, Path(folder) / "rejected")
                if done.written:
                    # The folder goes now; the open file can be read until the response closes it.
                    file = (Path(folder) / "rejected").open("rb")
                    kind = "application/octet-stream"  # never what its name or its content would make of it
                    return FileResponse(file, as_attachment=True, filename=done.name, content_type=kind)
            reason = "nobody knows where their bytes are."
        except (DumpError, OSError) as error:
            reason = str(error)
        messages.error(request, f"The rejected records cannot be written out: {reason}")
        return HttpResponseRedirect(reverse("admin:archive_ingestrun_rejections", args=[run.pk]))

    def retry_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Queue a run that reads the rejected records alone, as the run itself was asked to read the dump."""
        self._demand_upload(request)
        run = self._run(request, run_id)
        if run.dump is None or not is_kept(run.dump):
            messages.error(request, "The dump of this run is not kept here; bring it again.")
            return HttpResponseRedirect(reverse("admin:archive_ingestrun_rejections", args=[run.pk]))
        before = IngestOptions.from_json(run.options)
        outcome = {name: value for name, value in before.outcome().items() if name != "code"}
        options = {**outcome, "entities": before.entities, "keep": before.keep, "limit": None, "retry": run.pk}
        again = queue(run.dump, source=run.source, user=request.user, options=options)
        self._enqueue(request, again, Act.RETRY)
        return HttpResponseRedirect(run_url(again))

    def _enqueue(self, request: HttpRequest, run: IngestRun, act: Act) -> None:
        ingest_run.enqueue(run.pk)
        record(act, f"run {run.pk}", by=request.user, about=run, dump=run.dump.sha256 if run.dump else "")

    def _run(self, request: HttpRequest, run_id: int) -> IngestRun:
        run = get_object_or_404(IngestRun.objects.select_related("dump", "source"), pk=run_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return run

    def _demand_upload(self, request: HttpRequest) -> None:
        if not self.has_upload_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        everything = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"{_TEMPLATES}/{template}.html", everything)


def run_url(run: IngestRun) -> str:
    return reverse("admin:archive_ingestrun_change", args=[run.pk])


def as_last_time(user: AbstractBaseUser | AnonymousUser) -> dict[str, Any]:
    """What this person's latest upload was read with, to begin the next one's form with."""
    last = IngestRun.objects.filter(started_by=user.pk, dump__isnull=False).order_by("-pk").first()
    if last is None:
        return {}
    return {"source": last.source_id, "find_names": IngestOptions.from_json(last.options).entities}


def preview_url(dumps: Sequence[Dump], form: RunForm) -> str:
    """The preview of these dumps, read as this form says; a new source is made only when the run is queued."""
    chosen = form.cleaned_data
    query = [("dump", str(dump.pk)) for dump in dumps]
    query += [("source", str(chosen["source"].pk))] if chosen["source"] else []
    query += [("new_source", form.new_name), ("format", chosen["format"])]
    query += [("find_names", "on")] if chosen["find_names"] else []
    return f"{reverse('admin:archive_ingestrun_preview')}?{urlencode([pair for pair in query if pair[1]])}"


def _inspect(dump: Dump, form: PreviewForm) -> "Inspection":
    from archive.ingest.inspect import inspect_dump

    chosen = form.options()
    source = form.cleaned_data["source"]
    asked = IngestOptions.from_json(chosen, source.slug if source else form.new_name)
    return inspect_dump(Path(dump.file.path), asked, name=dump.name)


def _bytes_of(run: IngestRun, rejection: Rejection) -> tuple[bytes, bool]:
    """The record's bytes, and whether these are all of them."""
    from archive.ingest.rejections import kept_dump, locator_of

    try:
        data = kept_dump(run).raw(locator_of(rejection))
    except DumpError:
        data = b""
    return (data, True) if data else (bytes(rejection.excerpt), False)


def _hex_rows(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Rows of sixteen bytes: offset, hexadecimal, and as text with a dot for what is not printable ASCII."""
    for at in range(0, len(data), _BYTES_A_ROW):
        row = data[at : at + _BYTES_A_ROW]
        yield f"{at:08x}", row.hex(" "), "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
