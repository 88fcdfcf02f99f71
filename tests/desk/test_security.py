"""Headers, limits, and what Django itself checks before a site goes live."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from archive.guarding import client_address
from tests.conftest import ROOT
from tests.roles import member
from tests.views.test_pages import make_article


def test_django_finds_nothing_to_say_about_a_site_under_tls(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "ARCHIVE_DATA_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "ARCHIVE_HTTPS": "1",
        "ALLOWED_HOSTS": "archive.example.org",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_every_page_forbids_frames_inline_scripts_and_being_taken_in_elsewhere(client: Client, data_dir: Path) -> None:
    article = make_article()
    for url in ("/", article.get_absolute_url(), "/admin/login/", "/account/sign-in/", "/no/such/page/"):
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_searches_and_exports_are_limited_and_reading_is_not(client: Client, data_dir: Path, settings: Any) -> None:
    settings.ARCHIVE_SEARCH_RATE = "2/m"
    cache.clear()
    assert [client.get("/search/?q=x").status_code for _ in range(2)] == [200, 200]
    refused = client.get("/search/export.csv?q=x")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert f"wait {refused['Retry-After']} seconds" in refused.content.decode()
    assert client.get("/search/?q=x", headers={"Accept": "text/plain"})["Content-Type"].startswith("text/plain")
    assert client.get("/").status_code == 200
    client.force_login(member("reader"))
    assert client.get("/search/?q=x").status_code == 200
    cache.clear()
    statuses = [client.post("/search/pins/", {"q": "x"}).status_code for _ in range(31)]
    assert statuses == [302] * 30 + [429]
    cache.clear()


def test_an_address_is_the_readers_as_far_as_the_proxies_are_ours(
    rf: RequestFactory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    for proxies, address in ((0, "10.0.0.1"), (1, "2.2.2.2"), (2, "1.1.1.1")):
        monkeypatch.setattr("ninja.conf.settings.NUM_PROXIES", proxies)
        assert client_address(asked) == address
    assert settings.AXES_CLIENT_IP_CALLABLE == "archive.guarding.client_address"


@pytest.mark.django_db
def test_ten_wrong_passwords_close_a_name_even_to_the_right_one(client: Client, data_dir: Path) -> None:
    member("reader", "rita")
    for _ in range(10):
        client.post("/account/sign-in/", {"username": "rita", "password": "wrong"})
    right = {"username": "rita", "password": "a long pass phrase"}
    closed = client.post("/account/sign-in/", right)
    assert closed.status_code == 429
    assert "Closed for a while" in closed.content.decode()
    member("reader", "robert")
    assert client.post("/account/sign-in/", {**right, "username": "robert"}).status_code == 302


@pytest.mark.django_db
def test_what_is_refused_is_a_page_that_says_why(data_dir: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member("reader", "rita"))
    refused = client.get("/dates/unknown/")
    assert (refused.status_code, "rita may not do this" in refused.content.decode()) == (403, True)
    stale = client.post("/collections/", {"name": "Oil"})
    assert (stale.status_code, "Nothing was changed" in stale.content.decode()) == (403, True)
