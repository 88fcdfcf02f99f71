"""Taking an article down in three steps: how far and why, what that changes where, done."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from archive.choices import Degree, TakedownReason
from archive.desk.kept import KeptRecordsAdmin
from archive.ingest.named_elsewhere import named_elsewhere
from archive.ingest.takedown import FOR_GOOD, Request, TakedownRefused, end, preview, take_down
from archive.models import Article, Takedown
from archive.tasks import destroy_traces, find_missing_names

MOST_AT_ONCE = 500
PERMISSION = "archive.take_down_article"


class RestrictForm(forms.Form):
    degree = forms.ChoiceField(choices=Degree, widget=forms.RadioSelect)
    reason = forms.ChoiceField(choices=TakedownReason, help_text="Stands in the public log.")
    notice = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown to everybody in place of the article (tombstone, erase). Name nobody here.",
    )
    names = forms.CharField(
        required=False,
        max_length=2000,
        label="Name to remove",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Each form of it on a line: the full name, the surname alone, initials.",
    )
    everywhere = forms.BooleanField(
        required=False,
        label="Remove it from every other article too",
        help_text="Where the full name (two words or more) stands; its other forms go there as well.",
    )
    until = forms.DateTimeField(
        required=False,
        label="Embargo until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="UTC.",
    )
    requester = forms.CharField(required=False, max_length=300, help_text="Who asked; for staff alone.")
    note = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}), help_text="For staff alone."
    )

    def asked(self) -> Request:
        cleaned = self.cleaned_data
        return Request(
            Degree(cleaned["degree"]),
            TakedownReason(cleaned["reason"]),
            cleaned["notice"],
            cleaned["requester"],
            cleaned["note"],
            cleaned["until"],
            tuple(name.strip() for name in cleaned["names"].splitlines() if name.strip()),
        )


def _elsewhere(article: Article, form: RestrictForm) -> list[int]:
    """The other articles that are meant. Raises TakedownRefused where they are too many for one decision."""
    asked = form.asked()
    if asked.degree != Degree.ANONYMISE or not form.cleaned_data["everywhere"]:
        return []
    found = named_elsewhere(article, asked.names)
    if len(found) > MOST_AT_ONCE:
        raise TakedownRefused(f"The name stands in {len(found):,} other articles; at most {MOST_AT_ONCE:,} go at once.")
    return found


def _elsewhere_said(others: list[int]) -> list[tuple[str, str]]:
    if not others:
        return []
    some = ", ".join(str(pk) for pk in others[:10]) + (" …" if len(others) > 10 else "")
    return [("Other articles", f"the same in {len(others):,}: {some}")]


@admin.register(Takedown)
class TakedownAdmin(KeptRecordsAdmin[Takedown]):
    list_display = ("made_at", "article_shown", "degree", "reason", "until", "made_by", "ended_at")
    list_filter = ("degree", "reason")
    list_select_related = ("made_by",)
    fields: ClassVar[Any] = (
        *("article_shown", "degree", "reason", "notice", "requester", "note", "until"),
        *("made_by", "made_at", "ended_at", "back"),
    )
    readonly_fields = fields

    @admin.display(description="Article", ordering="article")
    def article_shown(self, takedown: Takedown) -> str:
        return f"article {takedown.article_id}"

    @admin.display(description="Take back")
    def back(self, takedown: Takedown) -> str:
        if takedown.ended_at or takedown.degree in FOR_GOOD:
            return "cannot be taken back" if not takedown.ended_at else "ended"
        return format_html(
            '<button formaction="{}" formnovalidate>End this takedown</button>',
            reverse("admin:archive_takedown_end", args=[takedown.pk]),
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.has_perm(PERMISSION))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("restrict/<int:article_id>/", wrap(self.restrict), name="archive_takedown_restrict"),
            path("<int:pk>/end/", wrap(require_POST(self.end)), name="archive_takedown_end"),
        ]
        return [*own, *super().get_urls()]

    def restrict(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """The form, then what it changes, then it is done; the second and third step carry the form along."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.select_related("source"), pk=article_id)
        form = RestrictForm(request.POST if request.method == "POST" else None, initial={"degree": Degree.DELIST})
        changes: list[tuple[str, str]] = []
        if request.method == "POST" and form.is_valid():
            try:
                if "confirm" in request.POST:
                    return self._done(request, article, form)
                if "back" not in request.POST:
                    changes = [*preview(article, form.asked()), *_elsewhere_said(_elsewhere(article, form))]
            except TakedownRefused as refused:
                form.add_error(None, str(refused))
        context = {**self.admin_site.each_context(request), "title": "Restrict an article", "opts": self.opts}
        context |= {"article": article, "form": form, "changes": changes, "for_good": FOR_GOOD}
        return render(request, "admin/archive/takedown/restrict.html", context)

    def _done(self, request: HttpRequest, article: Article, form: RestrictForm) -> HttpResponse:
        asked = form.asked()
        others = _elsewhere(article, form)
        made = take_down(article.pk, asked, request.user)
        for other in others:
            take_down(other, asked, request.user)
        if asked.degree in FOR_GOOD:
            transaction.on_commit(destroy_traces.enqueue)
            transaction.on_commit(find_missing_names.enqueue)
        also = f", and from {len(others):,} other articles" if others else ""
        messages.success(request, f"Done: {made.get_degree_display()}{also}")
        return HttpResponseRedirect(reverse("admin:archive_takedown_change", args=[made.pk]))

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        takedown = get_object_or_404(Takedown, pk=pk)
        try:
            end(takedown, request.user)
            messages.success(request, "The article is met again as before.")
        except TakedownRefused as refused:
            messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:archive_takedown_change", args=[pk]))
