"""The progress bar of an ingest: bytes read of all, rate, time left. On a terminal only; elsewhere it is silent."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from archive.ingest import pipeline
from archive.ingest.paths import Found


class RunProgress:
    """A context manager; `tell` it of every batch, `done` of every file."""

    def __init__(self, files: Sequence[Found], stderr: Any) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[records]:,} records, {task.fields[rate]:,.0f}/s"),
            TimeRemainingColumn(),
        )
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
        total = sum(file.size for file in files)
        self._task = self._bar.add_task("ingest", total=total or None, records=0, rate=0.0)
        self._bytes, self._records, self._of_this = 0, 0, 0
        self._files, self._of = 0, len(files)
        self._started = time.monotonic()

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def tell(self, progress: pipeline.Progress) -> None:
        self._of_this = progress.counts.read
        self._show(self._bytes + progress.position)

    def done(self, file: Found) -> None:
        self._bytes += file.size
        self._files += 1
        self._records, self._of_this = self._records + self._of_this, 0
        self._bar.update(self._task, description=f"{self._files:,} of {self._of:,} dumps")
        self._show(self._bytes)

    def _show(self, position: int) -> None:
        records = self._records + self._of_this
        rate = records / max(time.monotonic() - self._started, 0.001)
        self._bar.update(self._task, completed=position, records=records, rate=rate)
