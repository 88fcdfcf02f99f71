"""At 100,000 articles every query of ingest and of the plain lists goes by an index: `EXPLAIN` says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from archive.choices import ContentKind
from archive.ingest import sameness
from archive.ingest.identity import UNKNOWN
from archive.ingest.prepare import Incoming, Preparation, prepare
from archive.ingest.records import Locator, RawRecord
from archive.models import Appearance, Article, ArticleVersion, Dump, Entity, IngestRun, Mention, Rejection, Source
from archive.models import RawRecord as RawRow
from archive.sketches import TextSketch
from tests.ingest.support import LONG

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plans"),
]
ROWS = 100_000


@pytest.fixture(scope="module")
def full(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """An archive of 100,000 articles of ten sources, filled by SQL and rolled back at the end of the module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        Dump.objects.create(pk=1, sha256="0" * 64, name="a", size=1)
        Source.objects.bulk_create([Source(pk=n, slug=f"paper-{n}", name=f"Paper {n}") for n in range(10)])
        Source.objects.create(pk=10, slug=UNKNOWN, name="Unknown source")
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"
        _fill(numbers, RawRow, "i", dump_id="1", number="i", kind="'fields'", payload="x''")
        _fill(
            numbers,
            Article,
            "i",
            source_id="i % 10",
            external_id="CASE WHEN i % 2 THEN 'id' || i ELSE '' END",
            canonical_url="'https://paper.example/' || i",
            text_hash="'hash' || i",
            published_at="datetime('1987-01-01', '+' || i || ' hours')",
            published_on="date('1987-01-01', '+' || i || ' hours')",
            raw_id="i",
            body="'[]'",
            visibility="'public'",
        )
        _fill(
            numbers,
            Appearance,
            "i",
            article_id="i",
            source_id="i % 10",
            external_id="CASE WHEN i % 2 THEN 'also' || i ELSE '' END",
            canonical_url="'https://also.example/' || i",
            raw_id="i",
        )
        yield
        transaction.set_rollback(True)


def _fill(numbers: str, model: Any, key: str, **values: str) -> None:
    """Rows by INSERT … SELECT: columns that are not given get an empty value of their kind."""
    columns = {
        field.column: values.get(field.attname, key if field.primary_key else _empty(field))
        for field in model._meta.concrete_fields
    }
    into, what = ", ".join(columns), ", ".join(columns.values())
    with connection.cursor() as cursor:
        cursor.execute(f"{numbers} INSERT INTO {model._meta.db_table} ({into}) SELECT {what} FROM n")


def _empty(field: Any) -> str:
    if field.null:
        return "NULL"
    kinds = {"JSONField": "'[]'", "DateTimeField": "'1987-01-01'", "CharField": "''", "TextField": "''"}
    return kinds.get(field.get_internal_type(), "1")


def plan(queryset: QuerySet[Any]) -> str:
    return queryset.explain()


def by_index(queryset: QuerySet[Any]) -> bool:
    """No table is read from end to end, and nothing is sorted by hand."""
    steps = plan(queryset).splitlines()
    return not any(("SCAN" in step and "INDEX" not in step) or "USE TEMP B-TREE" in step for step in steps)


RECORDS = prepare(
    [
        RawRecord(
            Locator(n),
            ContentKind.FIELDS,
            f"{LONG} {n}",
            title="Bridge",
            source=f"Paper {n % 10}" if n % 7 else "",
            external_id=f"id{n}" if n % 3 else "",
            url=f"https://paper.example/{n}" if n % 7 else "",
        )
        for n in range(1, 200)
    ],
    Preparation(entities=False),
)


@pytest.mark.usefixtures("full")
def test_what_ingest_asks_about_a_batch_goes_by_indexes() -> None:
    sources = {source.slug: source for source in Source.objects.all()}
    asked = sameness._by_identity(
        [record.within("a.csv") for record in RECORDS if isinstance(record, Incoming)], sources
    )
    assert asked is not None
    for queryset in (
        Article.objects.filter(asked).order_by(),
        Appearance.objects.filter(asked).order_by(),
        Article.objects.filter(text_hash__in=["hash1", "hash2"]).order_by(),
        RawRow.objects.filter(dump_id=1, number__in=range(200)).order_by(),
        Article.objects.filter(raw__in=range(200)).order_by(),
        Appearance.objects.filter(raw__in=range(200)).order_by(),
        ArticleVersion.objects.filter(raw__in=range(200)).order_by(),
    ):
        assert by_index(queryset), plan(queryset)


@pytest.mark.usefixtures("full")
def test_a_batch_of_known_records_is_looked_up_with_a_handful_of_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        sameness.load(RECORDS, 1, {source.slug: source for source in Source.objects.all()})
    assert len(captured) <= 10


@pytest.mark.usefixtures("full")
def test_the_plain_lists_go_by_indexes() -> None:
    for queryset in (
        Article.objects.published()[:20],
        Article.objects.published().filter(source=3)[:20],
        Article.objects.order_by("-published_at", "-id")[:20],
        Article.objects.filter(source=3).order_by("-published_at", "-id")[:20],
        Article.objects.filter(published_on="1987-03-04").order_by(),
        Entity.objects.filter(kind="person").order_by("-article_count", "sort_name")[:50],
        Entity.objects.filter(kind="person").order_by("sort_name")[:50],
        Mention.objects.filter(entity=1).order_by().values("article_id"),
        Rejection.objects.filter(run=1).order_by("record"),
        Rejection.objects.filter(run=1, code="bad-json").order_by("run", "record"),
        Rejection.objects.filter(run=1).order_by().values_list("record", flat=True),
        IngestRun.objects.filter(dump=1, status="done").order_by("-pk"),
        TextSketch.objects.filter(leader=1).order_by(),
    ):
        assert by_index(queryset), plan(queryset)
