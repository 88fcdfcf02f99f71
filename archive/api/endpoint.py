"""What every address of the API has in common: its errors, its throttle, and that it takes no unknown parameter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from ninja.throttling import SimpleRateThrottle

from archive.api.problems import Problem, UnknownParameter

ERRORS = {404: Problem, 422: Problem, 429: Problem}
_SCOPE = "archive-api"


class Throttle(SimpleRateThrottle):
    """ARCHIVE_API_RATE requests for each reader who is signed in, or for each address."""

    scope = _SCOPE

    def __init__(self) -> None:
        super().__init__(settings.ARCHIVE_API_RATE)

    def allow_request(self, request: HttpRequest) -> bool:
        # Read at each request, so that a setting changed in a test or by an operator's reload is obeyed.
        self.num_requests, self.duration = self.parse_rate(settings.ARCHIVE_API_RATE)
        return super().allow_request(request)

    def get_cache_key(self, request: HttpRequest) -> str:
        user = request.user
        return f"throttle:{_SCOPE}:{f'user:{user.pk}' if user.is_authenticated else self.get_ident(request)}"


THROTTLE = Throttle()


def get(router: Router, path: str, answer: Any, *, errors: tuple[int, ...] = (), **options: Any) -> Callable[..., Any]:
    """`router.get` with the common errors and `errors` in its description, throttled, strict about its parameters."""
    responses = {200: answer, **ERRORS, **dict.fromkeys(errors, Problem)}

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        view._ninja_contribute_to_operation = [_strict]  # type: ignore[attr-defined]  # ninja's own hook
        made: Callable[..., Any] = router.get(path, response=responses, throttle=THROTTLE, **options)(view)
        return made

    return register


def _strict(operation: Any) -> None:
    """Refuse parameters that the operation does not declare, and a second value where it takes one."""
    queries = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    known = {name for model in queries for name in model.__ninja_flatten_map__}
    lists = {name for model in queries for name in getattr(model, "__ninja_collection_fields__", ())}

    view = operation.view_func

    @wraps(view)
    def checked(request: HttpRequest, **values: Any) -> Any:
        for name, given in request.GET.lists():
            if name not in known:
                takes = ", ".join(sorted(known)) or "none"
                raise UnknownParameter(name, f"There is no parameter “{name[:100]}” here; there are: {takes}.")
            if len(given) > 1 and name not in lists:
                raise UnknownParameter(name, f"The parameter “{name}” is given more than once.")
        return view(request, **values)

    operation.view_func = checked
