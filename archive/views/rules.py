"""The rules of cleaning as editors see them: what each does and how well; and how a source gets rules of its own."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from archive.access import reader_of
from archive.choices import LineVerb, RunStatus
from archive.errors import ArchiveError
from archive.ingest.account import account_of
from archive.ingest.editing import reference
from archive.ingest.entities.decisions import By
from archive.ingest.rule_runs import rule_name
from archive.ingest.source_rules import make_rule, preview, withdraw_rule
from archive.models import Article, Cut, LineDecision, RecleanRun, Source, SourceRule
from archive.querysets import seen_through
from archive.tasks import apply_source_rule
from archive.views.rule_counts import RuleRow, rule_rows, sources_of

PERMISSION = "archive.change_source"
"""A source's rule changes many articles at once."""
SHOWN_CUTS, SHOWN_SOURCES, SHOWN_RUNS = 50, 20, 10
ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)
_SORTS = {"cuts": lambda row: -row.cuts, "restored": lambda row: (-row.share, -row.restored)}


def may_rule(request: HttpRequest) -> bool:
    """Whether whoever asks may make rules for a source, and withdraw them."""
    user = request.user
    return user.is_authenticated and user.is_staff and user.has_perm(PERMISSION)


def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its counts, the share of its cuts that people took back, and examples."""
    reader, slug = reader_of(request), request.GET.get("source", "")
    source = get_object_or_404(Source.objects.readable_by(reader), slug=slug) if slug else None
    rows = rule_rows(reader, source)
    sort = request.GET.get("sort", "")
    if sort in _SORTS:
        rows = sorted(rows, key=_SORTS[sort])
    context = {
        "rows": rows,
        "source": source,
        "sort": sort if sort in _SORTS else "",
        "cuts": sum(row.cuts for row in rows),
        "restored": sum(row.restored for row in rows),
        "may_rule": may_rule(request),
        "runs": _runs() if may_rule(request) else (),
        "here": "rules",
    }
    return render(request, "archive/rules.html", context)


def _runs() -> list[RecleanRun]:
    return list(RecleanRun.objects.select_related("source", "rule", "started_by")[:SHOWN_RUNS])


def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule: where it cuts most, its latest cuts, and what of them people took back."""
    reader = reader_of(request)
    row = next((row for row in rule_rows(reader) if row.name == name), None)
    if row is None:
        raise Http404("There is no such rule.")
    if request.method == "POST":
        return _withdraw(request, row)
    shown = seen_through("article", reader)
    context = {
        "row": row,
        "cuts": Cut.objects.filter(shown, rule=name).select_related("article__source").order_by("-pk")[:SHOWN_CUTS],
        "restored": LineDecision.objects.filter(shown, rule=name, verb=LineVerb.KEEP, undone_at=None)
        .select_related("article__source")
        .order_by("-pk")[:SHOWN_CUTS],
        "sources": sources_of(name, reader, SHOWN_SOURCES),
        "may_rule": may_rule(request),
        "run": row.source_rule.runs.first() if row.source_rule else None,
        "here": "rules",
    }
    return render(request, "archive/rule.html", context)


def _withdraw(request: HttpRequest, row: RuleRow) -> HttpResponse:
    if not may_rule(request) or row.source_rule is None:
        raise PermissionDenied("Only staff who may change sources withdraw their rules.")
    if row.source_rule.withdrawn_at is None:
        run = withdraw_rule(row.source_rule, By(user=request.user))  # type: ignore[arg-type]  # may_rule saw that somebody is signed in
        apply_source_rule.enqueue(run.pk)
        messages.success(request, "The rule is withdrawn; the worker gives its lines back now.")
    return redirect("archive:rule", name=row.name)


@login_required
@permission_required(PERMISSION, raise_exception=True)
def propose(request: HttpRequest) -> HttpResponse:
    """What a line would change in every article of its source; and, after that was seen, the rule itself."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = asked.get("article", "")
    shown = Article.objects.readable_by(reader_of(request)).select_related("source", "raw").prefetch_related("cuts")
    article = get_object_or_404(shown, pk=int(pk) if re.fullmatch(r"\d{1,18}", pk) else 0)
    line = next((each for each in account_of(article).lines if reference(each) == asked.get("line")), None)
    if line is None or asked.get("verb") not in LineVerb.values:
        messages.error(request, "That line is not in this article any more. Choose it again.")
        return redirect("archive:article-source", pk=article.pk)
    verb = LineVerb(asked["verb"])
    if request.method == "POST":
        seen = asked.get("seen", "")
        by = By(user=request.user, reason=asked.get("reason", "").strip()[:1000])  # type: ignore[arg-type]  # signed in, by the decorator
        try:
            made = make_rule(article.source, verb, line.text, int(seen) if seen.isdecimal() else -1, by)
        except ArchiveError as refused:
            messages.error(request, str(refused))
        else:
            apply_source_rule.enqueue(made.runs.get().pk)
            messages.success(request, "The rule is made; the worker applies it to the stored articles now.")
            return redirect("archive:rule", name=rule_name(made))
    standing = SourceRule.objects.filter(source=article.source, withdrawn_at=None)
    context = {
        "article": article,
        "source": article.source,
        "line": line,
        "reference": reference(line),
        "verb": verb,
        "other": LineVerb.KEEP if verb == LineVerb.CUT else LineVerb.CUT,
        "preview": preview(article.source, verb, line.text),
        "standing": [rule for rule in standing if rule.text == line.text],
        "here": "rules",
    }
    return render(request, "archive/rule_proposal.html", context)


@login_required
@permission_required(PERMISSION, raise_exception=True)
def reclean_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of one run over stored articles: counts, and the articles that it changes most."""
    run = get_object_or_404(RecleanRun.objects.select_related("source", "rule__source", "started_by"), pk=pk)
    shown = seen_through("article", reader_of(request))
    context = {
        "run": run,
        "is_active": run.status in ACTIVE,
        "rule_name": rule_name(run.rule) if run.rule else "",
        "worst": run.worst.filter(shown).select_related("article__source"),
        "nothing_left": Article.objects.filter(pk__in=run.counts.get("no_article_any_more", [])[:100]),
        "here": "rules",
    }
    return render(request, "archive/reclean_run.html", context)


def proposal_address(article: Article, line: str, verb: LineVerb) -> str:
    """Where a rule about this line is proposed."""
    return f"{reverse('archive:rule-proposal')}?article={article.pk}&line={line}&verb={verb.value}"
