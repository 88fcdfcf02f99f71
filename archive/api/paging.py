"""Keyset pages: an opaque, signed cursor says after which row the next page begins, and for which question."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from pydantic import Field

from archive.api.problems import NotThere

_SALT = "archive.api.cursor"
MOST = 100
Limit = Field(25, ge=1, le=MOST, description="How many at most.")
# All texts but a query are bounded so that even percent-encoded they fit the 8,190 bytes that gunicorn takes as a
# request line; a query is as long as on the site.
CursorField = Field(None, max_length=600, description="Where the next page begins: taken from `next`, never made.")


def opened(request: HttpRequest, cursor: str | None) -> list[Any]:
    """The values in a cursor; none for the first page. Raises NotThere for a cursor that was not made here for this."""
    if not cursor:
        return []
    try:
        question, *values = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotThere("There is no such page: this cursor was not made here. Begin again without one.") from error
    if question != _question(request):
        raise NotThere("There is no such page: this cursor belongs to another question. Begin again without one.")
    return list(values)


def next_page(request: HttpRequest, response: HttpResponse, values: Sequence[Any] | None) -> str | None:
    """The address of the page after a row with these values, in the Link header too; none: this is the last."""
    if values is None:
        return None
    params = request.GET.copy()
    params["cursor"] = signing.dumps([_question(request), *values], salt=_SALT, compress=True)
    url = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
    response["Link"] = f'<{url}>; rel="next"'
    return url


def _question(request: HttpRequest) -> str:
    """What distinguishes one list from another: the path and all parameters but those of paging."""
    asked = sorted((name, request.GET.getlist(name)) for name in request.GET if name not in ("cursor", "limit"))
    return hashlib.sha256(repr((request.path, asked)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
