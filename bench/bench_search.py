"""How fast pages of results come, against the engines one would otherwise take, over the same corpus in the same run.

    python bench/bench_search.py [--documents 20000] [--rounds 3] [--only NAME …] [--markdown]

Every answer is 20 hits and the exact count; times are milliseconds of one process on whatever machine this is: read the
ratios. Writes bench/results/search-<documents>.json.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402 - the path comes first

django.setup()

from bench.corpus import documents  # noqa: E402
from bench.engines import ENGINES, Engine  # noqa: E402
from bench.questions import Question, questions  # noqa: E402


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(engine: Engine, classes: dict[str, list[Question]], rounds: int, seconds: float) -> dict[str, object]:
    """p50 and p95 of each class; a class that takes too long is measured on fewer queries."""
    found: dict[str, object] = {}
    for name, asked in classes.items():
        times: list[float] = []
        totals: list[int] = []
        deadline = time.monotonic() + seconds
        try:
            for round_number in range(rounds + 1):
                for question in asked:
                    if time.monotonic() > deadline and times:
                        break
                    took = milliseconds(lambda question=question: totals.append(engine.ask(question)))
                    # The first round warms up.
                    if round_number or rounds == 0 or time.monotonic() > deadline:
                        times.append(took)
        except NotImplementedError:
            continue
        times.sort()
        found[name] = {
            "p50": round(statistics.median(times), 3),
            "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
            "hits": int(statistics.median(totals)),
        }
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", nargs="*", help="engines by their first letters")
    options.add_argument("--keep", type=Path, help="keep and reuse the indexes in this folder")
    options.add_argument("--seconds", type=float, default=6.0, help="at most so long a class and engine")
    given = options.parse_args()
    corpus = list(documents(given.documents))
    classes = questions(corpus[:16_000], given.documents)
    report: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        base = given.keep or Path(scratch)
        for kind in ENGINES:
            if given.only and not any(kind.name.lower().startswith(name.lower()) for name in given.only):
                continue
            engine = kind(base / kind.__name__)
            row: dict[str, object] = {}
            if not engine.size():
                row["index s"] = round(milliseconds(lambda: engine.index(corpus)) / 1000, 2)
                row["documents/s"] = round(given.documents / row["index s"])
            row["MB"] = round(engine.size() / 1e6, 1)
            row["open ms"] = round(statistics.median(milliseconds(engine.open) for _ in range(7)), 2)
            row["classes"] = measure(engine, classes, given.rounds, given.seconds)
            changed = corpus[100:300]
            row["update 1 ms"] = round(
                statistics.median(milliseconds(lambda n=n: engine.update([corpus[n]])) for n in range(5)), 1
            )
            row["update 200 ms"] = round(milliseconds(lambda: engine.update(changed)), 1)
            report[kind.name] = row
            print(f"{kind.name}: {json.dumps({k: v for k, v in row.items() if k != 'classes'})}", file=sys.stderr)
    show(report)
    target = ROOT / "bench" / "results" / f"search-{given.documents}.json"
    target.write_text(json.dumps({"documents": given.documents, "engines": report}, indent=1) + "\n")


def show(report: dict[str, dict[str, object]]) -> None:
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
