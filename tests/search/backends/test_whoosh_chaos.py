"""Whatever happens to the index's files and writers, readers get an answer or `IndexUnavailable`, and a rebuild heals."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from archive.errors import IndexUnavailable
from archive.search.backends.whoosh import writing
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.backends.whoosh.lock import writer_lock
from archive.search.documents import IndexDocument
from archive.search.query import Everything, Phrase, Word

ROOT = Path(__file__).resolve().parents[3]
BATCH = 5
WRITER = """
import sys, itertools
import django
django.setup()
from archive.search.backends.whoosh.backend import WhooshBackend
from tests.search.backends.test_whoosh_chaos import BATCH, document
backend = WhooshBackend(sys.argv[1])
for batch in itertools.count():
    backend.update([document(number, f"batch{batch}") for number in range(batch % 7 * BATCH, batch % 7 * BATCH + BATCH)])
    print(batch, flush=True)
"""


def document(number: int, text: str = "") -> IndexDocument:
    return IndexDocument(
        id=number,
        content_hash=f"hash-{number}-{text}",
        title="Oil prices rise",
        body=f"The price of crude oil rose. {text}",
        byline="",
        said="",
        language="en",
        source="reuters",
        section="",
        people=("james-baker",),
        organisations=(),
        places=(),
        speakers=(),
        published_on=date(1987, 3, 1),
        published_at=None,
        flags=(),
    )


def writer(folder: Path, program: str = WRITER, **options: object) -> subprocess.Popen[str]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", program, str(folder)]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


@pytest.fixture
def backend(tmp_path: Path) -> WhooshBackend:
    backend = WhooshBackend(str(tmp_path / "index"), lock_seconds=0.2)
    backend.update([document(number) for number in range(40)])
    backend.update([document(number, "again") for number in range(3)], [39])
    return backend


def fresh(backend: WhooshBackend) -> WhooshBackend:
    """As another process would see the same folder."""
    return WhooshBackend(str(backend._home.folder), lock_seconds=0.2)


def test_a_writer_killed_at_any_moment_leaves_whole_commits(tmp_path: Path) -> None:
    rng = random.Random(1)
    folder = tmp_path / "index"
    for _ in range(4):
        process = writer(folder)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        backend = WhooshBackend(str(folder))
        assert backend.damages() == []
        texts = [content_hash.rpartition("-")[2] for _, content_hash in backend.fingerprints()]
        assert texts
        assert {texts.count(text) for text in texts} == {BATCH}
        for text in set(texts):
            assert backend.search(Word(text)).total == BATCH
    backend.update([document(1_000)])
    names = {file.name.partition(".")[0] for file in (folder / "current").iterdir() if file.name.startswith("MAIN")}
    assert len(names) == len(backend._home.snapshot().parts)


def test_readers_are_answered_while_another_process_commits(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    process = writer(folder)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    backend = WhooshBackend(str(folder))
    generations = set()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        page = backend.search(Phrase(("crude", "oil")), facets=("person",))
        generations.add(page.generation)
        assert page.total % BATCH == 0
        assert page.facets[0].values[0].count == page.total
        assert WhooshBackend(str(folder)).count() % BATCH == 0
    process.kill()
    process.wait()
    assert len(generations) > 3


def test_a_rebuild_that_died_goes_on_where_it_was_with_what_changed_since(
    backend: WhooshBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_FLUSH_PIECES", 50)
    asked = []

    def documents(after: int, dies_at: int = 0) -> Iterable[IndexDocument]:
        for number in range(after + 1, 40):
            if number == dies_at:
                raise RuntimeError("the database went away")
            asked.append(number)
            yield document(number, "again" if number in (2, 35) else "")

    with pytest.raises(RuntimeError):
        backend.rebuild(lambda: documents(0, 30))
    (progress,) = backend._home.folder.glob("build-*/progress")
    last = fresh(backend).interrupted()
    assert 20 < last < 30
    # As if it had been killed after a segment, before it was noted.
    last -= 11
    progress.write_text(f"{last}\n")
    assert fresh(backend).count() == 39
    # Beyond what the half build holds, a change is for the rest of the rebuild to read.
    fresh(backend).update([document(2, "again"), document(35, "again")], [3])
    asked.clear()
    assert fresh(backend).rebuild(lambda: documents(last), after=last) == 38
    assert asked[0] == last + 1
    assert backend.search(Word("again")).total == 2
    assert {number for number, _ in backend.fingerprints()} == set(range(1, 40)) - {3}
    assert (backend.interrupted(), backend.damages()) == (0, [])
    with pytest.raises(IndexUnavailable, match="come between"):
        backend.rebuild(lambda: documents(last), after=last)


def test_a_rebuild_is_noticed_and_killed_ones_leave_no_trace(backend: WhooshBackend) -> None:
    reader = fresh(backend)
    assert reader.count() == 39

    def dies() -> Iterable[IndexDocument]:
        yield document(1)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        backend.rebuild(dies)
    assert reader.count() == 39
    before = reader.generation()
    assert backend.rebuild(lambda: (document(number) for number in range(7))) == 7
    assert reader.count() == 7
    assert reader.generation() != before
    assert len(list(backend._home.folder.glob("build-*"))) == 1


@pytest.mark.parametrize("harm", ["cut", "empty", "remove", "overwrite"])
def test_damaged_files_never_break_a_reader(backend: WhooshBackend, harm: str, tmp_path: Path) -> None:
    good = backend.search(Word("oil"), facets=("person",))
    folder = backend._home.folder
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept, symlinks=True)
    rng = random.Random(3)
    answered = 0
    for name in sorted(file.name for file in (kept / "current").iterdir()):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder, symlinks=True)
        victim = folder / "current" / name
        size = victim.stat().st_size
        match harm:
            case "cut":
                os.truncate(victim, size // 2)
            case "empty":
                os.truncate(victim, 0)
            case "remove":
                victim.unlink()
            case "overwrite":
                with victim.open("r+b") as file:
                    file.seek(rng.randrange(max(1, size - 64)))
                    file.write(rng.randbytes(64))
        reader = fresh(backend)
        with suppress(IndexUnavailable):
            page = reader.search(Word("oil"), facets=("person",))
            answered += 1
            # What is overwritten in place is noticed by its checksum alone.
            assert harm == "overwrite" or (page.total, page.facets) == (good.total, good.facets)
        with suppress(IndexUnavailable):
            named = reader.damages()
            # Arrays that cannot be read were made again, with their checksum.
            healed = name.endswith(".arrays") and not named
            assert healed or named == [name] or name.endswith(".toc") or harm == "remove"
    assert fresh(backend).rebuild(lambda: [document(1), document(2)]) == 2
    assert fresh(backend).search(Word("oil")).total == 2
    if harm in ("cut", "empty", "remove"):
        # Without its arrays a segment is read from Whoosh's own files; only that one kind of file can be spared.
        assert answered >= 1


def test_an_index_that_vanishes_is_said_to_be_gone_and_comes_back(backend: WhooshBackend) -> None:
    assert backend.count() == 39
    shutil.rmtree(backend._home.folder)
    with pytest.raises(IndexUnavailable, match="reindex"):
        backend.search(Everything())
    with pytest.raises(IndexUnavailable):
        backend.update([document(1)])
    assert backend.rebuild(lambda: [document(1)]) == 1
    assert backend.search(Everything()).total == 1


def test_a_build_that_vanishes_is_said_to_be_gone(backend: WhooshBackend) -> None:
    shutil.rmtree(backend._home.folder / os.readlink(backend._home.folder / "current"))
    with pytest.raises(IndexUnavailable, match="reindex"):
        fresh(backend).count()
    assert fresh(backend).rebuild(lambda: [document(1)]) == 1


def test_a_folder_where_nothing_was_ever_indexed_answers_nothing(tmp_path: Path) -> None:
    backend = WhooshBackend(str(tmp_path / "never"))
    assert backend.search(Word("oil"), facets=("person",)).total == 0
    assert (backend.count(), backend.generation(), list(backend.fingerprints())) == (0, "", [])
    assert backend.suggest_terms("o") == []
    assert backend.damages() == []
    assert not (tmp_path / "never").exists()


def test_a_second_writer_waits_and_then_says_so(backend: WhooshBackend) -> None:
    with writer_lock(backend._home.folder, 1), pytest.raises(IndexUnavailable, match="Another process"):
        backend.update([document(100)])
    backend.update([document(100)])
    assert backend.count() == 40


def test_writers_in_several_threads_take_turns(backend: WhooshBackend) -> None:
    patient = WhooshBackend(str(backend._home.folder), lock_seconds=30)
    threads = [threading.Thread(target=patient.update, args=([document(500 + number)],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert backend.count() == 39 + 8


def test_a_full_disk_leaves_the_index_as_it_was(backend: WhooshBackend) -> None:
    program = """
