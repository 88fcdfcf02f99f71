"""An index that is damaged or gone is rebuilt from the database, by the worker's drain or by one command."""

import errno
import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from archive.errors import IndexDamaged, IndexUnavailable
from archive.management.commands import worker
from archive.models import Article, IndexTask, Source, queue_for_index
from archive.search import indexing
from archive.search.backends import _backend, get_backend
from archive.search.documents import IndexDocument, build
from archive.search.indexing import drain, rebuild, verify
from archive.search.query import Word

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(data_dir: Path) -> Path:
    """The index of three articles."""
    source = Source.objects.create(slug="wire", name="Wire")
    for number in range(3):
        body = [f"Crude oil rose by {number} dollars."]
        Article.objects.create(
            source=source, external_id=str(number), title=f"Oil {number}", body=body, text_hash=str(number)
        )
    rebuild()
    return data_dir / "index"


def cut_segments(folder: Path) -> None:
    for file in (folder / "current").glob("*.seg"):
        file.write_bytes(file.read_bytes()[:100])


def flip_a_byte(folder: Path) -> None:
    for file in (folder / "current").glob("*.arrays"):
        held = bytearray(file.read_bytes())
        held[-70] ^= 0xFF
        file.write_bytes(held)


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [cut_segments, remove])
def test_the_next_drain_heals_what_cannot_be_read(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder)
    _backend.cache_clear()
    drain()
    assert get_backend().search(Word("crude")).total == 3
    assert verify().is_clean


def test_a_vanished_index_is_healed_in_a_process_that_had_it_open(folder: Path) -> None:
    assert get_backend().count() == 3
    remove(folder)
    with pytest.raises(IndexDamaged):
        get_backend().count()
    drain()
    assert get_backend().count() == 3


def test_a_flipped_byte_is_found_by_verify_and_repaired(folder: Path) -> None:
    flip_a_byte(folder)
    report = verify()
    assert not report.is_clean
    assert [name.rpartition(".")[2] for name in report.damaged] == ["arrays"]
    verify(repair=True)
    assert verify().is_clean


def test_verify_says_what_to_do_about_an_unreadable_index(folder: Path) -> None:
    cut_segments(folder)
    _backend.cache_clear()
    with pytest.raises(CommandError, match="reindex"):
        call_command("reindex", "--verify")
    call_command("reindex", "--verify", "--repair")
    assert verify().is_clean


def test_draining_an_empty_archive_builds_nothing(data_dir: Path) -> None:
    assert drain() == 0
    assert not (data_dir / "index").exists()


class Times(threading.Event):
    """An event that a loop waits for so many times before it is set."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left, self.waits = number, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("what nobody thought of")]
)
def test_the_indexer_outlives_whatever_a_drain_raises(
    folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_for_index([1])
    tries = []

    def fail() -> int:
        tries.append(1)
        raise error

    monkeypatch.setattr(worker, "drain", fail)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    stop = Times(4)
    worker._index_until(stop)
    assert len(tries) == 5
    assert stop.waits == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_a_lock_that_the_disk_refuses_is_an_index_that_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    queue_for_index([1])
    monkeypatch.setattr(indexing, "file_lock", refuse)
    with pytest.raises(IndexUnavailable, match="No space left on device"):
        drain()
    assert IndexTask.objects.exists()


def test_an_article_that_cannot_be_indexed_keeps_no_other_from_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, poison, last = Article.objects.order_by("pk")

    def choke(ids: Iterable[int]) -> Iterable[IndexDocument]:
        if poison.pk in ids:
            raise TypeError("no text at all")
        return build(ids)

    monkeypatch.setattr(indexing, "build", choke)
    Article.objects.update(title="Zinc")
    queue_for_index([first.pk, poison.pk, last.pk])
    drain()
    assert {hit.article_id for hit in get_backend().search(Word("zinc")).hits} == {first.pk, last.pk}
    assert list(IndexTask.objects.values_list("article_id", "refused")) == [(poison.pk, "TypeError: no text at all")]
    assert not IndexTask.objects.waiting().exists()


def test_an_article_stored_as_it_should_not_be_is_left_out_of_a_rebuild(folder: Path) -> None:
    poison = Article.objects.order_by("pk")[1]
    Article.objects.filter(pk=poison.pk).update(captions=[{"credit": "a caption without a text"}])
    assert rebuild() == 2
    queue_for_index([poison.pk])
    drain()
    assert verify().is_clean


def test_articles_are_not_blamed_for_an_index_that_takes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("arrays disagree")

    monkeypatch.setattr(type(get_backend()), "update", broken)
    queue_for_index([1, 2, 3])
    with pytest.raises(ValueError, match="arrays disagree"):
        drain()
    assert IndexTask.objects.count() == 3


def test_search_says_that_its_index_is_gone_and_an_idle_worker_brings_it_back(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/search/", {"q": "crude"}).status_code == 200
    remove(folder)
    page = client.get("/search/", {"q": "crude"})
    assert page.status_code == 503
    assert "Search is not available at the moment" in page.content.decode()
    assert "nothing is lost" in page.content.decode()
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    assert not IndexTask.objects.exists()
    worker._index_until(Times(1))
    assert "3 articles" in client.get("/search/", {"q": "crude"}).content.decode()
