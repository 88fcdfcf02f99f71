"""Cancelling a run and taking one back, as pages of the admin of runs."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from archive.ingest.undoing import UndoRefused, cancel, undo_run, undoing
from archive.models import IngestRun
from archive.tasks import undo_long_run

PERMISSION = "archive.change_ingestrun"


class RunActs(admin.ModelAdmin[IngestRun]):
    """To be mixed into the admin of runs."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:run_id>/cancel/", wrap(require_POST(self.cancel_view)), name="archive_ingestrun_cancel"),
            path("<int:run_id>/undo/", wrap(self.undo_view), name="archive_ingestrun_undo"),
        ]
        return [*own, *super().get_urls()]

    def cancel_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        _demand(request)
        try:
            run = cancel(get_object_or_404(IngestRun, pk=run_id).pk, request.user)
            said = "It ends after the batch it is in." if run.status == "running" else "It will not begin."
            messages.success(request, f"Cancelled. {said}")
        except UndoRefused as refused:
            messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:archive_ingestrun_change", args=[run_id]))

    def undo_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """What it would do; by POST, it is done."""
        _demand(request)
        run = get_object_or_404(IngestRun, pk=run_id)
        if request.method == "POST":
            try:
                if undoing(run).is_long:
                    undo_long_run.enqueue(run.pk, request.user.pk)
                    messages.success(request, "The background worker undoes it now; this page says when it is done.")
                else:
                    done = undo_run(run.pk, request.user)
                    messages.success(request, f"Undone: {done.removed} articles removed, {done.restored} restored.")
            except UndoRefused as refused:
                messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("admin:archive_ingestrun_change", args=[run_id]))
        context: dict[str, Any] = {**self.admin_site.each_context(request), "title": f"Undo run {run.pk}", "run": run}
        context |= {"plan": undoing(run), "opts": self.opts}
        return render(request, "admin/archive/ingestrun/undo.html", context)


def _demand(request: HttpRequest) -> None:
    if not (request.user.is_active and request.user.has_perm(PERMISSION)):
        raise PermissionDenied
