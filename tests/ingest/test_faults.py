"""What happens when processes die, disks fill up and two runs meet: counts, articles and outbox are as undisturbed."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from archive.choices import ContentKind
from archive.ingest.prepare import Incoming, Preparation
from archive.ingest.records import BadRecord, Locator, RawRecord
from archive.ingest.workers import Workers
from archive.models import Article, Cut, IndexTask, IngestRun
from archive.models import RawRecord as RawRow
from tests import commands
from tests.conftest import ROOT
from tests.ingest.support import LONG, counts, ingest, story, write_dump
from tests.postgres import make_database

RECORDS = 2400
KILLS = int(os.environ.get("INGEST_KILLS", "3"))
"""How often a run is killed; INGEST_KILLS=20 for the whole proof, which takes minutes."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> "Archive":
    """An empty archive, whose database is to be copied: migrating takes seconds."""
    return Archive(tmp_path_factory.mktemp("ready"))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Stories, some broken lines, repeated ids with changed texts, and texts that are there already."""
    records: list[Any] = [story(n) for n in range(RECORDS)]
    for n in range(0, RECORDS, 97):
        records[n] = "{broken"
        records[n + 1] = story(n // 2, body=f"{LONG} Corrected {n}.")
        records[n + 2] = story(9000 + n, body=records[n + 3]["body"])
    return write_dump(tmp_path / "stories.jsonl", records)


class Archive:
    """manage.py over a data folder and a database of its own, of the same kind as the tests'."""

    def __init__(self, folder: Path, ready: "Archive | None" = None) -> None:
        folder.mkdir(exist_ok=True)
        self.env = {**os.environ, "ARCHIVE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        if connection.vendor == "postgresql":
            self.database = f"faults-{uuid.uuid4().hex}"
            self.env["DATABASE_URL"] = make_database(self.database, ready.database if ready else "template1")
        else:
            self.database = str(folder / "archive.sqlite3")
            if ready:
                shutil.copy(ready.database, self.database)
        if ready is None:
            self.run("migrate", "-v0")

    def ingest(self, dump: Path, workers: int) -> tuple[str, ...]:
        return ("ingest", str(dump), "--no-entities", "--no-index", "--json", "--workers", str(workers))

    def start(self, dump: Path, workers: int) -> subprocess.Popen[str]:
        """A process of its own, to be killed."""
        command = [sys.executable, str(ROOT / "manage.py"), *self.ingest(dump, workers)]
        return subprocess.Popen(
            command, env=self.env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *args: str) -> str:
        """What a command prints that is left alone."""
        done = commands.run(args, self.env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def report(self, dump: Path) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(commands.run(self.ingest(dump, 1), self.env).stdout)
        return report

    @contextmanager
    def query(self) -> Iterator[Any]:
        """A connection of sqlite3 or psycopg; of both only what they have in common is used."""
        if url := self.env.get("DATABASE_URL"):
            with psycopg.connect(url) as server:
                yield server
        else:
            with closing(sqlite3.connect(self.database, timeout=30)) as file:
                yield file

    def read(self) -> int:
        with self.query() as database:
            return int(database.execute("SELECT coalesce(max(read), 0) FROM archive_ingestrun").fetchone()[0])

    def contents(self) -> list[Any]:
        """Everything that must not depend on how often the run was killed, in an order of its own."""
        article = "(SELECT external_id FROM archive_article a WHERE a.id = t.article_id)"
        with self.query() as database:
            return [
                database.execute(statement).fetchall()
                for statement in (
                    "SELECT external_id, title, body, text_hash, version FROM archive_article ORDER BY id",
                    f"SELECT {article}, number, text_hash FROM archive_articleversion t ORDER BY 1, 2",
                    f"SELECT {article}, external_id FROM archive_appearance t ORDER BY 2",
                    "SELECT number, kind FROM archive_rawrecord ORDER BY number",
                    "SELECT record, code, locator FROM archive_rejection ORDER BY record",
                    f"SELECT DISTINCT {article} FROM archive_indextask t ORDER BY 1",
                    "SELECT read, stored, updated, unchanged, duplicates, rejected FROM archive_ingestrun",
                )
            ]


def test_killed_again_and_again_it_ends_like_an_undisturbed_run(tmp_path: Path, dump: Path, ready: Archive) -> None:
    undisturbed, killed = Archive(tmp_path / "calm", ready), Archive(tmp_path / "killed", ready)
    wanted = undisturbed.report(dump)
    moments = random.Random(0)
    last = 0
    for kill, until in enumerate(sorted(moments.randrange(1, RECORDS - 800) for _ in range(KILLS))):
        process = killed.start(dump, 1 + kill % 2)
        while killed.read() < until and process.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.random() * 0.25)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it was still at work"
        assert killed.read() >= last, f"what was committed before kill {kill} is still there"
        last = killed.read()
    report = killed.report(dump)
    assert report["dumps"][0]["status"] == "done"
    for name in ("read", "stored", "updated", "unchanged", "duplicates", "rejected"):
        assert report["totals"][name] == wanted["totals"][name], name
    assert report["dumps"][0]["rejections"] == wanted["dumps"][0]["rejections"]
    assert killed.contents() == undisturbed.contents()
    killed.run("index", "--drain")
    verified = json.loads(killed.run("reindex", "--verify", "--json"))
    assert {verified[name] for name in ("missing", "stale", "extra")} == {0}


def test_of_two_at_once_one_refuses_and_nothing_is_there_twice(tmp_path: Path, dump: Path, ready: Archive) -> None:
    archive = Archive(tmp_path / "two", ready)
    first = archive.start(dump, 1)
    while archive.read() == 0 and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)
    second = archive.report(dump)
    first.send_signal(signal.SIGCONT)
    one = json.loads(first.communicate(timeout=120)[0])
    assert one["dumps"][0]["status"] == "done"
    (refused,) = second["dumps"]
    assert (refused["status"], refused["read"]) == ("rejected", 0)
    assert "Another process is ingesting this very dump" in refused["reason"]
    assert one["totals"]["read"] == RECORDS


