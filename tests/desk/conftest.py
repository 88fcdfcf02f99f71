"""Fixtures of the desk's tests."""

from pathlib import Path

import pytest

from archive.models import Article
from tests.desk.wolverines import OLD_RECORDS, RECORDS, dump_of, ingest


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outside")


@pytest.fixture
def wolverines(data_dir: Path, outside: Path) -> Article:
    """An article in two versions, from two kept dumps, among others."""
    ingest(dump_of(outside / "old.jsonl", OLD_RECORDS))
    ingest(dump_of(outside / "dump.jsonl", RECORDS))
    article = Article.objects.get(external_id="b")
    assert article.version == 2
    return article
