"""Logs that belong together: a number for every request, in its answer and in each line that was written meanwhile."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")
logger = logging.getLogger("archive.request")


class RequestLogMiddleware:
    """Outermost. A number that a proxy gave is kept if it is one; what was searched for is not logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if _SANE.fullmatch(given) else uuid.uuid4().hex
        token, began = _current.set(number), time.perf_counter()
        try:
            response = self._get_response(request)
            response[HEADER] = number
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            about = {"method": request.method, "path": _address(request), "status": response.status_code}
            logger.info("request", extra={**about, "ms": milliseconds})
            return response
        finally:
            _current.reset(token)


def _address(request: HttpRequest) -> str:
    """The path; its pattern where the path is a secret."""
    match = request.resolver_match
    return match.route if match and "token" in match.kwargs else request.path


class RequestNumber(logging.Filter):
    """Gives every line the number of the request in which it was written; "" outside of one, as in the worker."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True
