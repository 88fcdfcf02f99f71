"""What readers do with their collections: put in, order, note, share. Callers have checked whose the collection is."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, QuerySet

from archive.access import Reader
from archive.models import Article, Collection, CollectionItem
from archive.querysets import seen_through
from archive.reader_models import new_token

MOST_AT_ONCE = 1_000


def items_for(collection: Collection, reader: Reader) -> QuerySet[CollectionItem]:
    """What of a collection a reader sees, in its order, in one query."""
    seen = collection.items.filter(seen_through("article", reader))
    return seen.select_related("article__source").order_by("position", "pk")


@transaction.atomic
def add(collection: Collection, article_ids: Sequence[int], reader: Reader, note: str = "") -> int:
    """Put articles at the end, those that the reader may see and that are not in it yet; how many that were."""
    wanted = list(dict.fromkeys(article_ids))[:MOST_AT_ONCE]
    seen = set(Article.objects.listed_for(reader).filter(pk__in=wanted).values_list("pk", flat=True))
    there = set(collection.items.filter(article__in=wanted).values_list("article_id", flat=True))
    fresh = [pk for pk in wanted if pk in seen and pk not in there]
    last = collection.items.aggregate(last=Max("position"))["last"] or 0
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, article_id=pk, position=last + number, note=note)
        for number, pk in enumerate(fresh, start=1)
    )
    collection.save(update_fields=["updated_at"])
    return len(fresh)


@transaction.atomic
def move(collection: Collection, item: CollectionItem, place: int, reader: Reader) -> None:
    """Let an item be the `place`th (from 1) of those that the reader sees; the others close up around it."""
    order = [one for one in items_for(collection, reader) if one.pk != item.pk]
    order.insert(max(0, min(place - 1, len(order))), item)
    for number, one in enumerate(order, start=1):
        one.position = number
    CollectionItem.objects.bulk_update(order, ["position"], batch_size=500)
    collection.save(update_fields=["updated_at"])


def share(collection: Collection) -> None:
    """Give it an address that nobody can guess; a new one each time, so that an old link stays revoked."""
    collection.token = new_token()
    collection.save(update_fields=["token"])


def revoke(collection: Collection) -> None:
    collection.token = None
    collection.save(update_fields=["token"])
