"""Schemathesis holds the API to its own OpenAPI document; a few examples here, more by hand (docs/api.md)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from newsroom.wsgi import application
from tests.views.makers import index, make_article, make_person

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def archive(db: None, data_dir: Path, settings: Any) -> Iterator[None]:
    cache.clear()
    settings.ARCHIVE_API_RATE = "1000000/min"
    settings.ALLOWED_HOSTS = ["*"]
    make_person("Ada Vale", make_article(1), make_article(2, published_at=None))
    index()
    # As Django's own test client does: the test's transaction outlives a request.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_describes_itself(case: Any) -> None:
    # In this process there is no HTTP client that would unpack what the site compresses.
    case.call_and_validate(headers={"Accept-Encoding": "identity"})
