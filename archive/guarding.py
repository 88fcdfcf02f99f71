"""How often one reader may search and export, and the headers by which pages of other sites cannot take ours in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from ninja.throttling import SimpleRateThrottle

LIMITED = ("/search/", "/feeds/search/", "/export.")
FREE = ("/search/help/", "/search/complete/")
MAKE_PIN, PINS = "/search/pins/", "30/m"


class SearchThrottle(SimpleRateThrottle):
    """The mechanism that the API uses, over what pages ask of the index; counted in each web process by itself."""

    scope = "archive-search"

    def __init__(self) -> None:
        super().__init__("1/s")

    def allowed(self) -> str:
        """How often: "1200/m"."""
        return str(settings.ARCHIVE_SEARCH_RATE)

    def allow_request(self, request: HttpRequest) -> bool:
        if not settings.ARCHIVE_SEARCH_RATE:
            return True
        self.num_requests, self.duration = self.parse_rate(self.allowed())
        return super().allow_request(request)

    def get_cache_key(self, request: HttpRequest) -> str:
        user = request.user
        return f"throttle:{self.scope}:{f'user:{user.pk}' if user.is_authenticated else self.get_ident(request)}"


class PinThrottle(SearchThrottle):
    """Pins are kept for ever, so strangers make few of them."""

    scope = "archive-pins"

    def allowed(self) -> str:
        return PINS


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as far as the proxies before the site are ours (`ARCHIVE_PROXIES`)."""
    return str(SearchThrottle().get_ident(request) or "")


class GuardMiddleware:
    """429 with Retry-After over the limit; Cross-Origin-Resource-Policy on everything but the API, which is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._refusal(request) or self.get_response(request)
        if not request.path.startswith("/api/"):
            response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        path = request.path
        if not (path.startswith(LIMITED) or "/export." in path) or path.startswith(FREE):
            return None
        pins = request.method == "POST" and path == MAKE_PIN
        throttle = PinThrottle() if pins else SearchThrottle()
        if throttle.allow_request(request):
            return None
        seconds = int(throttle.wait() or 1)
        rate = f"{PINS} pinned results" if pins else f"{settings.ARCHIVE_SEARCH_RATE} searches"
        said = f"More than {rate} came from here; wait {seconds} seconds."
        if request.accepts("text/html"):
            response = render(request, "archive/too_often.html", {"said": said}, status=429)
        else:
            response = HttpResponse(f"{said}\n", status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(seconds)
        return response
