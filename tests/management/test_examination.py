"""What the doctor looks at in a database that works: runs that fell silent, tasks that failed, dumps that shrank."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from archive.choices import RunStatus
from archive.management.examination import State, examine
from archive.management.upkeep import look_after_database
from archive.models import Dump, IngestRun

pytestmark = pytest.mark.django_db


def findings(part: str) -> list[tuple[State, str]]:
    return [(one.state, one.says) for one in examine() if one.part == part]


def test_a_run_that_fell_silent_is_worth_a_look_and_one_that_stores_is_not(data_dir: Path) -> None:
    run = IngestRun.objects.create(status=RunStatus.RUNNING, heartbeat_at=timezone.now())
    assert [state for state, _ in findings("runs")] == [State.FINE]
    IngestRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert (State.WORTH_A_LOOK, "1 runs are said to be running and have stored nothing for 15 minutes.") in findings(
        "runs"
    )


def test_failed_tasks_are_told(data_dir: Path) -> None:
    DBTaskResult.objects.create(status=TaskResultStatus.FAILED, task_path="x", args_kwargs={}, backend_name="default")
    assert (State.WORTH_A_LOOK, "1 tasks failed.") in findings("worker")


def test_a_kept_dump_of_another_size_proves_nothing(data_dir: Path) -> None:
    dump = Dump.objects.create(sha256="a" * 64, name="d.jsonl", size=5, file=ContentFile(b"12345", name="d"))
    assert [state for state, _ in findings("dumps")] == [State.FINE]
    Path(dump.file.path).write_bytes(b"123")
    assert [state for state, _ in findings("dumps")] == [State.BROKEN]
    Dump.objects.update(is_redacted=True)
    assert [state for state, _ in findings("dumps")] == [State.FINE]


def test_a_day_of_upkeep_is_two_pragmas_on_sqlite_and_none_elsewhere(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 0):
        look_after_database()
