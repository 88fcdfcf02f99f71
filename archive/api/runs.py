"""Ingest runs, for staff who are signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import APIKeyCookie

from archive import models
from archive.api import making, shapes
from archive.api.endpoint import get
from archive.api.paging import next_page, opened
from archive.api.parameters import Ident, Paging
from archive.api.problems import NotThere
from archive.keyset import seek


class StaffSession(APIKeyCookie):
    """The session of the sign-in page, of somebody who may see runs in the admin."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = request.user
        if not user.is_authenticated:
            raise AuthenticationError(message="Sign in first: runs are shown to staff.")
        if not user.has_perm("archive.view_ingestrun"):
            raise AuthorizationError(message="This account may not see ingest runs.")
        return user


router = Router(tags=["runs"], auth=StaffSession())


@get(router, "/runs", shapes.Runs, errors=(401, 403), summary="Ingest runs, the latest first")
def list_runs(request: HttpRequest, response: HttpResponse, asked: Query[Paging]) -> Any:
    runs = models.IngestRun.objects.select_related("dump")
    rows = list(seek(runs, ("-pk",), opened(request, asked.cursor))[: asked.limit + 1])
    ends = [rows[asked.limit - 1].pk] if len(rows) > asked.limit else None
    items = [making.run(one) for one in rows[: asked.limit]]
    return shapes.Runs(items=items, next=next_page(request, response, ends))


@get(router, "/runs/{run_id}", shapes.Run, errors=(401, 403), summary="One run")
def one_run(request: HttpRequest, run_id: int = Ident) -> Any:
    found = models.IngestRun.objects.select_related("dump").filter(pk=run_id).first()
    if found is None:
        raise NotThere(f"There is no run {run_id}.")
    return making.run(found)
