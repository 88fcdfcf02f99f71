"""The searches that a reader follows: their list, how often each is mailed, and the way out that every mail has."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from archive import following as follows
from archive.access import reader_of
from archive.choices import DigestRhythm
from archive.digest_mail import stop_mails
from archive.errors import IndexUnavailable
from archive.models import SavedSearch
from archive.search.describe import describe
from archive.search.filters import in_words, read, written
from archive.search.parser import parse
from archive.views.narrowing import chosen_filters

MOST = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest) -> HttpResponse:
    """The reader's own; POST changes how often one is mailed, or gives it up."""
    mine = SavedSearch.objects.filter(owner=request.user.pk)
    if request.method == "POST":
        one = get_object_or_404(mine, pk=_number(request))
        if request.POST.get("verb") == "drop":
            one.delete()
            messages.success(request, f"“{one.name}” is no longer followed.")
        elif request.POST.get("rhythm") in DigestRhythm:
            one.rhythm = request.POST["rhythm"]
            one.save(update_fields=["rhythm"])
            messages.success(request, f"“{one.name}”: {DigestRhythm(one.rhythm).label.lower()}.")
        return redirect("archive:following")
    rows = [
        {"search": one, "said": _said(one.query, one), "params": _params(one)} for one in mine.defer("seen_ids")[:MOST]
    ]
    context = {"rows": rows, "rhythms": DigestRhythm.choices, "has_mail": bool(getattr(request.user, "email", ""))}
    return render(request, "archive/following.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Keep the search of a result page: a page to name it and say how often, then POST."""
    params = request.POST if request.method == "POST" else request.GET
    text, filters = params.get("q", "")[:2000], chosen_filters(params)
    if request.method == "POST":
        rhythm = params.get("rhythm", "")
        name = params.get("name", "").strip()[:200] or text[:200] or "; ".join(in_words(filters))[:200] or "Everything"
        if SavedSearch.objects.filter(owner=request.user.pk).count() >= MOST:
            messages.error(request, f"You follow {MOST} searches; give one up first.")
            return redirect("archive:following")
        chosen = rhythm if rhythm in DigestRhythm else DigestRhythm.NEVER
        try:
            follows.follow(request.user, name, text, filters=filters, rhythm=chosen, reader=reader_of(request))
        except IndexUnavailable as error:
            return render(request, "archive/search_unavailable.html", {"q": text, "error": error}, status=503)
        messages.success(request, f"“{name}” is followed. What it finds now is known; what is new will be mailed.")
        return redirect("archive:following")
    context = {
        "q": text,
        "said": "; ".join([describe(parse(text).root), *in_words(filters)]),
        "chosen": written(filters),
        "rhythms": DigestRhythm.choices,
        "feed": f"{reverse('archive:feed-search')}?{urlencode([('q', text), *written(filters)])}",
        "has_mail": bool(getattr(request.user, "email", "")),
    }
    return render(request, "archive/follow.html", context)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail links to: a page that asks, and POST that stops. Mail programs post by themselves (RFC 8058)."""
    done = request.method == "POST"
    if done and not stop_mails(token):
        raise Http404("This link was not made here.")
    return render(request, "archive/stop_mails.html", {"done": done})


def _said(text: str, one: SavedSearch) -> str:
    return "; ".join([describe(parse(text).root), *in_words(read(one.filters))])


def _params(one: SavedSearch) -> str:
    return urlencode([("q", one.query), *written(read(one.filters))])


def _number(request: HttpRequest) -> int:
    given = request.POST.get("search", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
