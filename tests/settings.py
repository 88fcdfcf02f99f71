"""The site's settings with a data folder of the tests' own: nothing here touches a developer's archive."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="newsroom-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["ARCHIVE_DATA_DIR"] = _folder
for _name in ("DATABASE_URL", "SEARCH_URL", "DEBUG"):
    os.environ.pop(_name, None)
# tests/postgres.py starts the server; tests that start a process of their own keep the embedded default.
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from newsroom.settings import *  # noqa: E402, F403

os.environ.pop("DATABASE_URL", None)

# Tests ask as fast as they can; those of the limit set it.
ARCHIVE_SEARCH_RATE = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
