"""The state of the archive as pictures: every number is in words too, and a part that fails is said."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from archive.choices import RunStatus
from archive.models import IndexTask, IngestRun, Rejection
from tests.roles import member

pytestmark = pytest.mark.django_db


def test_staff_see_runs_rejections_queue_and_lag_in_words_and_pictures(client: Client, data_dir: Path) -> None:
    client.force_login(member("editor"))
    began = timezone.now() - timedelta(seconds=10)
    run = IngestRun.objects.create(
        path="<b>dump</b>",
        status=RunStatus.DONE,
        read=40,
        stored=30,
        rejected=10,
        started_at=began,
        finished_at=timezone.now(),
    )
    Rejection.objects.create(run=run, record=1, locator="line 1", code="bad-json", reason="no")
    IndexTask.objects.create(article_id=1)
    IndexTask.objects.update(created_at=began)
    page = client.get("/admin/state/").content.decode()
    for said in (
        "Done: 30 stored, 10 rejected, 4/s",
        "bad-json",
        "waits for the index, the oldest for 1",
        "GB free of",
    ):
        assert said in page
    assert '<rect class="stored" x="0.000" width="75.000"' in page
    assert '<rect class="rejected" x="75.000" width="25.000"' in page
    assert "No background worker is running" in page
    assert "<b>dump" not in page
