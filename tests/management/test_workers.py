"""Who does what, as `manage.py workers` tells it."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from archive.models import IngestRun
from archive.work_models import LEASE, WorkerProcess, WorkShare

pytestmark = pytest.mark.django_db


def test_workers_are_listed_with_their_shares_and_the_dead_among_them(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("workers")
    assert "No worker runs" in capsys.readouterr().out
    run = IngestRun.objects.create(path="a dump")
    WorkerProcess.objects.create(name="here:1:1")
    WorkerProcess.objects.create(name="there:2:2", seen_at=timezone.now() - LEASE - timedelta(seconds=1))
    WorkShare.objects.create(run=run, first=256, holder="here:1:1", expires_at=timezone.now())
    call_command("workers")
    alive, dead = capsys.readouterr().out.splitlines()
    assert alive == f"here:1:1: nothing to do; run {run.pk} from record 257; heard of 0 s ago"
    assert dead.startswith("there:2:2 (not heard of: its work goes to others): nothing to do")
    call_command("workers", "--json")
    first, second = json.loads(capsys.readouterr().out)
    assert (first["alive"], first["shares"], second["alive"]) == (True, [{"run": run.pk, "first": 256}], False)
