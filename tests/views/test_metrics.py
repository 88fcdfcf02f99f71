"""What Prometheus is told, and who is told nothing."""

from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer sécret"])
def test_without_the_token_there_is_no_such_page(client: Client, settings: Any, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.ARCHIVE_METRICS_TOKEN = "secret"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_counts_and_request_times_are_told(client: Client, settings: Any) -> None:
    settings.ARCHIVE_METRICS_TOKEN = "secret"
    client.get("/sources/")
    client.get("/no/such/page")
    answer = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    found = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    assert found["archive_articles"].samples[0].value == 0
    assert found["archive_disk_free_bytes"].samples[0].value > 0
    labels = [sample.labels for sample in found["archive_request_seconds"].samples]
    assert any(one["address"].endswith("sources") and one["status"] == "2xx" for one in labels)
    assert any(one["address"] == "none" and one["status"] == "4xx" for one in labels)
