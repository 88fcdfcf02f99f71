"""An index that is damaged or gone is rebuilt from the database, by the worker's drain or by one command."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.errors import IndexDamaged
from archive.models import Article, Source
from archive.search.backends import _backend, get_backend
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
