"""The name workbench for staff: what is probably one, one name with all it can be told, what is unlinked."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from archive.access import reader_of
from archive.choices import EntityKind, LinkBy
from archive.errors import ArchiveError
from archive.ingest.entities import decisions, duplicates
from archive.ingest.entities.batch import Answer, look_up
from archive.ingest.entities.decision_files import export_decisions, import_decisions
from archive.ingest.entities.decisions import By, NameInArticle
from archive.ingest.entities.partition import family
from archive.models import Article, Decision, Entity, Mention, Source
from archive.text import name_key
from archive.views.passages import Passage, Span, passage, passages_of

PROPOSED, PAIRS = 240, 12
"""Pairs that are proposed, and those on one page."""
SHOWN = 50
"""Articles of a name, or unlinked names, on one page."""
EACH, CANDIDATES = 12, 8
"""Articles shown of an unlinked name, and people proposed for it."""
AT_ONCE = 2_000
"""Articles in which an unlinked name is assigned by one decision."""
MAX_UPLOAD = 10_000_000


@staff_member_required
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that are probably one, most articles gained first, side by side with passages of both."""
    wanted = request.GET.get("filter", "").strip()[:100]
    proposals = duplicates.probable_duplicates(PROPOSED, called=name_key(wanted))
    page = Paginator(proposals, PAIRS).get_page(request.GET.get("page"))
    found = passages_of({entity.pk for each in page for entity in (each.one, each.other)})
    rows = [(each, [(one, found.get(one.pk, [])) for one in (each.one, each.other)]) for each in page]
    recent = list(Decision.objects.select_related("entity", "other", "made_by")[:20])
    last = next((decision for decision in recent if decision.is_active), None)
    context = {"rows": rows, "page": page, "filter": wanted, "recent": recent, "last": last}
    return render(request, "workbench/queue.html", context)