def test_two_dumps_at_once_share_the_database_and_know_each_others_articles(tmp_path: Path, ready: Archive) -> None:
    archive = Archive(tmp_path / "rivals", ready)
    dumps = [
        write_dump(tmp_path / f"{name}.jsonl", [story(n, source="ouse") for n in range(start, start + 900)])
        for name, start in (("a", 0), ("b", 450))
    ]
    rivals = [archive.start(dump, 1) for dump in dumps]
    reports = [json.loads(rival.communicate(timeout=120)[0])["totals"] for rival in rivals]
    assert [report["read"] for report in reports] == [900, 900]
    assert sum(report["stored"] for report in reports) == 1350
    assert sum(report["unchanged"] for report in reports) == 450
    with archive.query() as database:
        assert database.execute("SELECT count(*) FROM archive_article").fetchone() == (1350,)


def test_ctrl_c_finishes_the_batch_and_prints_the_report(tmp_path: Path, dump: Path, ready: Archive) -> None:
    archive = Archive(tmp_path / "stopped", ready)
    process = archive.start(dump, 2)
    while archive.read() == 0 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    (stopped,) = json.loads(out)["dumps"]
    assert stopped["status"] == "cancelled"
    assert process.returncode == 1
    assert "Traceback" not in err
    assert 0 < stopped["read"] == archive.read() < RECORDS
    assert archive.report(dump)["totals"]["read"] == RECORDS


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("data_dir")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="fills an SQLite file up")
def test_a_full_disk_ends_the_run_with_a_sentence_and_whole_batches(dump: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 400}")
        try:
            report = ingest(dump)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert report.status == "failed"
    assert "database or disk is full" in (report.reason or "")
    assert 0 < report.counts.read < RECORDS
    assert Article.objects.count() == report.counts.stored
    assert RawRow.objects.count() == report.counts.stored + report.counts.updated + report.counts.duplicates
    assert set(IndexTask.objects.values_list("article_id", flat=True)) == set(
        Article.objects.values_list("pk", flat=True)
    )
    assert not Cut.objects.exclude(article__in=Article.objects.all()).exists()
    again = ingest(dump)
    assert (again.status, again.run, again.counts.read) == ("done", report.run, RECORDS)
    assert IngestRun.objects.count() == 1
    assert counts(again)["rejected"] == len(range(0, RECORDS, 97))


class Deadly(RawRecord):
    """A record that kills the process that receives it, as one does that takes all memory."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


def raw(number: int, kind: type[RawRecord] = RawRecord) -> RawRecord:
    return kind(Locator(number), ContentKind.FIELDS, f"{LONG} {number}", title="Bridge", external_id=str(number))


def test_a_record_that_kills_its_worker_is_rejected_and_the_others_are_not() -> None:
    batches = [[raw(1), raw(2)], [raw(3), raw(4, Deadly), raw(5)], [raw(6)], [raw(7)], [raw(8)]]
    with Workers(2, Preparation(entities=False)) as workers:
        prepared = [record for batch in workers.prepare(batches) for record in batch]
    assert [record.locator.number for record in prepared] == list(range(1, 9))
    (bad,) = [record for record in prepared if isinstance(record, BadRecord)]
    assert (bad.locator.number, bad.code) == (4, "worker-died")
    assert sum(isinstance(record, Incoming) for record in prepared) == 7
