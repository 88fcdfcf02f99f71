"""Runs a command with TEST_DATABASE_URL naming a private PostgreSQL: `python -m tests.postgres pytest -n auto`.

The server is made of the machine's own binaries, belongs to an unprivileged user, listens on loopback only, and is gone
afterwards with everything it stored.
"""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

_USERS = ("postgres", "nobody")
_WAIT_SECONDS = 60
# Nothing of this outlives the tests, so nothing has to survive a power cut.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
}


def binaries() -> Path | None:
    """The folder of the newest server that is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if found:
        return Path(found[-1]).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class PrivateServer:
    """Started and stopped by `with`; `url` is what DATABASE_URL takes."""

    def __init__(self) -> None:
        folder = binaries()
        if folder is None:
            raise SystemExit("PostgreSQL is missing. Install it with: apt-get install postgresql")
        self._binaries = folder
        self.folder = Path(tempfile.mkdtemp(prefix="archive-postgres-"))
        self._user = self._unprivileged()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://archive@127.0.0.1:{self._port}/postgres"

    @property
    def pids(self) -> list[int]:
        """The process that all others of the server are children of."""
        return [self._server.pid] if self._server is not None else []

    def _unprivileged(self) -> dict[str, object]:
        """The server refuses to run as root, so root lends it another user."""
        if os.geteuid() != 0:
            return {}
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        user = next(known[name] for name in _USERS if name in known)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **self._user)  # type: ignore[call-overload]  # user and group as keywords

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self) -> None:
        data = str(self.folder / "data")
        self._run(
            str(self._binaries / "initdb"), "-D", data, "-U", "archive", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )  # fmt: skip
        options = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        command = [str(self._binaries / "postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(self._port), "-k", ""]
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen([*command, *options], cwd=self.folder, stdout=log, stderr=log, **self._user)  # type: ignore[call-overload]  # user and group as keywords
        ready = str(self._binaries / "pg_isready")
        wait = [ready, "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        for _ in range(_WAIT_SECONDS * 10):
            if subprocess.run(wait, check=False).returncode == 0:
                return
            if self._server.poll() is not None:
                break
            try:
                self._server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        print((self.folder / "log").read_text(errors="replace"), file=sys.stderr)
        raise SystemExit("PostgreSQL did not start; its log stands above.")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(_WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def make_database(name: str, like: str = "template1") -> str:
    """A database of this name on the server of the tests, a copy of another one's; what DATABASE_URL takes for it."""
    url = os.environ["TEST_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
    return f"{url.rpartition('/')[0]}/{name}"


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    # So that the server is stopped and its folder removed whoever ends this.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    with PrivateServer() as server:
        environment = {**os.environ, "TEST_DATABASE_URL": server.url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
