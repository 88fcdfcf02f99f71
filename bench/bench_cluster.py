"""The search of an archive past one machine: real OpenSearch nodes on loopback, asked through our backend and bare.

    python bench/bench_cluster.py --documents 100000 --nodes 3

Every query is asked twice in a row: through `OpenSearchBackend.search`, and as the same body straight to `_search`;
what lies between is ours. Results go to bench/results/cluster-<documents>.json.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from archive.search.backends.opensearch import searching  # noqa: E402
from archive.search.backends.opensearch.backend import OpenSearchBackend  # noqa: E402
from bench.corpus import documents  # noqa: E402
from bench.questions import PAGE, Question, questions  # noqa: E402
from tests.cluster.nodes import Cluster  # noqa: E402


class Bare:
    """Remembers the last request that our backend made, to make it again without us."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def recording(self, *call: Any) -> dict[str, Any] | None:
        self.calls.append(call)
        return _ask(*call)

    def again(self) -> None:
        for client, index, body in self.calls:
            client.search(index=index, body=body, params={"search_type": "dfs_query_then_fetch"})


_ask = searching.ask


def milliseconds(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def measure(backend: OpenSearchBackend, asked: list[Question], rounds: int) -> dict[str, float]:
    """Medians and p95 in milliseconds, ours and bare, of all queries of a class."""
    ours: list[float] = []
    bare: list[float] = []
    for number in range(rounds + 1):
        for question in asked:
            recorder = Bare()
            searching.ask = recorder.recording
            began = time.perf_counter()
            backend.search(
                question.node(), sort=question.sort, offset=question.offset, limit=PAGE, facets=question.facets
            )
            spent = milliseconds(began)
            searching.ask = _ask
            began = time.perf_counter()
            recorder.again()
            if number:  # the first round warms up
                ours.append(spent)
                bare.append(milliseconds(began))
    ours.sort()
    return {
        "p50": round(statistics.median(ours), 1),
        "p95": round(ours[int(len(ours) * 0.95)], 1),
        "bare p50": round(statistics.median(bare), 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=20_000)
    options.add_argument("--nodes", type=int, default=3)
    options.add_argument("--rounds", type=int, default=2)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, Cluster(Path(scratch) / "bench", given.nodes) as cluster:
        backend = OpenSearchBackend(f"{cluster.url}/bench?shards=3&replicas={min(1, given.nodes - 1)}")
        began = time.perf_counter()
        count = backend.rebuild(lambda: documents(given.documents))
        seconds = time.perf_counter() - began
        cluster.wait_for_nodes(given.nodes, "green")
        size = sum(file.stat().st_size for file in Path(scratch).rglob("node_1/data/**/*") if file.is_file())
        sample = [one for one, _ in zip(documents(given.documents), range(16_000), strict=False)]
        classes = {
            name: measure(backend, asked, given.rounds) for name, asked in questions(sample, given.documents).items()
        }
        report = {
            "documents": count,
            "nodes": given.nodes,
            "documents/s": round(count / seconds),
            "MB with copies": round(size / 1e6),
            "resident MB of all nodes": cluster.resident_mb(),
            "classes": classes,
        }
    ratios = [row["p50"] / row["bare p50"] for row in classes.values()]
    report["ours ÷ bare"] = round(statistics.median(ratios), 2)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    target = ROOT / "bench" / "results" / f"cluster-{given.documents}.json"
    target.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
