"""Searches that readers follow: what is new to them, gathered into one mail a reader, each article once.

A digest is made in the same transaction that marks its articles as seen, and sent after that: whatever dies when, no
article is mailed twice. `digest_mail.py` writes the mail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q

from archive.access import Reader, reader_for
from archive.choices import DigestRhythm
from archive.models import Digest, SavedSearch
from archive.search.backends.base import Filter
from archive.search.backends.view import view
from archive.search.filters import read, stored
from archive.search.names import resolve
from archive.search.packing import pack, unpack
from archive.search.parser import parse
from archive.search.query import Sort
from archive.search.run import result_ids

# A little less than a day and a week, so that a cron job that is late one day is not skipped the next.
DUE_AFTER = {DigestRhythm.DAILY: timedelta(hours=20), DigestRhythm.WEEKLY: timedelta(days=6, hours=20)}


@dataclass(frozen=True, slots=True)
class News:
    """What a followed search finds that it did not find before."""

    search: SavedSearch
    fresh: tuple[int, ...]
    """Newest first."""
    seen: bytes
    """Everything found up to now, packed."""
    problem: str
    """What of the query is not understood; empty where all is."""


def follow(owner: Any, name: str, text: str, *, filters: Sequence[Filter], rhythm: str, reader: Reader) -> SavedSearch:
    """Keep a search. What it finds now is known, and will not be mailed. Raises IndexUnavailable."""
    ids, _ = result_ids(text, sort=Sort.NEWEST, filters=filters, reader=reader)
    return SavedSearch.objects.create(
        owner=owner,
        name=name,
        query=text,
        filters=stored(filters),
        rhythm=rhythm,
        seen_ids=pack(ids),
        # What was not understood stood on the page from which the search was kept.
        problem=_problem(text, reader),
    )


def due(now: datetime) -> Iterator[list[SavedSearch]]:
    """The saved searches that want looking after, those of one reader together."""
    late = Q()
    for rhythm, interval in DUE_AFTER.items():
        late |= Q(rhythm=rhythm) & (Q(looked_at__isnull=True) | Q(looked_at__lte=now - interval))
    reachable = SavedSearch.objects.filter(late, owner__is_active=True).exclude(owner__email="")
    ordered = reachable.select_related("owner").order_by("owner", "name", "pk")
    for _, of_owner in groupby(ordered, lambda saved: saved.owner_id):
        yield list(of_owner)


def gather(searches: Sequence[SavedSearch], now: datetime) -> Digest | None:
    """The digest of one reader's searches; none where nothing is new. Raises IndexUnavailable, and then stores nothing.

    Two processes at once make one digest: a search that another has looked after meanwhile is left out.
    """
    reader = reader_for(searches[0].owner)
    news = [_news(saved, reader) for saved in searches]
    parts: list[dict[str, Any]] = []
    told: set[int] = set()
    with transaction.atomic():
        for one in news:
            before = one.search.looked_at
            unchanged = Q(looked_at=before) if before else Q(looked_at__isnull=True)
            if not SavedSearch.objects.filter(unchanged, pk=one.search.pk).update(
                looked_at=now, seen_ids=one.seen, problem=one.problem
            ):
                continue
            articles = [pk for pk in one.fresh if pk not in told]
            problem = one.problem if one.problem != one.search.problem else ""
            if articles or problem:
                parts.append({"search": one.search.pk, "articles": articles, "problem": problem})
            told.update(articles)
        return Digest.objects.create(owner=searches[0].owner, parts=parts) if parts else None


def _news(saved: SavedSearch, reader: Reader) -> News:
    ids, _ = result_ids(saved.query, sort=Sort.NEWEST, filters=read(saved.filters), reader=reader)
    known = unpack(bytes(saved.seen_ids))
    seen = set(known)
    fresh = tuple(pk for pk in ids if pk not in seen)
    return News(saved, fresh, pack([*known, *fresh]), _problem(saved.query, reader))


def _problem(text: str, reader: Reader) -> str:
    """What the search page would say that it did not understand."""
    query = parse(text)
    return " ".join([*query.notes, *resolve(query.root, view(reader)).notes])
