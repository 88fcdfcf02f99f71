"""What all tests share: where the real data is, an archive of one test's own, and manage.py as a real process."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from archive.locks import file_lock
from tests import commands

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; tests that need it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real data is not here: {SHARED_DATA} does not exist")
    return SHARED_DATA


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder of this test's own: its index and media never meet another test's."""
    with override_settings(DATA_DIR=tmp_path, MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path


Manage = Callable[..., subprocess.CompletedProcess[str]]


def manage_over(var: Path) -> Manage:
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(var), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    return lambda *args, input="", **more: commands.run(args, {**env, **more}, input)


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    """manage.py as in a process of its own, over a data folder of this test's own; keywords are its environment."""
    return manage_over(tmp_path / "var")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once for all processes of the suite; not to be written to."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"made-{name}"
    with file_lock(folder.with_suffix(".lock"), timeout=300):
        if not folder.exists():
            make(folder.with_suffix(".part"))
            folder.with_suffix(".part").rename(folder)
    return folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty archive: migrating takes seconds, copying none."""

    def make(var: Path) -> None:
        done = manage_over(var)("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "migrated", make)


@pytest.fixture(scope="session")
def ingested_sample(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The data folder of an archive with the written pages of the sample in it."""

    def make(var: Path) -> None:
        shutil.copytree(migrated, var)
        done = manage_over(var)("ingest", str(ROOT / "sample" / "pages"), "--workers", "1")
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "ingested", make)


@pytest.fixture
def empty_archive(migrated: Path, tmp_path: Path) -> Path:
    """An empty archive as a data folder of this test's own, the one of `manage`."""
    return shutil.copytree(migrated, tmp_path / "var")


@pytest.fixture
def sample_archive(ingested_sample: Path, tmp_path: Path) -> Path:
    """The archive of the sample's pages as a data folder of this test's own, the one of `manage`."""
    return shutil.copytree(ingested_sample, tmp_path / "var", symlinks=True)


WITHOUT_CHROMIUM = (
    "Browser tests were left out: Chromium is missing. Install it with: apt-get install chromium chromium-driver"
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where there is no Chromium its tests are left out and said so; REQUIRE_BROWSER=1 makes that a failure."""
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if not wanted or shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(WITHOUT_CHROMIUM)
    for item in wanted:
        item.add_marker(pytest.mark.skip(reason=WITHOUT_CHROMIUM))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if any(WITHOUT_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(WITHOUT_CHROMIUM)
