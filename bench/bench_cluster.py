"""The archive past one machine: whole pages out of PostgreSQL and real OpenSearch nodes, all of it on loopback.

    python bench/bench_cluster.py --articles 100000 [--bulk] [--ingest 2000]

Rows are written by COPY. The index is made by `reindex`'s own code, or with `--bulk` by several requests at a time out
of paragraphs analysed once (for sizes where the first takes an hour). Search pages are the mixed queries of
`bench_pages.py`, by the clock, each asked once before. Every query of `questions.py` is then asked turn about of
`OpenSearchBackend.search` and, as the same bodies, straight of `_search`; what lies between is ours.
Results go to bench/results/cluster-<articles>.json.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.cluster.nodes import Cluster  # noqa: E402
from tests.postgres import PrivateServer  # noqa: E402


def clock(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def milliseconds(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {"p50": round(statistics.median(ordered) * 1000, 1), "p95": round(p95 * 1000, 1), "number": len(ordered)}


def pages(count: int, queries: int) -> dict[str, Any]:
    """Search pages by the clock, and the processor's time of this process in them."""
    from django.test import Client

    from bench.bench_pages import mixed

    client = Client(HTTP_HOST="localhost")
    by_class: dict[str, list[float]] = {}
    processor = []
    for name, asked in mixed(7, queries, count):
        address = "/search/?" + urlencode(asked)
        client.get(address)
        began = time.thread_time()
        by_class.setdefault(name, []).append(clock(lambda address=address: client.get(address)))
        processor.append(time.thread_time() - began)
    everything = [one for times in by_class.values() for one in times]
    classes = {name: milliseconds(times) for name, times in by_class.items()}
    return {"all": milliseconds(everything), "our processor time": milliseconds(processor), "classes": classes}


def overhead(backend: Any, count: int, queries: int) -> dict[str, Any]:
    """Our search and the bare request, turn about; the median of the ratios is taken query by query."""
    from archive.search.backends.opensearch import searching
    from bench.corpus import documents
    from bench.questions import PAGE, questions

    ask = searching.ask
    calls: list[tuple[Any, Any, Any]] = []

    def recording(cluster: Any, index: str, body: Any, question: str = "") -> Any:
        calls.append((cluster.client, index, body))
        return ask(cluster, index, body, question)

    def bare() -> None:
        for client, index, body in calls:
            # As ours: what shows no hits has no scores to be compared over all shards.
            kind = {"search_type": "dfs_query_then_fetch"} if body.get("size", 1) else {}
            client.search(index=index, body=body, params={"preference": "bench"} | kind)

    def whole(question: Any) -> Callable[[], Any]:
        return lambda: backend.search(
            question.node(), sort=question.sort, offset=question.offset, limit=PAGE, facets=question.facets
        )

    ours, theirs, ratios = [], [], []
    classes = questions(list(islice(documents(count), 16_000)), count).values()
    for question in islice((question for row in zip(*classes, strict=True) for question in row), queries):
        calls.clear()
        searching.ask = recording
        whole(question)()
        searching.ask = ask
        bare()
        pairs = [(clock(whole(question)), clock(bare)) for _ in range(3)]
        mine, its = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
        ours.append(mine)
        theirs.append(its)
        ratios.append(mine / its)
    return {
        "ours": milliseconds(ours),
        "bare": milliseconds(theirs),
        "ours ÷ bare, median of queries": round(statistics.median(ratios), 3),
    }


def processor(pids: list[int]) -> float:
    """Seconds of the processor that these processes and their children, dead or alive, have had."""
    total = 0.0
    for pid in pids:
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            continue
        total += sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")
        total += processor([int(child) for child in children])
    return total


class Spent:
    """Processor time by who had it: what a busy machine does not change."""

    def __init__(self, server: PrivateServer, cluster: Cluster) -> None:
        self._pids = {"database": server.pids, "search nodes": cluster.pids}

    def of(self, work: Callable[[], Any]) -> tuple[float, dict[str, float]]:
        """(seconds by the clock, processor seconds)."""
        before = {name: processor(pids) for name, pids in self._pids.items()} | {"ours": time.process_time()}
        seconds = clock(work)
        after = {name: processor(pids) for name, pids in self._pids.items()} | {"ours": time.process_time()}
        return seconds, {name: round(after[name] - before[name], 1) for name in after}


