"""What all tests share: a data folder of their own, and where the real data is."""

import os
import tempfile
from pathlib import Path

import pytest

# Before Django reads its settings: tests never touch the developer's archive, and each xdist worker has its own folder.
_folder = tempfile.TemporaryDirectory(prefix="newsroom-test-")
os.environ["ARCHIVE_DATA_DIR"] = _folder.name
for name in ("DATABASE_URL", "SEARCH_URL", "DEBUG"):
    os.environ.pop(name, None)

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; tests that need it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real data is not here: {SHARED_DATA} does not exist")
    return SHARED_DATA
