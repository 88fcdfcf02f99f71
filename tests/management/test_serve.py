"""The supervisor as a newcomer meets it: it serves, restarts what dies, and stops everything on Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"not true within {seconds} seconds")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def commandline(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@contextmanager
def serving(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(var), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)


def health(port: int) -> dict[str, dict[str, object]]:
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
        answer: dict[str, dict[str, object]] = json.load(response)
        return answer


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through /proc")
def test_serve_runs_site_and_worker_restarts_a_dead_worker_reloads_and_leaves_nothing_behind(
    empty_archive: Path,
) -> None:
    port = free_port()
    with serving(empty_archive, port) as server:
        wait_for(lambda: health(port)["worker"]["ok"])
        (worker,) = [pid for pid in children(server.pid) if "worker" in commandline(pid).split()]
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not health(port)["worker"]["ok"])
        wait_for(lambda: health(port)["worker"]["ok"])
        (worker,) = [pid for pid in children(server.pid) if "worker" in commandline(pid).split()]
        (gunicorn,) = [pid for pid in children(server.pid) if "gunicorn" in commandline(pid)]
        web = children(gunicorn)
        server.send_signal(signal.SIGHUP)
        wait_for(lambda: not Path(f"/proc/{worker}").exists() and not set(web) & set(children(gunicorn)))
        wait_for(lambda: health(port)["worker"]["ok"])
        left = children(server.pid)
    assert server.returncode == 0
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]


def test_a_taken_port_is_one_clear_sentence(manage: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = manage("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode != 0
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
