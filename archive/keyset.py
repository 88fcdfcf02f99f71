"""Pages without page numbers: what comes after the last row of the page before, however deep, at the same cost."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from archive.models import Article
    from archive.querysets import ArticleQuerySet

M = TypeVar("M", bound=models.Model)


def seek(rows: "models.QuerySet[M]", order: Sequence[str], after: Sequence[Any]) -> "models.QuerySet[M]":
    """The rows in an order ("-article_count", "sort_name", "pk"), those after a row with these values of it.

    The order must be total and its fields never null. An empty `after` is the beginning.
    """
    ordered = rows.order_by(*order)
    if not after:
        return ordered
    further, same = Q(), Q()
    for name, value in zip(order, after, strict=True):
        field = name.removeprefix("-")
        further |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    # Said beside the alternatives, the bound on the first field lets the database enter its index at the right place.
    first = order[0].removeprefix("-")
    return ordered.filter(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": after[0]}).filter(further)


def newest(articles: "ArticleQuerySet", size: int, after: "tuple[datetime | None, int] | None") -> "list[Article]":
    """Up to `size` articles after the one with this time and id, newest first, undated last; at most two queries."""
    found: list[Article] = []
    if after is None or after[0] is not None:
        dated = articles.filter(published_at__isnull=False)
        found = list(seek(dated, ("-published_at", "-pk"), after or ())[:size])
    if len(found) < size:
        undated = articles.filter(published_at__isnull=True)
        begun = after is not None and after[0] is None
        found += seek(undated, ("-pk",), after[1:] if begun and after else ())[: size - len(found)]
    return found


def in_order_of_id(rows: "models.QuerySet[M]", size: int) -> Iterator[M]:
    """All rows, `size` at a time: no cursor stays open in the database however long the reader takes."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield from batch
        last = batch[-1].pk