@staff_member_required
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Merge a proposed pair, or declare it two; then on to the pair that stands in its place now."""
    one, other = (get_object_or_404(Entity, pk=_number(request.POST.get(name, ""))) for name in ("one", "other"))
    if request.POST.get("judgement") == "same":
        _do(request, lambda by: decisions.merge(other, one, by), f"{other.name} is now {one.name}.")
    else:
        _do(request, lambda by: decisions.declare_distinct(one, other, by), f"{one.name} and {other.name} stay two.")
    page, place = (max(1, _number(request.POST.get(name, ""))) for name in ("page", "place"))
    query = urlencode({"filter": request.POST.get("filter", "")[:100], "page": page})
    return HttpResponseRedirect(f"{reverse('workbench:queue')}?{query}#pair-{place}")


@staff_member_required
def entity(request: HttpRequest, pk: int) -> HttpResponse:
    """One name: where it stands, what was decided about it, and everything that can be."""
    about = get_object_or_404(Entity.objects.select_related("merged_into"), pk=pk)
    if request.method == "POST":
        _decide(request, about)
        return redirect("workbench:entity", pk=pk)
    page = Paginator(decisions.names_in_articles(about), SHOWN).get_page(request.GET.get("page"))
    context = {
        "entity": about,
        "page": page,
        "rows": _with_passages(page, Mention.objects.filter(entity=about)),
        "aliases": about.aliases.all()[:100],
        "history": decisions.history(about),
        "kinds": EntityKind.choices,
    }
    return render(request, "workbench/entity.html", context)


def _decide(request: HttpRequest, about: Entity) -> None:
    post = request.POST
    names = _names(post)
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
        case "assign":
            _assign(request, names, post.get("to", ""))
        case "merge":
            into = _meant(request, post.get("into", ""))
            if into is not None:
                _do(request, lambda by: decisions.merge(about, into, by), f"Merged into {into.name}.")


@staff_member_required
def unlinked(request: HttpRequest) -> HttpResponse:
    """Names that fit several people, those of most articles first, with the people they fit."""
    if request.method == "POST":
        names = _names(request.POST) or _wherever(request.POST.get("everywhere", ""))
        _assign(request, names, request.POST.get("to", ""))
        return redirect(request.get_full_path())
    open_ones = Mention.objects.filter(entity=None, link=LinkBy.NONE, kind=EntityKind.PERSON).order_by()
    open_ones = open_ones.exclude(article__source__in=Source.objects.hidden_from(reader_of(request)))
    by_key = open_ones.values("key").annotate(articles=Count("article", distinct=True)).order_by("-articles", "key")
    page = Paginator(by_key, SHOWN // 2).get_page(request.GET.get("page"))
    keys = [row["key"] for row in page]
    rows: dict[str, list[Any]] = defaultdict(list)
    found = open_ones.filter(key__in=keys).values("article_id", "kind", "key").annotate(count=Count("pk"))
    for row in found.order_by("-article_id"):
        if len(rows[row["key"]]) < EACH:
            rows[row["key"]].append(row)
    shown = _with_passages((row for key in keys for row in rows[key]), open_ones.filter(key__in=keys))
    told: dict[str, list[Any]] = defaultdict(list)
    for each in shown:
        told[each[0]["key"]].append(each)
    candidates = _bearers({family(key) for key in keys})
    groups = [(row, told[row["key"]], candidates[family(row["key"])]) for row in page]
    return render(request, "workbench/unlinked.html", {"groups": groups, "page": page})


def _wherever(key: str) -> list[NameInArticle]:
    """The name in every article in which it is unlinked, those of the latest articles first."""
    open_ones = Mention.objects.filter(entity=None, link=LinkBy.NONE, kind=EntityKind.PERSON, key=key.replace("\0", ""))
    articles = open_ones.order_by("-article_id").values_list("article_id", flat=True).distinct()[:AT_ONCE]
    return [NameInArticle(article, EntityKind.PERSON, key) for article in articles]


def _bearers(families: set[str]) -> dict[str, list[Entity]]:
    """The people of each surname, most named first."""
    numbers: dict[str, list[int]] = defaultdict(list)
    people = Entity.objects.shown().filter(kind=EntityKind.PERSON, aliases__family__in=families).most_named()
    for pk, name in people.values_list("pk", "aliases__family"):
        if len(numbers[name]) < CANDIDATES and pk not in numbers[name]:
            numbers[name].append(pk)
    entities = Entity.objects.in_bulk({pk for pks in numbers.values() for pk in pks})
    return {name: [entities[pk] for pk in numbers[name]] for name in families}


def _with_passages(rows: Iterable[Any], mentions: Any) -> list[tuple[Any, str, Passage]]:
    """Each row (article, kind, key, count) with the value of its form field and the words around it, in two queries."""
    shown = list(rows)
    articles = Article.objects.select_related("source").in_bulk({row["article_id"] for row in shown})
    spans: dict[tuple[int, str, str], list[Span]] = defaultdict(list)
    for article_id, kind, key, start, end in mentions.filter(article_id__in=list(articles)).values_list(
        "article_id", "kind", "key", "start", "end"
    ):
        spans[article_id, kind, key].append((start, end))
    return [
        (
            row,
            f"{row['article_id']} {row['kind']} {row['key']}",
            passage(articles[row["article_id"]], spans[row["article_id"], row["kind"], row["key"]]),
        )
        for row in shown
    ]


@staff_member_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision, pk=pk)
    _do(request, lambda by: decisions.undo(decision, by), f"Undone: {decision}.")
    if request.POST.get("back") == "queue":
        return redirect("workbench:queue")
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


def _assign(request: HttpRequest, names: list[NameInArticle], text: str) -> None:
    """In these articles the names mean whom staff named."""
    if not names:
        messages.error(request, "Choose the articles first.")
        return
    to = _meant(request, text)
    if to is not None:
        _do(request, lambda by: decisions.assign(names, to, by), f"It means {to.name} there.")


def _meant(request: HttpRequest, text: str) -> Entity | None:
    """The entity that staff named, by its number in the workbench or its name."""
    found = Entity.objects.filter(merged_into=None)
    if _number(text):
        one = found.filter(pk=_number(text)).first()
    else:
        (answer,) = look_up([text]) or [Answer(1, text)]
        one = answer.entities[0] if len(answer.entities) == 1 else None
    if one is None:
        messages.error(request, f"“{text}” is not the name or the number of exactly one entity.")
    return one


def _names(post: QueryDict) -> list[NameInArticle]:
    """The names in articles that were ticked; what is none is left out."""
    found = []
    for value in post.getlist("names"):
        article, _, rest = value.partition(" ")
        kind, _, key = rest.partition(" ")
        if _number(article) and kind in EntityKind.values and key and "\0" not in key:
            found.append(NameInArticle(_number(article), EntityKind(kind), key))
    return found


def _number(text: str) -> int:
    """A row's number as it stands in a form; 0 for what is none."""
    return int(text) if text.strip().isdecimal() and len(text) < 18 else 0
