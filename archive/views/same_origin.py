"""Forms without a token in them, so that a page is the same for everybody and can be answered "not modified".

For choices that harm nobody if made unasked: what touches an account keeps Django's token.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

View = TypeVar("View", bound=Callable[..., HttpResponse])


def same_origin(view: View) -> View:
    """Refuse what a page of another site sends: browsers say so in Sec-Fetch-Site, older ones in Origin.

    The way of Go's net/http.CrossOriginProtection (go.dev/issue/73626). What sends neither is no browser of these
    years, and carries nobody's cookies.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _is_of_another_site(request):
            return render(request, "archive/refused.html", status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)  # type: ignore[return-value]  # wraps keeps the signature


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Where Django finds its token missing or old (`CSRF_FAILURE_VIEW`)."""
    return render(request, "archive/stale_form.html", status=403)


def _is_of_another_site(request: HttpRequest) -> bool:
    if said := request.headers.get("Sec-Fetch-Site"):
        return said not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"
