"""Readers' collections: their list, each with its order and notes, and what a shared link shows."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from archive import shelves
from archive.access import reader_of
from archive.models import Article, Collection, CollectionItem
from archive.search.run import in_batches
from archive.views.export import stream

PER_PAGE, MOST_DIGITS = 200, 18
Response = TypeVar("Response", bound=HttpResponseBase)


class CollectionForm(forms.ModelForm[Collection]):
    class Meta:
        model = Collection
        fields = ["name", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """The reader's own, the latest first; POST makes a new one."""
    form = CollectionForm(request.POST or None, instance=Collection(owner_id=_owner(request)))
    if request.method == "POST" and _saved(form):
        return redirect(form.instance)
    mine = Collection.objects.filter(owner=_owner(request))
    return render(request, "archive/collections.html", {"collections": mine, "form": form, "here": "collections"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the reader's own; POST changes it as its `verb` says."""
    mine = get_object_or_404(Collection, pk=pk, owner=_owner(request))
    form = CollectionForm(instance=mine)
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb == "rename":
            form = CollectionForm(request.POST, instance=mine)
            if _saved(form):
                return redirect(mine)
            mine.refresh_from_db()
        elif verb == "delete":
            mine.delete()
            messages.success(request, f"The collection “{mine.name}” is gone; its articles are where they were.")
            return redirect("archive:collections")
        elif act := _VERBS.get(verb):
            act(request, mine)
            return redirect(mine)
    return render(request, "archive/collection.html", {**_context(request, mine), "form": form, "is_mine": True})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Put the articles given as `article` into a collection: a page to choose one or name a new one, then POST."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("article")
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS]
    chosen = (
        Article.objects.listed_for(reader_of(request)).select_related("source").in_bulk(ids[: shelves.MOST_AT_ONCE])
    )
    articles = [chosen[pk] for pk in dict.fromkeys(ids) if pk in chosen]
    mine = Collection.objects.filter(owner=_owner(request))
    problem = ""
    if request.method == "POST" and articles:
        target, problem = _target(request)
        if target:
            added = shelves.add(target, [one.pk for one in articles], reader_of(request), _note(request))
            messages.success(request, f"{added} added; {len(articles) - added} were in it already.")
            return redirect(target)
    context = {"articles": articles, "collections": mine, "problem": problem}
    return render(request, "archive/collect.html", context)


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What the link shows to whoever has it, as far as they may see the articles; nothing once it is revoked."""
    found = get_object_or_404(Collection, token=token)
    return _unlisted(render(request, "archive/collection.html", {**_context(request, found), "is_mine": False}))


@login_required
@require_safe
def export_collection(request: HttpRequest, pk: int, style: str) -> HttpResponseBase:
    return _exported(request, get_object_or_404(Collection, pk=pk, owner=_owner(request)), style)


@require_safe
def export_shared(request: HttpRequest, token: str, style: str) -> HttpResponseBase:
    return _unlisted(_exported(request, get_object_or_404(Collection, token=token), style))


def _exported(request: HttpRequest, found: Collection, style: str) -> HttpResponseBase:
    reader = reader_of(request)
    notes = dict(shelves.items_for(found, reader).values_list("article_id", "note"))
    return stream(
        request, style, in_batches(list(notes), reader), len(notes), "newsroom-archive-collection", notes=notes
    )


def _context(request: HttpRequest, found: Collection) -> dict[str, object]:
    items = shelves.items_for(found, reader_of(request))
    size = shelves.MOST_AT_ONCE * 10 if request.GET.get("all") else PER_PAGE
    return {"collection": found, "page": Paginator(items, size).get_page(request.GET.get("page"))}


def _unlisted(response: Response) -> Response:
    """Not for search engines, nor told to the pages that are opened from it."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _owner(request: HttpRequest) -> int:
    assert request.user.pk is not None, "only behind login_required"
    return int(request.user.pk)


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:10_000]


def _target(request: HttpRequest) -> tuple[Collection | None, str]:
    """The collection chosen, or the new one that was named; else what is wrong."""
    owner = _owner(request)
    if name := request.POST.get("name", "").strip()[:200]:
        return Collection.objects.get_or_create(owner_id=owner, name=name)[0], ""
    chosen = request.POST.get("collection", "")
    known = chosen.isascii() and chosen.isdigit() and len(chosen) <= MOST_DIGITS
    found = Collection.objects.filter(owner=owner, pk=int(chosen)).first() if known else None
    return found, "" if found else "Choose one of your collections or name a new one."


def _saved(form: CollectionForm) -> bool:
    """Whether it is stored; a second collection of the same name is refused in words."""
    if not form.is_valid():
        return False
    others = Collection.objects.filter(owner=form.instance.owner_id, name=form.instance.name)
    if others.exclude(pk=form.instance.pk).exists():
        form.add_error("name", "You have a collection of this name.")
        return False
    form.save()
    return True


def _of_item(
    act: Callable[[HttpRequest, Collection, CollectionItem], None],
) -> Callable[[HttpRequest, Collection], None]:
    """An act on the item that the form names, if it is one of this collection."""

    def acted(request: HttpRequest, mine: Collection) -> None:
        item = get_object_or_404(mine.items, pk=_number(request, "item"))
        act(request, mine, item)

    return acted


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else 0


def _move(request: HttpRequest, mine: Collection, item: CollectionItem) -> None:
    shelves.move(mine, item, _number(request, "place"), reader_of(request))


def _annotate(request: HttpRequest, mine: Collection, item: CollectionItem) -> None:
    item.note = _note(request)
    item.save(update_fields=["note"])


def _remove(request: HttpRequest, mine: Collection, item: CollectionItem) -> None:
    item.delete()


_VERBS: dict[str, Callable[[HttpRequest, Collection], None]] = {
    "share": lambda _, mine: shelves.share(mine),
    "revoke": lambda _, mine: shelves.revoke(mine),
    "move": _of_item(_move),
    "note": _of_item(_annotate),
    "remove": _of_item(_remove),
}
