"""The editors' desk: upload a dump and watch its run; look at and correct articles, names and sources."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timeuntil

from archive.access import reader_of
from archive.audit import record
from archive.choices import Act, RunStatus
from archive.desk import accounts, audit, restricting
from archive.desk.kept import KeptRecordsAdmin
from archive.desk.run_acts import RunActs
from archive.desk.upload_parts import UploadParts, upload_context
from archive.errors import ArchiveError
from archive.forms import ArticleForm, UploadForm
from archive.ingest.corrections import Correction, correct_article, correct_entity
from archive.ingest.entities.link import recount_named_in
from archive.ingest.intake import receive
from archive.locks import is_locked
from archive.models import Article, Dump, Entity, EntityAlias, IngestRun, Source
from archive.run_pages import RunPages, as_last_time, preview_url
from archive.tasks import find_missing_names

ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)
SHOWN_REJECTIONS = 5

__all__ = ["accounts", "audit", "restricting"]

admin.site.site_header = "Newsroom Archive"
admin.site.index_title = "The editors' desk"


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("name", "slug", "domain")
    search_fields = ("name", "slug", "domain")
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    fields = ("name", "slug", "domain", "field_map", "only_for")

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        # A source's address is permanent.
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm[Source], change: bool) -> None:
        """A source that opens or closes changes what is counted of the names in it."""
        super().save_model(request, obj, form, change)
        record(Act.SOURCE, f"source {obj.slug}", by=request.user, about=obj, fields=sorted(form.changed_data))
        if change and "only_for" in form.changed_data:
            recount_named_in(Article.objects.filter(source=obj).values_list("pk", flat=True))


@admin.register(Article)
class ArticleAdmin(KeptRecordsAdmin[Article]):
    form = ArticleForm
    list_display = ("title_or_id", "source", "published_on", "word_count", "version", "visibility")
    list_filter = ("visibility", "is_headline_only", "source")
    list_select_related = ("source",)
    search_fields = ("title",)
    date_hierarchy = "published_on"
    show_full_result_count = False
    fields = ("where", "title", "standfirst", "byline_text", "body_text", "section")
    readonly_fields = ("where",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Without the articles of sources that are closed to whoever asks; what was taken down is here to be seen."""
        return super().get_queryset(request).exclude(source__in=Source.objects.hidden_from(reader_of(request)))

    @admin.display(description="Article", ordering="title")
    def title_or_id(self, article: Article) -> str:
        return str(article)

    @admin.display(description="In the archive")
    def where(self, article: Article) -> str:
        return format_html(
            '<a href="{}">Article {}</a> · <a href="{}">what was kept and what was removed</a>'
            ' · <a href="{}">restrict</a>',
            article.get_absolute_url(),
            article.pk,
            reverse("archive:article-source", args=[article.pk]),
            reverse("admin:archive_takedown_restrict", args=[article.pk]),
        )

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm[Article], change: bool) -> None:
        assert isinstance(form, ArticleForm)
        wanted = Correction(
            title=obj.title,
            standfirst=obj.standfirst,
            byline=tuple(form.byline()),
            body=tuple(form.body()),
            section=obj.section,
        )
        record(Act.EDIT, f"article {obj.pk} corrected", by=request.user, about=obj, fields=sorted(form.changed_data))
        if correct_article(obj.pk, wanted).named_at is None:
            transaction.on_commit(find_missing_names.enqueue)


class AliasInline(admin.TabularInline[EntityAlias, Entity]):
    model = EntityAlias
    fields = ("name",)
    readonly_fields = ("name",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entity)
class EntityAdmin(KeptRecordsAdmin[Entity]):
    list_display = ("name", "kind", "article_count", "mention_count", "merged_into", "is_hidden")
    list_filter = ("kind", "is_hidden")
    list_select_related = ("merged_into",)
    search_fields = ("name", "aliases__name")
    ordering = ("-article_count", "sort_name")
    fields = ("name", "kind", "slug", "article_count", "mention_count", "merged_into", "is_hidden")
    readonly_fields = ("kind", "slug", "article_count", "mention_count", "merged_into")
    inlines = (AliasInline,)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Entity, form: ModelForm[Entity], change: bool) -> None:
        correct_entity(obj.pk, name=obj.name, is_hidden=obj.is_hidden, user=request.user)


