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


def test_a_lock_that_is_removed_is_held_by_one_at_a_time_all_the_same(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    with file_lock(lock, remove=True), pytest.raises(Locked), file_lock(lock, remove=True):
        pass
    assert not lock.exists()
    code = (
        "import sys; from pathlib import Path; from archive.locks import file_lock\n"
        "counter = Path(sys.argv[2])\n"
        "for _ in range(200):\n"
        "    with file_lock(Path(sys.argv[1]), timeout=30, remove=True):\n"
        "        counter.write_text(str(int(counter.read_text()) + 1))\n"
    )
    counter = tmp_path / "counter"
    counter.write_text("0")
    rivals = [subprocess.Popen([sys.executable, "-c", code, str(lock), str(counter)]) for _ in range(3)]
    assert [rival.wait(60) for rival in rivals] == [0, 0, 0]
    assert counter.read_text() == "600"
