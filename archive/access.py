"""Who is reading. What of the archive a request may see depends on this alone; querysets and search take a `Reader`.

Code that is told nothing serves `ANYBODY`, who sees least: a page that forgets its reader shows too little, never too
much.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Reader:
    """The groups of the one who reads, by which sources are open to some readers only."""

    groups: frozenset[int] = frozenset()
    sees_every_source: bool = False


ANYBODY = Reader()
_ASKED = "_archive_reader"


def reader_of(request: HttpRequest) -> Reader:
    """The reader behind a request; asked of the database once a request, and not at all for strangers."""
    known: Reader | None = getattr(request, _ASKED, None)
    if known is None:
        known = reader_for(request.user)
        setattr(request, _ASKED, known)
    return known


def reader_for(user: Any) -> Reader:
    """The reader that an account is, where there is no request: for mails."""
    if not user.is_authenticated or not user.is_active:
        return ANYBODY
    return Reader(frozenset(user.groups.values_list("pk", flat=True)), user.is_superuser)
