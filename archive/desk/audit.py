"""The audit as staff read it: filtered, searched, and taken away as CSV; nobody changes it."""

import csv
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path

from archive.audit import AuditEntry, record
from archive.choices import Act
from archive.desk.kept import KeptRecordsAdmin
from archive.text import safe_cell

COLUMNS = ("id", "at", "actor", "act", "kind", "object_id", "summary")


class _Line:
    """A file that gives back what is written to it: `csv.writer` writes a line at a time."""

    def write(self, line: str) -> str:
        return line


@admin.register(AuditEntry)
class AuditAdmin(KeptRecordsAdmin[AuditEntry]):
    list_display = ("at", "actor_shown", "act", "kind", "object_id", "summary")
    list_filter = ("act", "kind", ("actor", admin.AllValuesFieldListFilter))
    search_fields = ("actor", "summary")
    date_hierarchy = "at"
    show_full_result_count = False
    change_list_template = "admin/archive/auditentry/change_list.html"
    fields: ClassVar[Any] = ("at", "actor_shown", "act", "kind", "object_id", "summary", "details")
    readonly_fields = fields

    @admin.display(description="Who", ordering="actor")
    def actor_shown(self, entry: AuditEntry) -> str:
        return entry.actor or "the site"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        own = path("export.csv", self.admin_site.admin_view(self.export), name="archive_auditentry_export")
        return [own, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows under the same filters, all of it; the last line says how many."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request).order_by("pk")
        except (IncorrectLookupParameters, ValueError) as error:
            raise BadRequest("There is no such filter.") from error
        record(Act.EXPORT, "audit exported", by=request.user)
        response = StreamingHttpResponse(
            _csv(entries.iterator(chunk_size=1000)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return response


def _csv(entries: Iterator[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    done = 0
    for entry in entries:
        done += 1
        cells = (entry.pk, entry.at.isoformat(), entry.actor, entry.act, entry.kind, entry.object_id, entry.summary)
        yield str(writer.writerow([safe_cell(cell) for cell in cells]))
    yield str(writer.writerow([f"# complete: {done} acts"]))
