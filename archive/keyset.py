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

    def found(end: M | None, back: bool) -> list[M]:
        values = [getattr(end, name.removeprefix("-")) for name in order] if end else []
        way = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order] if back else order
        return list(seek(rows, way, values)[: size + 1])

    return _leaf_at(rows, found, size, after, before)


def leaf_in_time(
    articles: "ArticleQuerySet", size: int, *, oldest: bool = False, after: str = "", before: str = ""
) -> "Leaf[Article]":
    """The same of articles with what a list of them shows, the newest first or the oldest, the undated last."""
    listed = articles.select_related("source")

    def found(end: "Article | None", back: bool) -> "list[Article]":
        return in_time(listed, size + 1, (end.published_at, end.pk) if end else None, oldest=oldest, back=back)

    return _leaf_at(articles, found, size, after, before)


def _leaf_at(
    rows: "models.QuerySet[M]", found: Callable[[M | None, bool], Sequence[M]], size: int, after: str, before: str
) -> Leaf[M]:
    """The leaf at a row's id, of what is `found` from a row on or, going back, before it (one more than `size`)."""
    key = after or before
    end = rows.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if end and before and not after:
        earlier = found(end, True)
        if len(earlier) > size:
            kept = earlier[size - 1 :: -1]
            return Leaf(kept, before=str(kept[0].pk), after=str(kept[-1].pk))
        end = None
    return _leaf(found(end, False), size, lambda row: str(row.pk), is_first=end is None)


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


def in_time(
    articles: "ArticleQuerySet",
    size: int,
    after: "tuple[datetime | None, int] | None" = None,
    *,
    oldest: bool = False,
    back: bool = False,
) -> "list[Article]":
    """Up to `size` articles after the one with this time and id: newest first or oldest, the undated last.

    `back` goes the other way, the nearest first. At most two queries, since the undated have no place among the dated.
    """
    sign = "" if oldest is not back else "-"
    parts = [(False, (f"{sign}published_at", f"{sign}pk")), (True, (f"{sign}pk",))]
    if back:
        parts.reverse()
    if after is not None and (after[0] is None) is not back:
        del parts[0]
    found: list[Article] = []
    for is_undated, order in parts:
        rows = articles.filter(published_at__isnull=is_undated)
        found += seek(rows, order, after[-len(order) :] if after else ())[: size - len(found)]
        after = None
        if len(found) >= size:
            break
    return found


def in_order_of_id(rows: "models.QuerySet[M]", size: int) -> Iterator[M]:
    """All rows, `size` at a time: no cursor stays open in the database however long the reader takes."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield from batch
        last = batch[-1].pk
