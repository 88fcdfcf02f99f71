"""Errors of the API as problem details (RFC 9457): a title that never changes, a detail that says what to do."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from pydantic import Field

from archive.errors import IndexUnavailable
from archive.views.opening import Gone

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30


class FieldProblem(Schema):
    where: str = Field(description="The parameter that is at fault, for example query.limit.")
    detail: str


class Problem(Schema):
    type: str = Field(default="about:blank", description="What kind of problem; the status says it all.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for.")
    errors: list[FieldProblem] = Field(default=[])


class NotThere(HttpError):
    """What was asked for does not exist, or not for this reader: nothing tells the two apart."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, detail)


class UnknownParameter(HttpError):
    """A parameter that this address does not take: silently ignored, it would give wrong answers."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(422, detail)
        self.name = name


def problem(request: HttpRequest, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JsonResponse:
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
        errors=[FieldProblem(**one) for one in errors or []],
    )
    response = JsonResponse(body.model_dump(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        # The sign-in page gives the session cookie; "Session" is no registered scheme, but the header is required.
        response["WWW-Authenticate"] = "Session"
    return response


def install(api: NinjaAPI) -> None:
    """Let every error that an operation can raise be answered as a problem."""

    def http_error(request: HttpRequest, error: Any) -> Any:
        named = [{"where": f"query.{error.name}", "detail": str(error)}] if isinstance(error, UnknownParameter) else []
        return problem(request, error.status_code, str(error), named)

    def invalid(request: HttpRequest, error: Any) -> Any:
        errors = [{"where": ".".join(map(str, one["loc"])), "detail": str(one["msg"])} for one in error.errors]
        said = "; ".join(f"{one['where']}: {one['detail']}" for one in errors[:5])
        return problem(request, 422, f"The request does not fit its description. {said}", errors)

    def throttled(request: HttpRequest, error: Any) -> Any:
        return problem(request, 429, "Too many requests from here; Retry-After says how many seconds to wait.")

    def unavailable(request: HttpRequest, error: Any) -> Any:
        response = problem(request, 503, str(error))
        response["Retry-After"] = str(RETRY_SECONDS)
        return response

    def gone(request: HttpRequest, error: Any) -> Any:
        return problem(request, 410, str(error))

    api.add_exception_handler(Gone, gone)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(Throttled, throttled)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(IndexUnavailable, unavailable)
