"""The name workbench for staff: what is probably one, one name with all it can be told, what is unlinked, a batch."""

import csv
import json
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from archive.choices import EntityKind, LinkBy
from archive.errors import ArchiveError
from archive.ingest.entities import batch as batches
from archive.ingest.entities import decisions, duplicates
from archive.ingest.entities.decision_files import export_decisions, import_decisions
from archive.ingest.entities.decisions import By, NameInArticle
from archive.models import Decision, Entity, Mention

SHOWN = 200
"""Names in articles, or unlinked names, on one page."""
MAX_UPLOAD = 10_000_000
CONTEXT = 60
"""Characters beside a mention."""


@staff_member_required
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that are probably one, most articles gained first, each with a passage of both."""
    proposals = duplicates.probable_duplicates()
    passages = _passages({entity.pk for each in proposals for entity in (each.one, each.other)})
    rows = [(each, passages.get(each.one.pk, ""), passages.get(each.other.pk, "")) for each in proposals]
    recent = Decision.objects.select_related("entity", "other", "made_by")[:20]
    return render(request, "workbench/queue.html", {"rows": rows, "recent": recent})


@staff_member_required
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Merge a proposed pair, or declare it two."""
    one, other = (get_object_or_404(Entity, pk=_number(request.POST, name)) for name in ("one", "other"))
    if request.POST.get("judgement") == "same":
        _do(request, lambda by: decisions.merge(other, one, by), f"{other.name} is now {one.name}.")
    else:
        _do(request, lambda by: decisions.declare_distinct(one, other, by), f"{one.name} and {other.name} stay two.")
    return redirect("workbench:queue")


@staff_member_required
def entity(request: HttpRequest, pk: int) -> HttpResponse:
    """One name: where it stands, what was decided about it, and everything that can be."""
    about = get_object_or_404(Entity.objects.select_related("merged_into"), pk=pk)
    if request.method == "POST":
        _decide(request, about)
        return redirect("workbench:entity", pk=pk)
    found = decisions.names_in_articles(about)
    context = {
        "entity": about,
        "names": [
            (f"{name.article_id} {name.kind} {name.key}", name, article, count)
            for name, article, count in found[:SHOWN]
        ],
        "left_out": max(0, len(found) - SHOWN),
        "aliases": about.aliases.all(),
        "history": decisions.history(about),
        "kinds": EntityKind.choices,
    }
    return render(request, "workbench/entity.html", context)


def _decide(request: HttpRequest, about: Entity) -> None:
    post = request.POST
    names = [name for value in post.getlist("names") if (name := _name(value))]
    match post.get("do"):
        case "rename":
            _do(request, lambda by: decisions.rename(about, post.get("name", ""), by), "Renamed.")
        case "kind":
            if post.get("kind") in EntityKind.values:
                _do(request, lambda by: decisions.change_kind(about, EntityKind(post["kind"]), by), "Kind changed.")
        case "hide":
            _do(request, lambda by: decisions.hide(about, by), "It is no name any more.")
        case "split":
            _do(request, lambda by: decisions.split(about, names, by, name=post.get("name", "")), "Split.")
        case "none":
            _do(request, lambda by: decisions.assign(names, None, by), "No name there any more.")
        case "merge":
            into = _meant(request, post.get("into", ""))
            if into is not None:
                _do(request, lambda by: decisions.merge(about, into, by), f"Merged into {into.name}.")


@staff_member_required
def unlinked(request: HttpRequest) -> HttpResponse:
    """Names that fit several people, most frequent first; each can be assigned to whom it means in an article."""
    if request.method == "POST":
        to, name = _meant(request, request.POST.get("to", "")), _name(request.POST.get("name", ""))
        if to is not None and name is not None:
            _do(request, lambda by: decisions.assign([name], to, by), f"It means {to.name} there.")
        return redirect("workbench:unlinked")
    open_ones = Mention.objects.filter(entity=None, link=LinkBy.NONE).order_by()
    groups = open_ones.values("article_id", "article__title", "kind", "key").annotate(count=Count("pk"))
    rows = [
        (f"{row['article_id']} {row['kind']} {row['key']}", row) for row in groups.order_by("key", "article_id")[:SHOWN]
    ]
    return render(request, "workbench/unlinked.html", {"rows": rows, "total": groups.count()})


