"""The queue of articles whose date nobody knows, or which is doubtful: staff accept what is suggested, or judge."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from archive.access import reader_of
from archive.choices import DateVerb
from archive.errors import ArchiveError
from archive.ingest.date_decisions import leave_undated, read_date, set_date, undo_date
from archive.ingest.date_suggestions import suggestions
from archive.ingest.entities.decisions import By
from archive.models import DOUBTFUL, Article, DateDecision, Source
from archive.querysets import ArticleQuerySet

PER_PAGE, RECENT = 20, 10


@login_required
@permission_required("archive.change_article", raise_exception=True)
def queue(request: HttpRequest) -> HttpResponse:
    """Articles to date, oldest row first, each with what may be its date; or one article of the reader's choice."""
    if request.method == "POST":
        _judge(request)
        return redirect(request.get_full_path())
    shown = Article.objects.readable_by(reader_of(request))
    show, slug = request.GET.get("show", ""), request.GET.get("source", "")
    source = get_object_or_404(Source, slug=slug) if slug else None
    if source:
        shown = shown.filter(source=source)
    one = request.GET.get("article", "")
    asked = shown.filter(pk=int(one)) if re.fullmatch(r"\d{1,18}", one) else _asked(shown, show)
    page = Paginator(asked.select_related("source", "raw__dump").order_by("pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    articles = list(page.object_list)
    found = suggestions(articles)
    standing = {
        each.article_id: each
        for each in DateDecision.objects.filter(article__in=articles, undone_at=None).select_related("made_by")
    }
    context = {
        "page": page,
        "rows": [(article, found[article.pk], standing.get(article.pk)) for article in articles],
        "show": show if show in ("doubtful", "left") else "",
        "source": source,
        "is_one": bool(one),
        "recent": DateDecision.objects.filter(undone_at=None)
        .exclude(article__source__in=Source.objects.hidden_from(reader_of(request)))
        .select_related("article__source", "made_by")[:RECENT],
    }
    return render(request, "archive/dates.html", context)


def _asked(shown: ArticleQuerySet, show: str) -> ArticleQuerySet:
    judged = DateDecision.objects.filter(undone_at=None)
    if show == "doubtful":
        return shown.filter(published_confidence__lt=DOUBTFUL).exclude(pk__in=judged.values("article"))
    left = judged.filter(verb=DateVerb.LEAVE).values("article")
    undated = shown.filter(published_on__isnull=True)
    return undated.filter(pk__in=left) if show == "left" else undated.exclude(pk__in=left)


def _judge(request: HttpRequest) -> None:
    post = request.POST
    by = By(user=request.user, reason=post.get("reason", "").strip()[:1000])  # type: ignore[arg-type]  # signed in, by the decorator
    readable = Article.objects.readable_by(reader_of(request)).select_related("source", "raw__dump")
    pk = post.get("article", "")
    article = get_object_or_404(readable, pk=int(pk) if re.fullmatch(r"\d{1,18}", pk) else 0)
    act = _act(request, article, by)
    if act is None:
        return
    try:
        messages.success(request, act())
    except ArchiveError as refused:
        messages.error(request, str(refused))


def _act(request: HttpRequest, article: Article, by: By) -> Callable[[], str] | None:
    """What the form asks for; None if it asks for nothing that there is."""
    post = request.POST
    if accepted := post.get("accept"):
        chosen = next((each for each in suggestions([article])[article.pk] if each.key == accepted), None)
        if chosen is None:
            return None
        return lambda: f"“{article}”: {set_date(article.pk, chosen.found, by).day:%-d %B %Y}, as suggested."
    if "set" in post:
        return lambda: f"“{article}”: {set_date(article.pk, read_date(post.get('date', '')), by).day:%-d %B %Y}."
    if "leave" in post:
        return lambda: f"“{article}” stays undated." if leave_undated(article.pk, by) else ""
    if "undo" in post:
        decision = get_object_or_404(DateDecision, article=article, undone_at=None)

        def undo() -> str:
            undo_date(decision, by)
            return f"Undone: the date of “{article}” is again as the rules read it."

        return undo
    return None


def judging_address(article: Article) -> str:
    """Where this article's date is judged."""
    return f"{reverse('archive:date-queue')}?article={article.pk}"
