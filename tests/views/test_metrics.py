"""What Prometheus is told, and who is told nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from archive.models import IndexTask, IngestRun

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer sécret"])
def test_without_the_token_there_is_no_such_page(client: Client, settings: Any, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.ARCHIVE_METRICS_TOKEN = "secret"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_counts_and_request_times_are_told(client: Client, settings: Any, data_dir: Path) -> None:
    settings.ARCHIVE_METRICS_TOKEN = "secret"
    client.get("/sources/")
    client.get("/search/?q=quokka")
    IngestRun.objects.create(read=5, stored=3, rejected=2)
    late = IndexTask.objects.create(article_id=1)
    IndexTask.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(seconds=90))
    client.get("/no/such/page")
    answer = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    found = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    assert found["archive_articles"].samples[0].value == 0
    assert found["archive_index_lag_seconds"].samples[0].value >= 90
    records = {one.labels["outcome"]: one.value for one in found["archive_records"].samples}
    assert (records["stored"], records["rejected"]) == (3, 2)
    assert {one.labels["phase"] for one in found["archive_search_seconds"].samples} == {"engine", "page"}
    assert found["archive_disk_free_bytes"].samples[0].value > 0
    labels = [sample.labels for sample in found["archive_request_seconds"].samples]
    assert any(one["address"].endswith("sources") and one["status"] == "2xx" for one in labels)
    assert any(one["address"] == "none" and one["status"] == "4xx" for one in labels)