@staff_member_required
def batch(request: HttpRequest) -> HttpResponse:
    """Up to 1,000 names, pasted or uploaded, looked up at once; as a page or CSV."""
    if request.method != "POST":
        return render(request, "workbench/batch.html", {"answers": None, "limit": batches.LIMIT})
    text = request.POST.get("names", "")
    upload = request.FILES.get("file")
    if upload is not None and upload.size and upload.size <= MAX_UPLOAD:
        text = f"{text}\n{upload.read().decode('utf-8-sig', 'replace')}".lstrip("\n")
    answers = batches.look_up(text.splitlines())
    if request.POST.get("as") == "csv":
        return _as_csv(request, answers)
    return render(request, "workbench/batch.html", {"answers": answers, "names": text, "limit": batches.LIMIT})


def _as_csv(request: HttpRequest, answers: list[batches.Answer]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="names.csv"'
    rows = csv.writer(response)
    rows.writerow(["line", "name", "found", "kind", "articles", "url", "problem"])
    for answer in answers:
        if answer.problem:
            rows.writerow([answer.line, _plain(answer.name), "", "", 0, "", answer.problem])
        for one in answer.entities:
            url = request.build_absolute_uri(one.get_absolute_url())
            rows.writerow([answer.line, _plain(answer.name), _plain(one.name), one.kind, one.article_count, url, ""])
    return response


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@staff_member_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision, pk=pk)
    _do(request, lambda by: decisions.undo(decision, by), f"Undone: {decision}.")
    return HttpResponseRedirect(reverse("workbench:entity", args=[decision.entity_id]))


@staff_member_required
def decisions_file(request: HttpRequest) -> HttpResponse:
    """All decisions that stand, as a file; or such a file made."""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            done = import_decisions(json.loads(upload.read(MAX_UPLOAD) if upload else "null"))
            messages.success(request, f"{done.made} decisions made, {done.known} known already.")
            for problem in done.problems[:20]:
                messages.warning(request, problem)
        except (ArchiveError, ValueError, RecursionError) as error:
            messages.error(request, f"The file was not taken: {error}")
        return redirect("workbench:queue")
    content = json.dumps(export_decisions(), ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="decisions.json"'
    return response


def _do(request: HttpRequest, decide: Any, done: str) -> None:
    """Decides for the one who asks, and says what came of it."""
    user = request.user if request.user.is_authenticated else None
    try:
        decide(By(user=user, reason=request.POST.get("reason", "")[:1000]))
    except ArchiveError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)


def _meant(request: HttpRequest, text: str) -> Entity | None:
    """The entity that staff named, by its number in the workbench or its name."""
    found = Entity.objects.filter(merged_into=None)
    if text.strip().isdecimal() and len(text) < 18:
        one = found.filter(pk=int(text)).first()
    else:
        (answer,) = batches.look_up([text]) or [batches.Answer(1, text)]
        one = answer.entities[0] if len(answer.entities) == 1 else None
    if one is None:
        messages.error(request, f"“{text}” is not the name or the number of exactly one entity.")
    return one


def _name(value: str) -> NameInArticle | None:
    article, _, rest = value.partition(" ")
    kind, _, key = rest.partition(" ")
    if not article.isdecimal() or len(article) > 18 or kind not in EntityKind.values or not key:
        return None
    return NameInArticle(int(article), EntityKind(kind), key)


def _number(post: QueryDict, name: str) -> int:
    value = post.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def _passages(entity_ids: set[int]) -> dict[int, str]:
    """For each entity a passage in which it is named, in one query."""
    first: dict[int, int] = {}
    for pk, entity_id in (
        Mention.objects.filter(entity_id__in=entity_ids).order_by("-pk").values_list("pk", "entity_id")
    ):
        if entity_id is not None:
            first[entity_id] = pk
    passages: dict[int, str] = {}
    for mention in Mention.objects.filter(pk__in=first.values()).select_related("article"):
        text = mention.article.text
        if mention.entity_id is not None:
            passages[mention.entity_id] = " ".join(
                text[max(0, mention.start - CONTEXT) : mention.end + CONTEXT].split()
            )
    return passages
