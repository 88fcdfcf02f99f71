"""Very large archives for benchmarks: rows by COPY, index documents out of paragraphs that are analysed once each.

What comes out is what ingest and reindex would have stored (the first documents are compared); how fast it comes says
nothing of them. Import Django first, with PostgreSQL and OpenSearch as settings.
"""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection, models

from archive.choices import EntityKind
from archive.models import Article, Entity, EntityAlias, Mention, Source
from archive.search.backends import analysis
from archive.search.backends.opensearch import mapping, writing
from archive.search.backends.opensearch.backend import OpenSearchBackend
from archive.search.documents import IndexDocument
from archive.text import name_key
from bench.archive import _names as names_in
from bench.corpus import documents

_NAMES = 4
_SENDERS, _WAITING, _BULK = 2, 6, 2_000
_CHECKED = 300


def copy_rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """COPY these rows; what a row does not name is as a new object has it."""
    fields = list(model._meta.local_concrete_fields)
    blank = model()
    now = datetime.now(UTC)

    def prepared(field: Any, value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    usual = {
        field.attname: now if getattr(field, "auto_now_add", 0) or getattr(field, "auto_now", 0)
        else prepared(field, getattr(blank, field.attname))
        for field in fields
    }  # fmt: skip
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([row.get(field.attname, usual[field.attname]) for field in fields])


def fill(count: int) -> None:
    """So many articles with names in an empty database."""
    sources: dict[str, int] = {}
    entities: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    stream = documents(count)
    number = 0
    while batch := list(islice(stream, 20_000)):
        for slug in {one.source for one in batch} - sources.keys():
            sources[slug] = Source.objects.create(slug=slug, name=slug.title()).pk
        copy_rows(Article, (_article(one, sources[one.source]) for one in batch))
        fresh: list[tuple[int, str, str, str]] = []
        mentions = []
        for one in batch:
            for start, end, name, kind in islice(names_in(one), _NAMES):
                slug = name_key(name).replace(" ", "-")[:120]
                if not slug:
                    continue
                pk = entities.get((kind, slug))
                if pk is None:
                    pk = entities[kind, slug] = len(entities) + 1
                    fresh.append((pk, kind, name, slug))
                number += 1
                counts[pk] = counts.get(pk, 0) + 1
                mentions.append(
                    {"id": number, "article_id": one.id, "entity_id": pk, "start": start, "end": end, "text": name,
                     "kind": kind, "key": name_key(name)}
                )  # fmt: skip
        copy_rows(Entity, ({"id": pk, "kind": k, "name": n, "slug": s, "sort_name": n} for pk, k, n, s in fresh))
        copy_rows(
            EntityAlias,
            ({"id": pk, "entity_id": pk, "kind": k, "name": n, "key": name_key(n), "family": _family(k, n)}
             for pk, k, n, _ in fresh),
        )  # fmt: skip
        copy_rows(Mention, mentions)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE counted (id bigint PRIMARY KEY, n integer)")
        with cursor.copy("COPY counted FROM STDIN") as copy:
            for pair in counts.items():
                copy.write_row(pair)
        cursor.execute(
            "UPDATE archive_entity e SET article_count = n, mention_count = n FROM counted WHERE counted.id = e.id"
        )
        for model in (Article, Entity, EntityAlias, Mention):
            for statement in connection.ops.sequence_reset_sql(_NoStyle(), [model]):
                cursor.execute(statement)
        cursor.execute("ANALYZE")


class _NoStyle:
    def __getattr__(self, name: str) -> Any:
        return str


def _family(kind: str, name: str) -> str:
    return name_key(name).rpartition(" ")[2] if kind == EntityKind.PERSON else ""


def _article(document: IndexDocument, source: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "source_id": source,
        "external_id": str(document.id),
        "title": document.title,
        "body": json.dumps(document.body.split("\n\n")),
        "published_at": document.published_at,
        "published_on": document.published_on,
        "language": document.language,
        "section": document.section,
        "word_count": document.body.count(" ") + 1,
        "text_hash": document.content_hash,
        "named_at": document.published_at,
    }


@cache
def _analysed(paragraph: str) -> tuple[str, str, frozenset[str]]:
    """(exact terms, analysed terms, words) of a paragraph as `mapping` has them."""
    exact = mapping._by_place(paragraph)
    stemmed = " ".join("|".join(dict.fromkeys(analysis.analysed(term, True) for term in terms)) for terms in exact)
    words = frozenset(term for terms in exact for term in terms if len(term) <= mapping._LONGEST_WORD)
    return " ".join("|".join(terms) for terms in exact), stemmed, words


def fields(document: IndexDocument) -> dict[str, Any]:
    """The same as `mapping.fields_of_document`, out of paragraphs that stood elsewhere before."""
    paragraphs = [_analysed(paragraph) for paragraph in document.body.split("\n\n")]
    made = mapping.fields_of_document(replace(document, body=""))
    made["body_exact"] = " ".join(one[0] for one in paragraphs if one[0])
    made["body"] = " ".join(one[1] for one in paragraphs if one[1])
    made[mapping.WORDS] = sorted(frozenset().union(*(one[2] for one in paragraphs)))
    return made


def named(document: IndexDocument) -> IndexDocument:
    """The document with the names that `fill` gives its article."""
    slugs: dict[str, dict[str, None]] = {kind: {} for kind in EntityKind.values}
    for _, _, name, kind in islice(names_in(document), _NAMES):
        slugs[kind][name_key(name).replace(" ", "-")[:120]] = None
    people, organisations, places = (
        tuple(slugs[kind]) for kind in (EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE)
    )
    return replace(document, people=people, organisations=organisations, places=places)


def index(backend: OpenSearchBackend, count: int) -> None:
    """Index the corpus beside the live index, several requests at a time, and swap."""
    for one in documents(_CHECKED):
        assert fields(one) == mapping.fields_of_document(one), one.id
    indexes, cluster = backend._indexes, backend._cluster
    built = indexes.begin()
    version = int(datetime.now(UTC).timestamp() * 1_000_000)
    waiting: list[Future[dict[int, str]]] = []
    with ThreadPoolExecutor(_SENDERS) as senders:
        for batch in _batches(map(named, documents(count))):
            actions = [(writing._line("index", one.id, version), json.dumps(fields(one))) for one in batch]
            waiting.append(senders.submit(writing.send, cluster, indexes.building, actions))
            if len(waiting) >= _WAITING:
                writing.complain(waiting.pop(0).result())
        for one in waiting:
            writing.complain(one.result())
    writing.send(cluster, indexes.building, [writing.commit_action(version)])
    cluster.client.indices.refresh(index=built, request_timeout=300)
    indexes.swap(built)


def _batches(stream: Iterator[IndexDocument]) -> Iterator[list[IndexDocument]]:
    while batch := list(islice(stream, _BULK)):
        yield batch
