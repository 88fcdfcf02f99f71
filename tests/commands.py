"""manage.py without its start: one process has loaded the site, and a fork of it runs each command.

Loading takes seconds of processor time and proves nothing the hundredth time; tests/management/test_serve.py,
tests/ingest/test_faults.py and others start `python manage.py` itself. What a command meets is as in a process of its
own: arguments, environment, settings read anew from it, standard input and output, exit status.
"""

import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(args: Sequence[str], env: Mapping[str, str], input: str = "") -> subprocess.CompletedProcess[str]:
    """What `manage.py` with these arguments does, in this environment."""
    with tempfile.TemporaryDirectory(prefix="command-") as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(input, "utf-8")
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        job = {"args": list(args), "env": dict(env), "streams": list(map(str, streams))}
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        out, err = (path.read_text("utf-8") for path in streams[1:])
    return subprocess.CompletedProcess(args, status, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    """Ends with the process that asked for it, whose end of the pipe is closed then."""
    # Settings make their data folder; nothing is done with this one.
    folder = tempfile.gettempdir()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "ARCHIVE_DATA_DIR": f"{folder}/no-archive"}
    command = [sys.executable, "-m", "tests.commands"]
    return subprocess.Popen(command, env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def serve() -> None:
    """Read jobs and answer with exit statuses; in a fork, run the job and come back to end the process."""
    import django

    django.setup()
    for needed in ("newsroom.urls", "archive.search.backends.whoosh.backend"):
        importlib.import_module(needed)
    for line in sys.stdin:
        if not (child := os.fork()):
            return _become(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


def _become(args: list[str], env: dict[str, str], streams: list[str]) -> None:
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")  # the other one has read ahead
    os.environ.clear()
    os.environ.update(env)
    random.seed()

    import django
    from django.conf import Settings, settings
    from django.core.management import execute_from_command_line
    from django.db import connections

    importlib.reload(sys.modules[env["DJANGO_SETTINGS_MODULE"]])
    settings._wrapped = Settings(env["DJANGO_SETTINGS_MODULE"])
    connections._settings = connections.settings = connections.configure_settings(None)
    for alias in connections:
        connections[alias] = connections.create_connection(alias)
    django.setup()
    sys.argv = ["manage.py", *args]
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    serve()
