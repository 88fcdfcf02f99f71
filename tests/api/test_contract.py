"""Schemathesis holds the API to its own OpenAPI document; a few examples here, more by hand (docs/api.md)."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from newsroom.wsgi import application
from tests.views.makers import index, make_article, make_person

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def archive(db: None, data_dir: Path, settings: Any) -> None:
    cache.clear()
    settings.ARCHIVE_API_RATE = "1000000/min"
    settings.ALLOWED_HOSTS = ["*"]
    make_person("Ada Vale", make_article(1), make_article(2, published_at=None))
    index()


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_describes_itself(case: Any) -> None:
    # In this process there is no HTTP client that would unpack what the site compresses.
    case.call_and_validate(headers={"Accept-Encoding": "identity"})
