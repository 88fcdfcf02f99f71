"""A run that several processes share: whoever dies over it, it ends as if one process had done it all."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from archive.choices import RunStatus
from archive.ingest import intake, pipeline, sharing
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Cut,
    IndexTask,
    IngestRun,
    Rejection,
    WorkerProcess,
    WorkShare,
)
from archive.tasks import ingest_run
from tests.conftest import ROOT
from tests.ingest.support import ingest, story, write_dump

KILLS = int(os.environ.get("KILLS", "5"))
"""`KILLS=20 make …` by hand."""
SECRET = "a secret that all workers share"


def mixed_dump(path: Path, count: int) -> Path:
    """Stories, some of them again with another text or the very same, and some that are no JSON."""
    rng = random.Random(count)
    records: list[Any] = []
    for number in range(count):
        chance, earlier = rng.random(), rng.randrange(number + 1)
        if chance < 0.05:
            records.append("{broken")
        elif chance < 0.15:
            records.append(story(earlier, title=f"Corrected story {number}"))
        elif chance < 0.25:
            records.append(story(earlier))
        else:
            records.append(story(number))
    return write_dump(path, records)


def outcome() -> dict[str, Any]:
    """All that a run leaves, but for keys and times."""
    runs = IngestRun.objects.values_list("status", "read", *IngestRun.COUNTS)
    return {
        "runs": list(runs),
        "articles": list(Article.objects.order_by("pk").values_list("external_id", "title", "text_hash", "version")),
        "versions": list(ArticleVersion.objects.order_by("pk").values_list("article__external_id", "title")),
        "appearances": list(Appearance.objects.order_by("pk").values_list("article__external_id", "text_hash")),
        "rejections": list(Rejection.objects.order_by("pk").values_list("record", "code")),
        "cuts": Cut.objects.count(),
        "queued": IndexTask.objects.count(),
    }


def queued(path: Path) -> IngestRun:
    """A queued run of the dump, kept."""
    dump = intake.dump_of(path, intake.sha256_of(path), path.name)
    intake.keep(dump, path)
    dump.save()
    return intake.queue(dump, source=None, user=None, options={"entities": False, "source": "ouse-times"})


@pytest.fixture
def undisturbed(
    transactional_db: None, data_dir: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> tuple[Path, dict[str, Any]]:
    """(a dump, what it leaves when one process ingests it alone); the database is empty again."""
    path = mixed_dump(tmp_path / "mixed.jsonl", getattr(request, "param", 600))
    ingest(path)
    expected = outcome()
    call_command("flush", verbosity=0, interactive=False)
    return path, expected


def test_a_share_of_one_who_died_is_taken_over(
    undisturbed: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, expected = undisturbed
    monkeypatch.setattr(pipeline, "can_be_shared", lambda: True)
    monkeypatch.setattr(sharing, "_RENEW_SECONDS", 0.0)
    run = queued(path)
    lapsed = timezone.now() - timedelta(seconds=1)
    for first in (0, sharing.SHARE):
        WorkShare.objects.create(run=run, first=first, holder="dead", expires_at=lapsed)
    assert pipeline.run_queued(run).status == RunStatus.DONE
    assert outcome() == expected
    assert not WorkShare.objects.exists()


def test_nobody_helps_with_a_run_that_is_over_or_not_shared(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    run = queued(undisturbed[0])
    assert not pipeline.help_with(run)
    IngestRun.objects.update(status=RunStatus.RUNNING)
    assert not pipeline.help_with(run)
    assert not IngestRun.objects.get().read


def test_a_run_goes_on_where_its_shares_ended_though_it_is_shared_no_more(
    undisturbed: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, expected = undisturbed
    monkeypatch.setattr(pipeline, "can_be_shared", lambda: True)
    monkeypatch.setattr(pipeline, "is_cancelled", lambda pk: True)
    assert pipeline.run_queued(queued(path)).status == RunStatus.CANCELLED
    assert IngestRun.objects.get().read == sharing.SHARE
    ingest(path)
    assert outcome() == expected


class Workers:
    """Real workers over the test's database; as many as asked are kept alive."""

    def __init__(self, data_dir: Path, count: int) -> None:
        settings = connection.settings_dict
        url = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        self._env = {
            **os.environ, "DATABASE_URL": url, "ARCHIVE_DATA_DIR": str(data_dir), "ARCHIVE_LEASE_SECONDS": "3",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings", "SECRET_KEY": SECRET,
        }  # fmt: skip
        self._running: list[subprocess.Popen[bytes]] = []
        self._count = count

    def keep(self) -> None:
        self._running = [one for one in self._running if one.poll() is None]
        while len(self._running) < self._count:
            command = [sys.executable, str(ROOT / "manage.py"), "worker"]
            self._running.append(subprocess.Popen(command, env=self._env, cwd=ROOT, stderr=subprocess.DEVNULL))

    def kill(self, holder: str) -> bool:
        """Kill the worker of this name, if it is not dead already."""
        for one in self._running:
            if holder.split(":")[1] == str(one.pid) and one.poll() is None:
                one.send_signal(signal.SIGKILL)
                one.wait()
                return True
        return False

    def __enter__(self) -> "Workers":
        self.keep()
        return self

    def __exit__(self, *failure: object) -> None:
        for one in self._running:
            one.kill()
            one.wait()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one process writes: make test-postgres")
@pytest.mark.parametrize("undisturbed", [1800], indirect=True)
def test_workers_are_killed_at_random_and_the_outcome_is_that_of_an_undisturbed_run(
    undisturbed: tuple[Path, dict[str, Any]], data_dir: Path
) -> None:
    path, expected = undisturbed
    rng, killed, seen = random.Random(7), 0, set()
    with Workers(data_dir, 3) as workers:
        deadline = time.monotonic() + 90 + 20 * KILLS
        while WorkerProcess.objects.count() < 3:
            time.sleep(0.05)
        ingest_run.enqueue(queued(path).pk)
        while not IngestRun.objects.filter(status=RunStatus.DONE).exists():
            assert time.monotonic() < deadline, list(WorkerProcess.objects.values())
            holders = sorted(WorkShare.objects.values_list("holder", flat=True))
            seen |= set(holders)
            if holders and killed < KILLS and rng.random() < 0.4:
                killed += workers.kill(rng.choice(holders))
            workers.keep()
            time.sleep(0.05)
    assert outcome() | {"queued": 0} == expected | {"queued": 0}
    assert (killed, len(seen) > 1) == (KILLS, True)
