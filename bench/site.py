"""A real site for benchmarks: `manage.py serve` over a folder of its own, on the loopback address, and who asks it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "a long pass phrase"


@dataclass(slots=True)
class Site:
    """A running site: its port, its data folder, and the process that supervises it."""

    port: int
    data_dir: Path
    server: subprocess.Popen[bytes]

    def web(self) -> int:
        """The process that answers requests: gunicorn's child."""
        (arbiter,) = [pid for pid in _children(self.server.pid) if b"gunicorn" in _commandline(pid)]
        return _children(arbiter)[0]

    def worker(self) -> int:
        """The background worker."""
        (worker,) = [pid for pid in _children(self.server.pid) if b"\0worker\0" in _commandline(pid)]
        return worker

    def kill_web(self) -> None:
        """Both processes of the web server, without a word: the supervisor starts them again."""
        web = self.web()
        arbiter = int(Path(f"/proc/{web}/stat").read_text("ascii").split()[3])
        for pid in (arbiter, web):
            os.kill(pid, signal.SIGKILL)

    def wait(self, seconds: float = 60) -> None:
        """Until the site answers."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if Asking(self.port).get("/healthz")[0] == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"The site does not answer within {seconds} seconds.")


@dataclass(slots=True)
class Asking:
    """One who asks the site, with cookies and, after `sign_in`, a session."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, bytes, float]:
        return self.ask("GET", path)

    def post(self, path: str, form: Mapping[str, object]) -> tuple[int, bytes, float]:
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form}, doseq=True)
        return self.ask("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, float]:
        """Status, body and seconds of an answer. Raises OSError or HTTPException where there is none."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            said = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
                **(headers or {}),
            }
            connection.request(method, path, body, said)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie" and (match := re.match(r"([^=]+)=([^;]*)", value)):
                    self.cookies[match[1]] = match[2]
            return response.status, response.read(), time.perf_counter() - began
        finally:
            connection.close()

    def sign_in(self, name: str) -> None:
        self.get("/admin/login/")
        status, _, _ = self.post("/admin/login/?next=/admin/", {"username": name, "password": PASSWORD})
        if status != 302:
            raise SystemExit(f"{name} could not sign in: {status}.")


@contextmanager
def running(data_dir: Path, *, staff: str = "ada", **settings: str) -> Iterator[Site]:
    """A migrated site with a superuser, for as long as the context lasts."""
    env = {
        **os.environ,
        **settings,
        "ARCHIVE_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=env, check=True)
    account = ("createsuperuser", "--noinput", "--username", staff, "--email", f"{staff}@example.org")
    subprocess.run([*manage, *account], env=env, check=False, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen([*manage, "serve", "--port", str(port)], env=env)
    site = Site(port, data_dir, server)
    try:
        site.wait()
        yield site
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(90)


def rss_mb(pid: int) -> float:
    """Resident memory of a process, in MB."""
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(match[1]) / 1024 if match else 0.0


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def _commandline(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
