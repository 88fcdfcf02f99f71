"""How fast pages of results come, against the engines one would otherwise take, over the same corpus in the same run.

    python bench/bench_search.py [--documents 20000] [--rounds 3] [--only NAME …] [--keep FOLDER]

Every answer is 20 hits and the exact count. Times of queries are milliseconds of the processor, all threads of the
process together: what the clock says on an idle machine, since nothing waits once the files are in memory; on a busy
one the clock's 95th percentile is other processes' turn. Read the ratios, machines differ. A run of all engines writes
bench/results/search-<documents>.json.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402 - the path comes first

django.setup()

from archive.search.documents import IndexDocument  # noqa: E402
from bench.corpus import documents  # noqa: E402
from bench.engines import ENGINES, Engine  # noqa: E402
from bench.questions import Question, questions  # noqa: E402

Row = dict[str, Any]


def milliseconds(work: Callable[..., object], *args: object) -> float:
    start = time.perf_counter()
    work(*args)
    return (time.perf_counter() - start) * 1000


def cpu_seconds(work: Callable[..., object], *args: object) -> float:
    """What a piece of work takes of the processor, all threads together: steadier than the clock."""
    start = time.process_time()
    work(*args)
    return time.process_time() - start


def measure(engine: Engine, asked: list[Question], rounds: int, seconds: float) -> dict[str, float] | None:
    """p50 and p95 (CPU) of a class of queries after one warm round; fewer queries where they take too long."""
    times: list[float] = []
    totals: list[int] = []
    try:
        for question in asked:
            totals.append(engine.ask(question))
            if sum(times) > seconds * 500:
                break
            times.append(cpu_seconds(engine.ask, question) * 1000)
    except NotImplementedError:
        return None
    for _ in range(rounds - 1):
        for question in asked:
            if sum(times) < seconds * 1000:
                times.append(cpu_seconds(engine.ask, question) * 1000)
    times.sort()
    return {
        "p50": round(statistics.median(times), 3),
        "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
        "hits": int(statistics.median(totals)),
    }


def run(
    engine: Engine, corpus: list[IndexDocument], classes: dict[str, list[Question]], options: argparse.Namespace
) -> Row:
    """Everything about one engine."""
    row: Row = {}
    if not engine.size():
        row["index CPU s"] = round(cpu_seconds(engine.index, corpus), 2)
        row["documents/CPU s"] = round(len(corpus) / row["index CPU s"])
    row["MB"] = round(engine.size() / 1e6, 1)
    row["open ms"] = round(statistics.median(milliseconds(engine.open) for _ in range(7)), 2)
    found = {name: measure(engine, asked, options.rounds, options.seconds) for name, asked in classes.items()}
    row["classes"] = {name: times for name, times in found.items() if times is not None}
    row["update 1 ms"] = round(statistics.median(milliseconds(engine.update, [corpus[n]]) for n in range(5)), 1)
    row["update 200 CPU ms"] = round(cpu_seconds(engine.update, corpus[100:300]) * 1000, 1)
    print(
        f"{engine.name}: {json.dumps({key: value for key, value in row.items() if key != 'classes'})}", file=sys.stderr
    )
    return row


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", nargs="*", help="engines by their first letters")
    options.add_argument("--keep", type=Path, help="keep and reuse the indexes in this folder")
    options.add_argument("--seconds", type=float, default=2.0, help="about so long a class and engine")
    given = options.parse_args()
    corpus = list(documents(given.documents))
    classes = questions(corpus[:16_000], given.documents)
    # Else the garbage collector goes through the corpus in the middle of somebody's query.
    gc.freeze()
    report: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as scratch:
        base = given.keep or Path(scratch)
        for kind in ENGINES:
            if not given.only or any(kind.name.lower().startswith(name.lower()) for name in given.only):
                report[kind.name] = run(kind(base / kind.__name__), corpus, classes, given)
    show(report)
    target = ROOT / "bench" / "results" / f"search-{given.documents}.json"
    if not given.only:
        target.write_text(json.dumps({"documents": given.documents, "engines": report}, indent=1) + "\n")


def show(report: dict[str, Row]) -> None:
    """A table: p50 / p95 of each class and engine, and how many times faster the first engine is."""
    first = next(iter(report))
    names = list(report)
    print("| class | " + " | ".join(names) + " | " + " | ".join(f"{name} ÷ ours" for name in names[1:]) + " |")
    print("|---" * (2 * len(names)) + "|")
    for name, ours in report[first]["classes"].items():
        cells, ratios = [], []
        for engine in names:
            row = report[engine]["classes"].get(name)
            cells.append(f"{row['p50']:.2f} / {row['p95']:.2f} ({row['hits']})" if row else "–")
            if engine != first:
                ratios.append(f"{row['p50'] / ours['p50']:.1f}" if row else "–")
        print(f"| {name} | " + " | ".join(cells + ratios) + " |")


if __name__ == "__main__":
    main()