@admin.register(Dump)
class DumpAdmin(KeptRecordsAdmin[Dump]):
    list_display = ("name", "format", "size", "brought_by", "created_at")
    search_fields = ("name", "sha256")
    fields = readonly_fields = ("name", "sha256", "format", "size", "brought_by", "created_at")


@admin.register(IngestRun)
class IngestRunAdmin(RunActs, UploadParts, RunPages, KeptRecordsAdmin[IngestRun]):
    list_display = ("__str__", "dump", "status", *("read", *IngestRun.COUNTS), "started_by", "created_at")
    list_filter = ("status",)
    list_select_related = ("dump", "started_by")
    search_fields = ("dump__name", "dump__sha256", "path")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("upload/", wrap(self.upload_view), name="archive_ingestrun_upload"),
            path("<int:run_id>/status/", wrap(self.status_view), name="archive_ingestrun_status"),
        ]
        return own + super().get_urls()

    def has_upload_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and user.has_perm("archive.add_ingestrun")

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """A form to upload dumps; each is looked at first, or becomes a queued run of its own at once."""
        if not self.has_upload_permission(request):
            raise PermissionDenied
        remembered = as_last_time(request.user)
        form = UploadForm(initial=remembered)
        if request.method == "POST":
            # Reading the POST is what runs the upload handler, so only now is it known whether that was too much.
            sent = {"data": request.POST, "files": request.FILES}
            too_large = getattr(request, "upload_too_large", False)
            form = UploadForm(**sent, initial=remembered, upload_too_large=too_large)
        if form.is_valid() and (dumps := self._receive(request, form)):
            if "preview" in request.POST:
                return HttpResponseRedirect(preview_url(dumps, form))
            return self.queue_runs(request, dumps, form)
        context = {**self.admin_site.each_context(request), "title": "Upload a dump", "form": form}
        context |= upload_context(request)
        return render(request, "admin/archive/ingestrun/upload.html", context)

    def _receive(self, request: HttpRequest, form: UploadForm) -> list[Dump]:
        dumps = list(form.cleaned_data["dump"])
        for file in form.cleaned_data["dumps"]:
            try:
                dumps.append(dump := receive(file, request.user))
                said = f"dump {dump.pk} uploaded"
                record(Act.UPLOAD, said, by=request.user, about=dump, dump=dump.sha256)
            except (ArchiveError, OSError) as error:
                form.add_error("dumps", f"{file.name}: {error}")
        return dumps

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The run's page: nothing to type, everything to see."""
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # Django's own way, missing in the stubs
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": f"Ingest run {run.pk}", **_status(run)}
        return render(request, "admin/archive/ingestrun/run.html", context)

    def status_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """The moving part of the run's page, for htmx."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(IngestRun.objects.select_related("dump", "source", "started_by"), pk=run_id)
        return render(request, "admin/archive/ingestrun/_status.html", _status(run))


def _status(run: IngestRun) -> dict[str, Any]:
    """What the run's page shows."""
    seconds = 0.0
    if run.started_at:
        seconds = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
    size = run.dump.size if run.dump else 0
    # What is read at once, as a small file is, has no half-way.
    is_under_way = run.status == RunStatus.RUNNING and 0 < run.position < size
    return {
        "percent": 100 * run.position // size if is_under_way else None,
        "left": _said(seconds * (size - run.position) / run.position) if is_under_way else "",
        "run": run,
        "is_active": run.status in ACTIVE,
        "seconds": seconds,
        "rate": run.read / seconds if seconds and run.read else None,
        "rejections": run.rejections.all()[:SHOWN_REJECTIONS] if run.rejected else (),
        "worker_is_running": is_locked(settings.DATA_DIR / "worker.lock"),
    }


def _said(seconds: float) -> str:
    """A guess of a time to wait, no finer than it is good for."""
    return "under a minute" if seconds < 60 else f"about {timeuntil(timezone.now() + timedelta(seconds=seconds + 1))}"
