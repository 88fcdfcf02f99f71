"""The supervisor: the web server (gunicorn) and the background worker side by side, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

WEB = "web server"
RESTART_AFTER_SECONDS = 2.0
STOP_WITHIN_SECONDS = 30.0


class Command(BaseCommand):
    help = "Serve the site and run the background worker beside it until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--threads", type=int, default=4, help="threads per web process (default: %(default)s)")
        parser.add_argument("--web-workers", type=int, default=1, help="web processes (default: %(default)s)")

    def handle(self, *args: Any, host: str, port: int, threads: int, web_workers: int, **options: Any) -> None:
        _refuse_taken_port(host, port)
        web = [
            *(sys.executable, "-m", "gunicorn", "newsroom.wsgi:application", "--bind", f"{host}:{port}"),
            *("--workers", str(web_workers), "--threads", str(threads), "--worker-class", "gthread"),
            *("--timeout", "120", "--graceful-timeout", "10", "--log-level", "warning"),
            # As long as gunicorn lets them be: a query in Chinese is nine characters for each of its own.
            *("--limit-request-line", "8190"),
        ]
        worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
        Supervisor({WEB: web, "worker": worker}).run(
            lambda: self.stdout.write(f"Newsroom Archive: http://{host}:{port}/  (Ctrl-C stops)")
        )


class Supervisor:
    """Starts processes, starts those again that die, and on SIGINT or SIGTERM stops all of them cleanly.

    On SIGHUP each is begun anew without a request or a batch lost: gunicorn exchanges its web processes one by one, the
    worker finishes what it is at.
    """

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False
        self.reloading = False

    def run(self, ready: Any) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._stop)
        signal.signal(signal.SIGHUP, self._reload)
        for name in self.commands:
            self._start(name)
        ready()
        try:
            while not self.stopping:
                time.sleep(0.25)
                if self.reloading:
                    self.reloading = False
                    self._renew()
                self._restart_dead()
        finally:
            self._stop_all()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which then asks each one once.
        self.processes[name] = subprocess.Popen(  # noqa: S603 - our own fixed commands
            self.commands[name], cwd=settings.BASE_DIR, start_new_session=True, env=os.environ
        )

    def _restart_dead(self) -> None:
        for name, process in list(self.processes.items()):
            if process.poll() is None:
                continue
            sys.stderr.write(f"The {name} ended with status {process.returncode}; starting it again.\n")
            time.sleep(RESTART_AFTER_SECONDS)
            if not self.stopping:
                self._start(name)

    def _reload(self, signum: int, frame: FrameType | None) -> None:
        self.reloading = True

    def _renew(self) -> None:
        for name, process in self.processes.items():
            process.send_signal(signal.SIGHUP if name == WEB else signal.SIGTERM)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for name, process in self.processes.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                sys.stderr.write(f"The {name} did not stop in time and was killed.\n")
                process.kill()
                process.wait()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
            ) from error
