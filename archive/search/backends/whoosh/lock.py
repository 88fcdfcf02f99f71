"""One writer at a time, over all processes and threads: a lock file that the kernel frees when its holder dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import IndexUnavailable

_PAUSE = 0.02


@contextmanager
def writer_lock(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the index's writer lock; waits at most so long, then raises `IndexUnavailable`. Not re-entrant."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("wb")
    except OSError as error:
        raise IndexUnavailable(
            f"The search index in {folder} cannot be written: {error.strerror}. Check its owner and free space."
        ) from error
    with file:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise IndexUnavailable(
                        f"Another process has been writing the search index for more than {seconds:g} seconds; "
                        "nothing was changed. What is waiting will be indexed on the next try."
                    ) from None
                time.sleep(_PAUSE)
        yield