import sys, resource, signal
import django
django.setup()
from archive.errors import IndexUnavailable
from archive.search.backends.whoosh.backend import WhooshBackend
from tests.search.backends.test_whoosh_chaos import document
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for change in (
    lambda backend: backend.update([document(number, f"word{number} " * 50) for number in range(2_000)]),
    lambda backend: backend.rebuild(lambda: (document(number, f"word{number} " * 50) for number in range(2_000))),
):
    try:
        change(WhooshBackend(sys.argv[1]))
    except IndexUnavailable as error:
        print("refused:", error)
"""
    output, _ = writer(backend._home.folder, program).communicate(timeout=60)
    assert output.count("refused:") == 2
    assert "free space" in output
    assert fresh(backend).count() == 39
    assert fresh(backend).damages() == []
    backend.update([document(100)])
    assert backend.count() == 40


# In a process of its own, since reading behind the end of a mapped file kills the process that does.
READER = """
import sys
from pathlib import Path
import django
django.setup()
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.query import Everything, Phrase, Word
backend = WhooshBackend(sys.argv[1])
print(backend.search(Word("oil"), facets=("person", "month")).total)
for file in Path(sys.argv[1]).glob("current/*.arrays"):
    with file.open("r+b") as found:
        found.truncate(4096)
print(backend.search(Phrase(("crude", "oil")), facets=("person", "month")).total)
print(backend.search(Everything()).total)
"""


def test_a_file_cut_short_under_a_reader_is_noticed_and_made_again(backend: WhooshBackend) -> None:
    process = writer(backend._home.folder, READER)
    assert process.communicate(timeout=120)[0].split() == ["39", "39", "39"]
    assert process.returncode == 0
    assert backend.damages() == []
