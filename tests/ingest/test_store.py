"""One batch, one transaction, and a number of queries that does not grow with the batch."""

from datetime import datetime as dt
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.choices import ContentKind, DatePrecision, EntityKind
from archive.ingest import store
from archive.ingest.prepare import Incoming, Preparation, prepare
from archive.ingest.records import Locator, NamedEntity, PublishedDate, RawRecord, Span, TextNames
from archive.models import Article, Dump, IngestRun, Mention, Source
from tests.ingest.support import LONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> IngestRun:
    return IngestRun.objects.create(dump=Dump.objects.create(sha256="0" * 64, name="a", size=1))


def batch(count: int, sources: int = 5, note: str = "", start: int = 1) -> list[Any]:
    records = [
        RawRecord(
            Locator(number),
            ContentKind.FIELDS,
            f"{LONG} {note} This is report number {number}.",
            title=f"Story {number}",
            source=f"Paper {number % sources}",
            external_id=str(number),
        )
        for number in range(start, start + count)
    ]
    return prepare(records, Preparation(entities=False))


def queries(run: IngestRun, records: list[Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        store.store_batch(run, records)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_records(run: IngestRun) -> None:
    """SQLite takes 999 parameters a statement, so large batches are cut into some statements, never one a record."""
    few, many = queries(run, batch(20)), queries(run, batch(200, start=1000))
    assert few <= 20
    assert many <= few + 25


def test_reading_known_records_again_takes_a_handful_of_queries(run: IngestRun) -> None:
    queries(run, batch(100))
    assert queries(run, batch(100)) <= 14


def test_updating_takes_no_query_a_record_either(run: IngestRun) -> None:
    queries(run, batch(100))
    other = IngestRun.objects.create(dump=Dump.objects.create(sha256="1" * 64, name="b", size=1))
    assert queries(other, batch(100, note="Later.")) <= 50
    assert other.updated == 100


def test_what_is_counted_is_what_is_committed(run: IngestRun, monkeypatch: pytest.MonkeyPatch) -> None:
    store.store_batch(run, batch(3))

    def fails(*args: object) -> None:
        raise RuntimeError("out of the blue")

    monkeypatch.setattr(store, "queue_for_index", fails)
    with pytest.raises(RuntimeError):
        store.store_batch(run, batch(3, start=10))
    assert (run.read, run.stored, Article.objects.count(), Source.objects.count()) == (3, 3, 3, 3)
    run.refresh_from_db()
    assert run.read == 3


def incoming(number: int = 1, **changes: Any) -> Incoming:
    from dataclasses import replace

    (record,) = batch(1, start=number)
    return replace(record, article=replace(record.article, **changes))


def test_the_date_keeps_its_own_day_and_zone(run: IngestRun) -> None:
    late = dt(2019, 11, 30, 1, 30, tzinfo=timezone(timedelta(hours=8)))
    date = PublishedDate("30 Nov 2019 1:30", late, DatePrecision.TIME, "field date", 0.9, has_zone=True)
    store.store_batch(run, [incoming(published=date)])
    article = Article.objects.get()
    assert (str(article.published_on), article.published_zone) == ("2019-11-30", "+08:00")
    assert article.published_at == late


def test_a_date_that_could_not_be_read_keeps_its_words(run: IngestRun) -> None:
    store.store_batch(run, [incoming(published=PublishedDate("on a Sunday", rule="date field, unread"))])
    article = Article.objects.get()
    assert (article.published_raw, article.published_at, article.published_precision) == ("on a Sunday", None, "")


def test_names_are_stored_with_their_article_and_replaced_with_its_text(run: IngestRun) -> None:
    from dataclasses import replace

    (record,) = batch(1)
    baker = TextNames((NamedEntity(EntityKind.PERSON, "James Baker", (Span(0, 5, "Story"),)),))
    store.store_batch(run, [replace(record, names=baker)])
    article = Article.objects.get()
    assert article.named_at is not None
    assert Mention.objects.get().entity.name == "James Baker"  # type: ignore[union-attr]  # it has one
    other = IngestRun.objects.create(dump=Dump.objects.create(sha256="1" * 64, name="b", size=1))
    store.store_batch(other, batch(1, note="Later."))
    article.refresh_from_db()
    assert (article.version, article.named_at, Mention.objects.count()) == (2, None, 0)
