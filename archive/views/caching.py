"""What browsers may keep: every page, if they ask each time whether it is still so."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

from archive.models import Appearance, Article


class RevalidateMiddleware:
    """Inside the conditional GET, which makes the ETag: a page that was taken down is never shown from a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            is_somebodys = settings.SESSION_COOKIE_NAME in request.COOKIES
            response["Cache-Control"] = "private, no-cache" if is_somebodys else "no-cache"
        if response.get("Content-Type", "").startswith("text/html"):
            # The theme is in a cookie.
            patch_vary_headers(response, ["Cookie"])
        return response


def last_modified(article: Article, copies: Iterable[Appearance]) -> str:
    """When the text of an article, its names or the copies that are shown last changed, as the header wants it.

    For clients that send no ETag back; what librarians decide about a name elsewhere is in the ETag only.
    """
    times = [at for at in (article.updated_at, article.named_at, *(copy.created_at for copy in copies)) if at]
    return http_date(max(times).timestamp())
