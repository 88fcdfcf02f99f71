"""Killed without a word: the web server in the middle of an upload, the worker in the middle of a run. Nothing is lost."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.site import Asking, Site, running
from tests.ingest.support import story, write_dump

RUNS = "/admin/archive/ingestrun/"
STORIES = 520
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through /proc")


def row(site: Site, query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(site.data_dir / "archive.sqlite3", timeout=30)) as database:
        return tuple(database.execute(query).fetchone() or ())


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.02)


def upload(staff: Asking, path: Path, *, kill: Callable[[], None] | None = None) -> int:
    """The dump's number; with `kill` the site is killed at half, and the upload goes on where it stopped."""
    data = path.read_bytes()
    half, headers = len(data) // 2, {"Content-Type": "application/json"}
    about = json.dumps({"name": path.name, "size": len(data), "fingerprint": path.name}).encode()

    def begin() -> tuple[str, int]:
        begun = json.loads(staff.ask("POST", f"{RUNS}upload/parts/", about, headers)[1])
        return begun["url"], begun["offset"]

    def put(url: str, offset: int, piece: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(staff.ask("PUT", url, piece, {"Upload-Offset": str(offset)})[1])
        return answer

    url, offset = begin()
    assert put(url, offset, data[:half]) == {"offset": half}
    if kill:
        kill()
    url, offset = begin()
    assert offset == half
    return int(put(url, offset, data[offset:])["dump"])


def ingest(site: Site, staff: Asking, dump: int) -> int:
    """Queue a run of the dump and wait until it is at work; its number."""
    status, _, _ = staff.post(f"{RUNS}upload/", {"dump": dump, "new_source": "Ouse Times"})
    assert status == 302
    (run,) = row(site, "SELECT max(id) FROM archive_ingestrun")
    until(lambda: row(site, f"SELECT read FROM archive_ingestrun WHERE id = {run}")[0])
    return int(run)


def test_what_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = write_dump(tmp_path / "stories.jsonl", [story(number) for number in range(STORIES)])
    with running(tmp_path / "var") as site:
        staff = Asking(site.port)
        staff.sign_in("ada")

        def kill_web() -> None:
            site.kill_web()
            site.wait()

        run = ingest(site, staff, upload(staff, whole, kill=kill_web))
        os.kill(site.worker(), signal.SIGKILL)
        status, read = row(site, f"SELECT status, read FROM archive_ingestrun WHERE id = {run}")
        assert (status, 0 < read < STORIES) == ("running", True), "it was still at work"
        until(lambda: row(site, f"SELECT status FROM archive_ingestrun WHERE id = {run}") == ("done",))
        assert row(site, f"SELECT read, stored FROM archive_ingestrun WHERE id = {run}") == (STORIES, STORIES)
        assert row(site, "SELECT count(*), count(DISTINCT external_id) FROM archive_article") == (STORIES, STORIES)
