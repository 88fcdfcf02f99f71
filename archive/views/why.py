"""Why an article is among the hits or not, and what completes a word that is being typed."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.access import reader_of
from archive.errors import IndexUnavailable
from archive.ingest.identity import canonical_url
from archive.search.describe import describe
from archive.search.explain import explain
from archive.search.parser import parse
from archive.search.suggest import complete
from archive.views.narrowing import chosen_filters, chosen_sort, pairs, without

COMPLETIONS_SECONDS = 60


@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """The query `q` and the chosen filters, explained for `article`: a number or a pasted address."""
    text, pasted = request.GET.get("q", ""), request.GET.get("article", "")
    try:
        explanation = explain(
            text,
            pasted,
            chosen_filters(request.GET),
            reader_of(request),
            sort=chosen_sort(request.GET),
            collapse=request.GET.get("copies") != "1",
            host=request.get_host(),
            address=canonical_url(pasted),
        )
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {"q": text, "error": error}, status=503)
    context = {
        "q": text,
        "why": explanation,
        "understood_as": describe(parse(text).root),
        "results": urlencode(without(pairs(request.GET), "article")),
    }
    return render(request, "archive/why.html", context)


@require_safe
def completions(request: HttpRequest) -> JsonResponse:
    """Completions of `q` as JSON; none while the index cannot be read, since typing must never fail."""
    try:
        found = complete(request.GET.get("q", ""), reader_of(request))
    except IndexUnavailable:
        found = ()
    rows = [{"kind": one.kind, "label": one.label, "url": one.url, "count": one.count} for one in found]
    response = JsonResponse({"completions": rows})
    # Private: two readers may be given different names.
    response["Cache-Control"] = f"private, max-age={COMPLETIONS_SECONDS}"
    return response
