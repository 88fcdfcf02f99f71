"""The account of an article's raw lines: each in its order, where it went, and why; staff decide anew about some."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from archive.choices import LinePlace, LineVerb
from archive.errors import ArchiveError
from archive.ingest import standing
from archive.ingest.account import account_of, is_rewritten
from archive.ingest.editing import decide_lines, reference, undo_line
from archive.ingest.entities.decisions import By
from archive.ingest.records import Line
from archive.ingest.rulings import CUTTABLE, find_lines
from archive.models import Article, LineDecision
from archive.tasks import find_names_of
from archive.views.opening import open_article
from archive.views.proof import notes, proofs
from archive.views.rules import may_rule, proposal_address

PERMISSION = "archive.change_article"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One raw line, or a part of one, as the page shows it."""

    line: int
    text: str
    place: str
    """Where it went, in words: "title", "body", "removed"."""
    rule: str
    reason: str
    is_removed: bool
    reference: str = ""
    """What the form sends to mean this line; empty where it cannot be decided about."""
    decision: LineDecision | None = None
    """What a person decided about it, if that stands."""
    name: str = ""
    """The rule's name in the code, by which its page is found."""
    part: int = 0
    """0 for a line that is whole, or for the first part of one."""


def ledger(article: Article) -> list[LedgerRow]:
    """Every non-blank raw line; a line of which only a part was cut gives a row for each part."""
    lines = account_of(article).lines
    decided = find_lines(lines, standing.lines([article.pk]).get(article.pk, ()))
    return [
        _row(line, decided.get(index), part=sum(one.number == line.number for one in lines[max(0, index - 5) : index]))
        for index, line in enumerate(lines)
    ]


def _row(line: Line, decision: LineDecision | None, part: int) -> LedgerRow:
    is_removed = line.place == LinePlace.REMOVED
    place = "removed" if is_removed else line.place.label.lower()
    may_change = is_removed or line.place in CUTTABLE
    return LedgerRow(
        line.number,
        line.text,
        place,
        rule_words(line.rule),
        line.reason,
        is_removed,
        reference(line) if may_change else "",
        decision,
        line.rule,
        part,
    )


def rule_words(rule: str) -> str:
    """A rule's name as a reader says it: "glued-advertisement" → "glued advertisement"."""
    return rule.replace("-", " ")


def may_decide(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Whether somebody may put lines back or take them out."""
    return bool(getattr(user, "is_staff", False) and getattr(user, "is_active", False)) and user.has_perm(PERMISSION)  # type: ignore[union-attr]  # every user of ours has permissions


def source_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What was kept and what was removed, line by line, with the dump's proof; staff decide about lines here."""
    found = open_article(request, pk, "source", "raw__dump")
    if request.method == "POST":
        return redirect(_decide(request, found))
    rows = ledger(found)
    context = {
        "article": found,
        "rows": rows,
        "proofs": proofs(found),
        "notes": notes(found),
        "removed": sum(row.is_removed for row in rows),
        "kept": sum(not row.is_removed for row in rows),
        "may_decide": may_decide(request.user) and bool(rows),
        "is_rewritten": is_rewritten(found),
        "may_rule": may_rule(request),
        "decided": sum(row.decision is not None for row in rows),
    }
    return render(request, "archive/article_source.html", context)


def _decide(request: HttpRequest, article: Article) -> str:
    """Do what the form of the source page asks, and say what came of it; the address where to go on."""
    here = reverse("archive:article-source", args=[article.pk])
    if not may_decide(request.user):
        raise PermissionDenied("Only staff who may change articles decide about their lines.")
    post = request.POST
    by = By(user=request.user if request.user.is_authenticated else None, reason=post.get("reason", "").strip()[:1000])
    try:
        if re.fullmatch(r"\d{1,18}", post.get("undo", "")):
            decision = get_object_or_404(LineDecision, pk=int(post["undo"]), article=article)
            undo_line(decision.pk, by)
            done = f"Undone: line {decision.line} is again as the rules say."
        elif post.get("everywhere") in LineVerb.values and post.get("lines"):
            return proposal_address(article, post["lines"], LineVerb(post["everywhere"]))
        elif post.get("verb") in LineVerb.values:
            verb = LineVerb(post["verb"])
            made = decide_lines(article.pk, post.getlist("lines"), verb, by)
            done = _done(len(made), verb)
        else:
            return here
    except ArchiveError as refused:
        messages.error(request, str(refused))
        return here
    messages.success(request, done)
    find_names_of.enqueue([article.pk])
    return here


def _done(count: int, verb: LineVerb) -> str:
    lines = "1 line" if count == 1 else f"{count} lines"
    if verb == LineVerb.KEEP:
        return f"{lines} put back into the text." if count else "None of these lines was out of the text."
    return f"{lines} taken out of the text." if count else "None of these lines was in the text."
