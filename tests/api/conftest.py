"""An archive of a test's own behind /api/v1/."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

Ask = Callable[..., Any]


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    cache.clear()
    return client


@pytest.fixture
def ask(site: Client) -> Ask:
    """What an address of the API answers, as JSON: `ask("articles", source="island-post")`."""

    def ask(path: str, **params: Any) -> Any:
        response = site.get(path if path.startswith("http") else f"/api/v1/{path}", params)
        assert response.status_code == 200, response.content
        return response.json()

    return ask
