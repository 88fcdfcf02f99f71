"""Parquet is an optional extra: clear without pyarrow, a table like any other with it."""

import sys
from pathlib import Path

import pytest

from archive.errors import DumpError
from archive.ingest.readers import open_dump
from tests.ingest.readers.contract import good, read, read_some

ROWS = [
    {"id": str(n), "headline": f"Story {n}", "text": f"Text of story {n}.", "authors": ["Ann Lee"]} for n in range(250)
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow, an optional extra, is not installed: pip install pyarrow")
    from pyarrow import parquet

    path = tmp_path / "stories.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
    return path


def test_without_pyarrow_the_operator_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "stories.parquet"
    path.write_bytes(b"PAR1" + b"\x00" * 100 + b"PAR1")
    dump = open_dump(path)
    assert dump.format == "parquet"
    with pytest.raises(DumpError, match="pip install pyarrow") as caught:
        list(dump.records())
    assert caught.value.code == "needs-pyarrow"


def test_every_row_is_a_record(table: Path) -> None:
    records = good(read(table))
    assert [record.external_id for record in records] == [row["id"] for row in ROWS]
    assert records[7].title == "Story 7"
    assert records[7].text == "Text of story 7."
    assert records[7].byline == ("Ann Lee",)


def test_a_table_cut_off_is_noticed(table: Path) -> None:
    table.write_bytes(table.read_bytes()[:-30])
    records, error = read_some(table)
    assert not records
    assert error is not None
    assert error.code == "damaged"


def test_noise_after_the_magic_number_is_a_damaged_table(table: Path) -> None:
    table.write_bytes(b"PAR1" + bytes(range(256)) * 8 + b"PAR1")
    _, error = read_some(table)
    assert error is not None
    assert error.code == "damaged"
