"""Version 1 put together: its addresses, its OpenAPI document, and the page that shows it to people."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from archive.api import articles, names, problems, runs, search, sources

PREFIX = "/api/v1/"
_DESCRIPTION = """\
Read-only. Lists are pages: follow `next` until it is null. Every answer has an ETag; send it back as If-None-Match and
get 304 while nothing has changed. Errors are problem details (RFC 9457). Any site may read it from a browser (CORS)."""

api = NinjaAPI(
    title="Newsroom Archive",
    version="1",
    description=_DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)
problems.install(api)
for _router in (articles.router, search.router, names.router, sources.router, runs.router):
    api.add_router("", _router)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document: ninja's, with errors as what they are and the headers that answers have."""
    made: dict[str, Any] = dict(api.get_openapi_schema())
    for item in made["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                parameter["schema"] = _without_null(parameter["schema"])
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
                if int(status) in (429, 503):
                    answer["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}
    return made


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query string can leave a parameter out, but has no null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{name: value for name, value in schema.items() if name != "anyOf"}, **kinds[0]}


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page, drawn on the server."""
    made = document()
    operations = [
        {"path": address, "method": method.upper(), **operation}
        for address, item in made["paths"].items()
        for method, operation in item.items()
    ]
    return render(request, "archive/api.html", {"document": made, "operations": operations, "here": "api"})


urls: list[URLPattern | URLResolver] = [
    path("", docs, name="api-docs"),
    path("openapi.json", openapi, name="openapi"),
]
