"""Memory is bounded by the largest record, not by the dump."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from archive.ingest.readers import open_dump
from tests.ingest.readers.contract import BODIES, SAMPLES

MANY = 200


@pytest.mark.parametrize("name", ["jsonl", "csv", "reuters-sgml", "wxr", "json"])
def test_a_long_dump_takes_no_more_memory_than_a_short_one(tmp_path: Path, name: str) -> None:
    data = SAMPLES[name].data
    for body in BODIES:
        data = data.replace(body.encode(), body.encode() * 100)
    if name == "csv":
        head, _, rows = data.partition(b"\n")
        data = head + b"\n" + rows * MANY
    elif name == "json":
        data = b"[" + b",".join([data.strip()[1:-1]] * MANY) + b"]"
    elif name == "wxr":
        head, mark, rest = data.partition(b"<item>")
        items, end_mark, tail = rest.rpartition(b"</item>")
        data = head + (mark + items + end_mark) * MANY + tail
    else:
        data = data * MANY
    path = tmp_path / "long.gz"
    path.write_bytes(gzip.compress(data, 1))
    dump = open_dump(path)
    tracemalloc.start()
    try:
        count = sum(1 for _ in dump.records())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 3 * MANY
    assert peak < 2 * 1024 * 1024 < len(data) / 2
