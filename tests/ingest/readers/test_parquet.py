"""Parquet is an optional extra: clear without pyarrow, a table like any other with it."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import DumpError
from archive.ingest.readers import Limits, ReadOptions, open_dump
from tests.ingest.readers.contract import bad, good, read, read_some

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


def test_a_row_over_the_limit_costs_only_itself(table: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    rows = [*ROWS[:3], {**ROWS[3], "text": "long " * 1_000}, *ROWS[4:6]]
    parquet.write_table(pyarrow.Table.from_pylist(rows), table)
    records = list(open_dump(table, ReadOptions(limits=Limits(record_bytes=2_000))).records())
    assert [record.code for record in bad(records)] == ["too-long"]
    assert [record.external_id for record in good(records)] == ["0", "1", "2", "4", "5"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 20_000), noise=st.binary(min_size=1, max_size=40))
def test_whatever_is_broken_in_a_table_nothing_is_raised_but_a_dump_error(table: Path, at: int, noise: bytes) -> None:
    whole = table.read_bytes()
    place = 4 + at % (len(whole) - 4)
    try:
        table.write_bytes(whole[:place] + noise + whole[place + len(noise) :])
        records, error = read_some(table)  # raises whatever is no DumpError
    finally:
        table.write_bytes(whole)
    assert error or records


def test_noise_after_the_magic_number_is_a_damaged_table(table: Path) -> None:
    table.write_bytes(b"PAR1" + bytes(range(256)) * 8 + b"PAR1")
    _, error = read_some(table)
    assert error is not None
    assert error.code == "damaged"