def megabytes(folder: Path) -> int:
    return int(subprocess.run(["du", "-sm", folder], capture_output=True, text=True, check=False).stdout.split()[0])


def ingest_rate(count: int, folder: Path) -> float:
    """Records per second of `ingest`, its start included, without names, into the full database."""
    from bench.corpus import documents

    dump = folder / "dump.jsonl"
    with dump.open("w") as file:
        for one in islice(documents(40_000, seed=9), 20_000, 20_000 + count):
            record = {"id": f"new-{one.id}", "title": one.title, "body": one.body, "source": "bench"}
            file.write(json.dumps(record) + "\n")
    command = [sys.executable, str(ROOT / "manage.py"), "ingest", str(dump), "--no-entities", "--no-index", "--json"]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    stored: int = json.loads(done.stdout)["totals"]["stored"]
    return round(stored / (time.perf_counter() - began), 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--nodes", type=int, default=3)
    options.add_argument("--heap", type=int, default=768, help="megabytes of each node")
    options.add_argument("--bulk", action="store_true")
    options.add_argument("--queries", type=int, default=200, help="search pages and questions to measure, at the most")
    options.add_argument("--ingest", type=int, default=2_000, help="records to ingest at the end; 0 for none")
    given = options.parse_args()
    count = given.articles
    report: dict[str, Any] = {"articles": count, "nodes": given.nodes, "heap MB": given.heap}
    target = ROOT / "bench" / "results" / f"cluster-{count}.json"

    def say(step: str) -> None:
        """Tell what comes next, and keep what there is."""
        print(f"{time.strftime('%H:%M:%S')} {step}", file=sys.stderr, flush=True)
        target.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")

    with (
        tempfile.TemporaryDirectory() as scratch,
        PrivateServer() as server,
        Cluster(Path(scratch) / "bench", given.nodes, given.heap) as cluster,
    ):
        os.environ |= {
            "ARCHIVE_DATA_DIR": scratch,
            "DATABASE_URL": server.url,
            "SEARCH_URL": f"{cluster.url}/archive?shards=3&replicas={min(1, given.nodes - 1)}",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "ARCHIVE_SEARCH_RATE": "",
        }
        import django

        django.setup()
        from django.core.management import call_command

        from archive.search.backends import get_backend
        from archive.search.indexing import rebuild
        from bench import bulk

        call_command("migrate", verbosity=0)
        report["machine"] = {"cores": os.cpu_count(), "load before": round(os.getloadavg()[0], 1)}
        say("COPY")
        spent = Spent(server, cluster)
        seconds, report["processor s of COPY"] = spent.of(lambda: bulk.fill(count))
        report["articles/s by COPY"] = round(count / seconds)
        backend = get_backend()
        say("index")
        seconds, report["processor s of indexing"] = spent.of(
            lambda: bulk.index(backend, count) if given.bulk else rebuild()
        )
        report["indexed by"] = "bulk, paragraphs analysed once" if given.bulk else "reindex"
        report["documents/s"] = round(count / seconds)
        say("copies")
        cluster.wait_for_nodes(given.nodes, "green")
        report["index MB with copies"] = megabytes(Path(scratch) / "bench")
        report["database MB"] = megabytes(server.folder)
        say("pages")
        _, report["processor s of pages"] = spent.of(
            lambda: report.update({"search page ms": pages(count, given.queries)})
        )
        say("overhead")
        report["engine ms"] = overhead(backend, count, given.queries)
        report["resident MB of all nodes"] = cluster.resident_mb()
        report["resident MB of a web process"] = resident_mb()
        if given.ingest:
            say("ingest")
            report["records/s ingested"] = ingest_rate(given.ingest, Path(scratch))
    say("done")
    print(json.dumps(report, indent=1, ensure_ascii=False))


def resident_mb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main()
