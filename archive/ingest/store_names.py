"""Writes the names of articles: mentions, quotations, links to entities, and the outbox rows that follow from them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from archive.choices import EntityKind, LinkBy
from archive.ingest.entities.link import Link, link, one_at_a_time, recount
from archive.ingest.records import NamedEntity, Quote, TextNames
from archive.models import Article, Assignment, Entity, Mention, Quotation, queue_for_index
from archive.variants import entity_key


def store_names(found: Sequence[tuple[Article, TextNames]]) -> None:
    """Replaces the mentions and quotations of stored articles by what was found in their current texts.

    Everything happens in one transaction (or in the caller's): mentions, entities with their counts, `named_at`, and
    outbox rows for these articles and for all others whose mentions now belong to somebody else.
    """
    if not found:
        return
    with transaction.atomic():
        one_at_a_time()
        ids = [article.pk for article, _ in found]
        touched = set(
            Mention.objects.filter(article_id__in=ids, entity__isnull=False)
            .values_list("entity_id", flat=True)
            .distinct()
        )
        linking = link((entity.kind, entity.name) for _, names in found for entity in names.entities)
        decided = assigned(ids)
        Mention.objects.filter(article_id__in=ids).delete()
        Quotation.objects.filter(article_id__in=ids).delete()
        mentions: list[Mention] = []
        quotations: list[Quotation] = []
        for article, names in found:
            speakers: dict[str, tuple[EntityKind, Entity | None]] = {}
            for entity in names.entities:
                to = linking.links.get((entity.kind, entity.name))
                if to is None:
                    continue
                to = decided.get((article.pk, entity.kind, entity_key(entity.kind, entity.name)), to)
                speakers.setdefault(entity.name, (entity.kind, to.entity))
                mentions += _mentions(article, entity, to)
                if to.entity is not None:
                    touched.add(to.entity.pk)
            quotations += [_quotation(article, quote, speakers.get(quote.speaker)) for quote in names.quotes]
        Mention.objects.bulk_create(mentions, batch_size=500)
        Quotation.objects.bulk_create(quotations, batch_size=500)
        sought = {article.pk for article, names in found if names.sought}
        Article.objects.filter(pk__in=sought).update(named_at=timezone.now())
        Article.objects.filter(pk__in=set(ids) - sought).update(named_at=None)
        recount(touched | linking.touched)
        queue_for_index({*ids, *linking.moved_articles})


def assigned(article_ids: Sequence[int]) -> dict[tuple[int, str, str], Link]:
    """By article, kind and key the links that librarians decided; the latest that stands counts."""
    rows = Assignment.objects.filter(article_id__in=article_ids, decision__undone_at=None).order_by("pk")
    return {
        (row.article_id, row.kind, row.key): Link(row.entity.root if row.entity else None, LinkBy.STAFF)
        for row in rows.select_related("entity__merged_into")
    }


def _quotation(article: Article, quote: Quote, speaker: tuple[EntityKind, Entity | None] | None) -> Quotation:
    kind, entity = speaker or ("", None)
    return Quotation(
        article=article,
        speaker=entity,
        speaker_kind=kind,
        speaker_key=entity_key(EntityKind(kind), quote.speaker) if kind else "",
        start=quote.span.start,
        end=quote.span.end,
        text=quote.span.text,
    )


def _mentions(article: Article, entity: NamedEntity, to: Link) -> list[Mention]:
    key = entity_key(entity.kind, entity.name)
    role = next(iter(entity.roles), "")[:200]
    return [
        Mention(
            article=article,
            entity=to.entity,
            start=span.start,
            end=span.end,
            text=span.text[:300],
            role=role,
            kind=entity.kind,
            key=key,
            link=to.by,
        )
        for span in entity.mentions
    ]
