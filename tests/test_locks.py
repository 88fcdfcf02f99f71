"""A lock between processes: one holder, freed when it dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.locks import Locked, file_lock, is_locked


def test_a_second_holder_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    with file_lock(lock), pytest.raises(Locked, match=r"x\.lock is held by another process"), file_lock(lock):
        pass
    assert not is_locked(lock)


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    code = (
        "import sys, time; from pathlib import Path; from archive.locks import file_lock\n"
        "with file_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, env=os.environ)
    assert holder.stdout is not None
    holder.stdout.readline()
    assert is_locked(lock)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not is_locked(lock)
