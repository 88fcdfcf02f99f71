"""Pages without page numbers: what comes after the last row of the page before, however deep, at the same cost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from archive.models import Article
    from archive.querysets import ArticleQuerySet

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """A page of a list, and the keys of its ends by which the pages before and after it are asked for; "" for none."""

    rows: Sequence[T]
    before: str = ""
    after: str = ""


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


def leaf(rows: "models.QuerySet[M]", order: Sequence[str], size: int, *, after: str = "", before: str = "") -> Leaf[M]:
    """Up to `size` rows after the one with this id, or before it; the beginning where there is no such row."""
    key = after or before
    end = rows.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    values = [getattr(end, name.removeprefix("-")) for name in order] if end else []
    if end and before and not after:
        back = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
        found = list(seek(rows, back, values)[: size + 1])
        if len(found) > size:
            kept = found[size - 1 :: -1]
            return Leaf(kept, before=str(kept[0].pk), after=str(kept[-1].pk))
        values, end = [], None
    found = list(seek(rows, order, values)[: size + 1])
    return _leaf(found, size, lambda row: str(row.pk), is_first=end is None)


def leaf_of(values: Sequence[T], key: Callable[[T], str], size: int, *, after: str = "", before: str = "") -> Leaf[T]:
    """The same of values that are all at hand."""
    keys = [key(value) for value in values]
    start = 0
    if after in keys:
        start = keys.index(after) + 1
    elif before in keys:
        start = max(keys.index(before) - size, 0)
    return _leaf(values[start : start + size + 1], size, key, is_first=start == 0)


def _leaf(found: Sequence[T], size: int, key: Callable[[T], str], *, is_first: bool) -> Leaf[T]:
    rows = found[:size]
    return Leaf(
        rows,
        before="" if is_first or not rows else key(rows[0]),
        after=key(rows[-1]) if len(found) > size else "",
    )


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
