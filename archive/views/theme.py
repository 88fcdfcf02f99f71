"""Light, dark or as the system says: the reader's choice, kept in a cookie that the server sets."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from archive.views.same_origin import same_origin

THEMES = ("system", "light", "dark")
COOKIE, YEAR_SECONDS = "theme", 365 * 24 * 3600


def theme(request: HttpRequest) -> dict[str, object]:
    """Context for every page: the chosen theme and those there are."""
    chosen = request.COOKIES.get(COOKIE)
    return {"theme": chosen if chosen in THEMES else "system", "themes": THEMES}


@login_not_required
@same_origin
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to where the reader was, if that is a page of this site."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if request.POST.get("theme") in THEMES:
        response.set_cookie(COOKIE, request.POST["theme"], max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
