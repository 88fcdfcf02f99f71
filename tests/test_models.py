"""The constraints that the database itself keeps."""

import pytest
from django.db import IntegrityError, connection

from archive.models import Article, IngestRun, Source


@pytest.mark.django_db
def test_a_run_cannot_lose_a_record() -> None:
    with pytest.raises(IntegrityError):
        IngestRun.objects.create(read=3, stored=1, rejected=1)


@pytest.mark.django_db
def test_a_source_slug_is_taken_once() -> None:
    Source.objects.create(slug="reuters", name="Reuters")
    with pytest.raises(IntegrityError):
        Source.objects.create(slug="reuters", name="Other")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite sorts the undated last by itself")
def test_lists_newest_first_are_read_from_the_index_on_postgresql(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    source = Source.objects.create(slug="s", name="S")
    for listed in (Article.objects.latest_first(), Article.objects.filter(source=source).latest_first()):
        plan = listed.select_related(None)[:20].explain()
        assert "newest" in plan
        assert "Sort" not in plan
