"""How fast and how lean ingest is: `make bench-ingest`. Results go to bench/results/ingest.json.

Measures, each in a process and an archive of its own: articles/s of all Reuters files without names; the same dumps a
second time; articles/s with names beside the bare model over the same texts; peak memory of the main process on a small
and a large JSONL dump generated from the same texts (`--megabytes 200 2000` for the full sizes, `--record-kilobytes 64`
for records as long as that, made of several texts), and of a process that then brings index and families up to date.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REUTERS = ROOT.parent / "shared" / "data" / "reuters21578"
RESULTS = Path(__file__).parent / "results" / "ingest.json"
sys.path.insert(0, str(ROOT))


def child(folder: str, args: list[str]) -> dict[str, Any]:
    """`manage.py ARGS` in a process of its own, whose peak memory in MB is added to its JSON report."""
    env = {**os.environ, "ARCHIVE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    done = subprocess.run(
        [sys.executable, __file__, "--child", *args], env=env, capture_output=True, text=True, check=False
    )
    if not done.stdout:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def manage(args: list[str]) -> None:
    """What a child does."""
    import contextlib
    import io

    import django
    from django.core.management import call_command

    django.setup()
    out = io.StringIO()
    call_command("migrate", verbosity=0)
    with contextlib.suppress(SystemExit):
        call_command(*args, stdout=out)
    report = json.loads(out.getvalue())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**report["totals"], "peak_mb": round(peak, 1)}))


def ingest(folder: str, paths: list[Path], *options: str) -> dict[str, Any]:
    return child(folder, ["ingest", *map(str, paths), "--json", *options])


def rate(totals: dict[str, Any]) -> float:
    return round(totals["read"] / totals["seconds"], 1)


def without_names(paths: list[Path], workers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        first = ingest(folder, paths, "--no-index", "--no-entities", "--workers", str(workers))
        second = ingest(folder, paths, "--no-index", "--no-entities", "--workers", str(workers))
    return {
        "counts": {name: first[name] for name in ("read", "stored", "updated", "unchanged", "duplicates", "rejected")},
        "articles_per_second": rate(first),
        "peak_mb_main_process": first["peak_mb"],
        "second_run_seconds": second["seconds"],
        "second_run_times_faster": round(first["seconds"] / second["seconds"], 1),
    }


def with_names(path: Path, workers: int, limit: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        ours = ingest(folder, [path], "--no-index", "--workers", str(workers), "--limit", str(limit))
    model = model_alone(path, workers, limit)
    return {
        "texts": limit,
        "articles_per_second": rate(ours),
        "model_alone_per_second": model,
        "share_of_model": round(rate(ours) / model, 3),
        "peak_mb_main_process": ours["peak_mb"],
    }


def recognise(texts: list[str]) -> int:
    """The bare model over a batch of texts, in a worker process."""
    from archive.ingest.entities.model import recognise as bare

    return sum(1 for _ in bare(texts))


def configured() -> Any:
    """Django, set up in this process with an archive of its own that stays empty."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("ARCHIVE_DATA_DIR", tempfile.mkdtemp())
    django.setup()
    return django


def model_alone(path: Path, workers: int, limit: int) -> float:
    """Texts a second of the recogniser alone: same texts, batches and processes, start-up included as with ours."""
    django = configured()
    import multiprocessing

    from archive.ingest.pipeline import BATCH_RECORDS_NAMED

    texts = [text for _, text in zip(range(limit), texts_of([path]), strict=False)]
    batches = [texts[at : at + BATCH_RECORDS_NAMED] for at in range(0, len(texts), BATCH_RECORDS_NAMED)]
    started = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(workers, initializer=django.setup) as pool:
        assert sum(pool.imap(recognise, batches)) == len(texts)
    return round(len(texts) / (time.monotonic() - started), 1)


def texts_of(paths: list[Path]) -> Iterator[str]:
    from archive.ingest.prepare import Incoming, prepare_one
    from archive.ingest.readers import open_dump
    from archive.ingest.records import RawRecord

    for path in paths:
        for record in open_dump(path).records():
            if isinstance(record, RawRecord) and isinstance(article := prepare_one(record), Incoming):
                yield article.article.text


def memory(paths: list[Path], megabytes: list[int], workers: int, record_kilobytes: int) -> dict[str, Any]:
    """Peak memory of the main process over JSONL dumps of these sizes, made of the Reuters texts again and again."""
    configured()
    texts = list(longer(texts_of(paths[:3]), record_kilobytes * 1024))
    result: dict[str, Any] = {"record_kilobytes": record_kilobytes}
    with tempfile.TemporaryDirectory() as folder:
        for size in megabytes:
            path = Path(folder, f"{size}.jsonl")
            write_jsonl(path, texts, size * 1024 * 1024)
            data = Path(folder, f"archive-{size}")
            data.mkdir()
            how = ("--no-entities", "--no-keep", "--workers", str(workers))
            totals = ingest(str(data), [path], "--no-index", *how)
            # The same dump again stores nothing, and leaves the process with what follows an ingest.
            follow_up = ingest(str(data), [path], *how)
            result[f"{size}_mb"] = {
                "peak_mb_main_process": totals["peak_mb"],
                "articles_per_second": rate(totals),
                "peak_mb_index_and_families": follow_up["peak_mb"],
            }
            path.unlink()
    sizes = [result[f"{size}_mb"]["peak_mb_main_process"] for size in megabytes]
    return {**result, "large_over_small": round(sizes[-1] / sizes[0], 3)}


def longer(texts: Iterator[str], size: int) -> Iterator[str]:
    """Texts of at least so many characters, each under its first one's title; the texts as they are for 0."""
    whole = ""
    for text in texts:
        whole = f"{whole}\n\n{text}" if whole else text
        if len(whole) >= size:
            yield whole
            whole = ""


def write_jsonl(path: Path, texts: list[str], size: int) -> None:
    with path.open("w") as file:
        number = 0
        while file.tell() < size:
            title, _, body = texts[number % len(texts)].partition("\n\n")
            record = {"id": f"r{number}", "title": title, "body": f"{body} {number}", "source": "reuters"}
            file.write(f"{json.dumps(record)}\n")
            number += 1


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        manage(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", nargs="*", type=int, default=[20, 200])
    parser.add_argument("--record-kilobytes", type=int, default=0, help="how long the records of these dumps are")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--files", type=int, default=22, help="how many of the Reuters files")
    parser.add_argument("--names", type=int, default=500, help="how many texts with names; 0 for none")
    asked = parser.parse_args()
    if not REUTERS.is_dir():
        raise SystemExit(f"The Reuters files are not here: {REUTERS} does not exist.")
    paths = sorted(REUTERS.glob("*.sgm.gz"))[: asked.files]
    results: dict[str, Any] = {
        "command": "make bench-ingest",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "workers": asked.workers,
        "without_names": without_names(paths, asked.workers),
    }
    print(json.dumps(results["without_names"]))
    if asked.names:
        results["with_names"] = with_names(paths[0], asked.workers, asked.names)
        print(json.dumps(results["with_names"]))
    if asked.megabytes:
        results["memory"] = memory(paths, asked.megabytes, asked.workers, asked.record_kilobytes)
        print(json.dumps(results["memory"]))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(f"{json.dumps(results, indent=2)}\n")


if __name__ == "__main__":
    main()
