"""Addresses with NUL in them: PostgreSQL takes no such text, so it is left out before anybody asks the database."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_NUL = "\x00"


class StorableMiddleware:
    """The query string without NUL (the API refuses it itself); in a path it becomes U+FFFD, and nothing is found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query and not request.path_info.startswith("/api/"):
            request.META["QUERY_STRING"] = query.replace("%00", "")
        if _NUL in request.path_info:
            request.path_info = request.path_info.replace(_NUL, "\ufffd")
        return self.get_response(request)
