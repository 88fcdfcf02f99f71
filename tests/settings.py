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

from newsroom.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
