"""A whole archive of any size for benchmarks: the corpus as articles with names in a database, indexed.

Ingest is measured elsewhere; here rows are written in bulk, so that 100,000 articles take minutes. Import Django first.
"""

import re
import sys
from collections.abc import Iterator
from itertools import islice

from archive.choices import EntityKind
from archive.ingest.families import sketch_of
from archive.models import Article, Entity, EntityAlias, Mention, Source, TextSketch
from archive.search.documents import IndexDocument
from archive.search.indexing import rebuild
from archive.text import name_key
from bench.corpus import documents

_NAME = re.compile(r"\b[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,}){0,2}\b")
_MOST_NAMES, _BATCH = 12, 2_000


def build(count: int) -> None:
    """Fill the present (migrated, empty) database with so many articles and index them."""
    if Article.objects.count() == count:
        return
    sources: dict[str, Source] = {}
    entities: dict[tuple[str, str], Entity] = {}
    pending = documents(count)
    while batch := list(islice(pending, _BATCH)):
        for document in batch:
            if document.source not in sources:
                sources[document.source] = Source.objects.create(slug=document.source, name=document.source.title())
        Article.objects.bulk_create([_article(document, sources[document.source]) for document in batch])
        _name(batch, entities)
        print(f"{batch[-1].id:,} articles", file=sys.stderr)
    _count(entities)
    _relate(count)
    rebuild()


def _article(document: IndexDocument, source: Source) -> Article:
    return Article(
        id=document.id,
        source=source,
        external_id=str(document.id),
        title=document.title,
        body=document.body.split("\n\n"),
        published_at=document.published_at,
        published_on=document.published_on,
        language=document.language,
        section=document.section,
        word_count=len(document.body.split()),
        text_hash=document.content_hash,
    )


def _name(batch: list[IndexDocument], entities: dict[tuple[str, str], Entity]) -> None:
    """Every capitalised run of words is a name; what kind is decided by its letters, evenly."""
    found = {document.id: list(_names(document)) for document in batch}
    fresh: dict[tuple[str, str], Entity] = {}
    for names in found.values():
        for _, _, name, kind in names:
            key = (kind, name_key(name).replace(" ", "-")[:120])
            if key[1] and key not in entities and key not in fresh:
                fresh[key] = Entity(kind=kind, name=name, slug=key[1], sort_name=name)
    entities.update(zip(fresh, Entity.objects.bulk_create(fresh.values()), strict=True))
    EntityAlias.objects.bulk_create(
        EntityAlias(entity=one, kind=one.kind, name=one.name, key=name_key(one.name)) for one in fresh.values()
    )
    Mention.objects.bulk_create(
        Mention(article_id=number, entity=one, start=start, end=end, text=name, kind=kind, key=name_key(name))
        for number, names in found.items()
        for start, end, name, kind in names
        if (one := entities.get((kind, name_key(name).replace(" ", "-")[:120])))
    )


def _names(document: IndexDocument) -> Iterator[tuple[int, int, str, str]]:
    kinds = list(EntityKind.values)
    text = f"{document.title}\n\n{document.body}"
    for match in islice(_NAME.finditer(text, len(document.title) + 2), _MOST_NAMES):
        name = match[0]
        yield match.start(), match.end(), name, kinds[sum(map(ord, name)) % len(kinds)]


def _relate(count: int) -> None:
    """Every twentieth article leads a family of two to five."""
    leaders = {
        number: first for first in range(1, count - 5, 20) for number in range(first, first + 2 + first // 20 % 4)
    }
    for start in range(0, len(leaders), _BATCH):
        batch = Article.objects.in_bulk(list(leaders)[start : start + _BATCH])
        TextSketch.objects.bulk_create(
            TextSketch(
                article_id=number, version=1, state=sketch_of(one.body).__getstate__(), leader_id=leaders[number]
            )
            for number, one in batch.items()
        )


def _count(entities: dict[tuple[str, str], Entity]) -> None:
    from django.db.models import Count

    counts = dict(Mention.objects.values_list("entity").annotate(articles=Count("article", distinct=True)).order_by())
    for one in entities.values():
        one.article_count = one.mention_count = counts.get(one.pk, 0)
    Entity.objects.bulk_update(entities.values(), ["article_count", "mention_count"], batch_size=500)
