"""A real Chromium against a real site: `manage.py serve` over an archive of the session's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import ROOT, manage_over
from tests.management.test_serve import free_port, health, wait_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@dataclass(frozen=True)
class Site:
    url: str
    data_dir: Path


def manage(data_dir: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return manage_over(data_dir)(*args, **env)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    """The site with 400 Reuters stories and the sample's own pages in it, its worker running, and staff "ada"."""
    data_dir = shutil.copytree(migrated, tmp_path_factory.mktemp("browser") / "var")
    for command in (
        ("ingest", str(ROOT / "sample/reut2-000.sgm.gz"), "--limit", "400", "--workers", "1"),
        ("ingest", str(ROOT / "sample/pages"), "--workers", "1"),
        ("createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.org"),
    ):
        done = manage(data_dir, *command, DJANGO_SUPERUSER_PASSWORD="a long pass phrase")
        assert done.returncode == 0, done.stderr
    port = free_port()
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    server = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)], env=env)
    try:
        wait_for(lambda: health(port)["worker"]["ok"])
        yield Site(f"http://127.0.0.1:{port}", data_dir)
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when anything is written to the console as an error, a CSP report included."""
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors
