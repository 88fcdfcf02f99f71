"""Around every request below /api/: HEAD, CORS for reading, and problems where Django itself would answer in HTML."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from archive.api.problems import problem

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Last-Modified, Link, Retry-After"
DAY_SECONDS = 86_400
_SAID = {
    404: "There is no such address in the API; /api/v1/ lists them.",
    405: f"The API is read-only: it answers {METHODS}.",
    400: "The request could not be read.",
}


class ApiMiddleware:
    """Outside the conditional GET, so that a 304 says who may read it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = str(DAY_SECONDS)
            response["Allow"] = METHODS
        else:
            is_head = request.method == "HEAD"
            if is_head:
                request.method = "GET"
            response = self.get_response(request)
            if is_head:
                # The server leaves the body out.
                request.method = "HEAD"
            response = _said(request, response)
        # Nothing secret is behind it for a page of another site: without credentials it reads what everybody reads.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        return response


def _said(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The same answer, as a problem if it is an error that is none yet."""
    said = _SAID.get(response.status_code)
    if said is None or "json" in response.get("Content-Type", ""):
        return response
    answer = problem(request, response.status_code, said)
    if response.status_code == 405:
        answer["Allow"] = METHODS
    return answer
