"""An archive changes its engines and comes back: SQLite + Whoosh → PostgreSQL + OpenSearch → SQLite + Whoosh.

    python bench/round_trip.py [--articles 20000]

After each step a hundred mixed queries are asked; every one must find the very same articles, all of them, with the
same counts in every facet. How often the first page is in another order is counted: scores are computed alike, but for
rounding. `move_database` proves every table equal by its hash. Results go to bench/results/round-trip.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.cluster.nodes import Cluster  # noqa: E402
from tests.postgres import PrivateServer  # noqa: E402

QUERIES = 100


class Step:
    """The archive over one pair of engines, by settings alone."""

    def __init__(self, folder: Path, database: str, search: str) -> None:
        folder.mkdir()
        self.url = database
        self._env = {
            **os.environ, "ARCHIVE_DATA_DIR": str(folder), "DATABASE_URL": database, "SEARCH_URL": search,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }  # fmt: skip

    def run(self, *command: str) -> tuple[str, float]:
        """(what it prints, seconds)."""
        began = time.monotonic()
        done = subprocess.run([sys.executable, *command], env=self._env, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode(), round(time.monotonic() - began, 1)

    def manage(self, *command: str) -> tuple[str, float]:
        return self.run("manage.py", *command)

    def answers(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run(__file__, "--ask", "--articles", str(count))[0])
        return found


def ask(count: int) -> None:
    """Print what each query finds with the engines of the settings."""
    import django

    django.setup()
    from archive.search.backends import get_backend
    from archive.search.names import resolve
    from archive.search.parser import parse
    from archive.search.query import Sort
    from bench.bench_pages import mixed

    backend, found = get_backend(), []
    from archive.search.backends.view import view

    for name, asked in mixed(7, QUERIES, count):
        root = resolve(parse(asked["q"]).root, view()).root
        facets = ("person", "source", "year")
        page = backend.search(root, sort=Sort(asked.get("sort", "relevance")), limit=count, facets=facets)
        ids = [hit.article_id for hit in page.hits]
        counts = [[one.name, [[value.value, value.count] for value in one.values]] for one in page.facets]
        found.append({"class": name, "total": page.total, "ids": sorted(ids), "first": ids[:20], "facets": counts})
    print(json.dumps(found))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    count = given.articles
    if given.ask:
        ask(count)
        return
    with tempfile.TemporaryDirectory() as scratch, PrivateServer() as server, Cluster(Path(scratch) / "nodes") as nodes:
        folder = Path(scratch)
        here = Step(folder / "here", f"sqlite:///{folder}/here/archive.sqlite3", "whoosh:")
        there = Step(folder / "there", server.url, f"{nodes.url}/archive?shards=3&replicas=1")
        back = Step(folder / "back", f"sqlite:///{folder}/back/archive.sqlite3", "whoosh:")
        here.manage("migrate", "-v0")
        fill = "import sys; sys.path.insert(0, '.'); import django; django.setup(); from bench.archive import build; "
        here.run("-c", f"{fill}build({count})")
        answers = [here.answers(count)]
        seconds: dict[str, float] = {}
        for name, old, new in (("there", here, there), ("back", there, back)):
            moved, seconds[f"move {name}"] = new.manage("move_database", "--from", old.url, "--to", new.url)
            print(moved.splitlines()[-1], file=sys.stderr)
            _, seconds[f"index {name}"] = new.manage("reindex")
            new.manage("reindex", "--verify")
            answers.append(new.answers(count))
    first, second, third = answers
    report = {
        "articles": count,
        "queries": len(first),
        "articles found": sum(one["total"] for one in first),
        "other articles there": _different(first, second, "ids"),
        "other facets there": _different(first, second, "facets"),
        "first page in another order there": _different(first, second, "first"),
        "anything different back": sum(one != other for one, other in zip(first, third, strict=True)),
        "seconds": seconds,
    }
    print(json.dumps(report, indent=1))
    (ROOT / "bench" / "results" / "round-trip.json").write_text(json.dumps(report, indent=1) + "\n")


def _different(some: list[dict[str, Any]], others: list[dict[str, Any]], what: str) -> int:
    return sum(one[what] != other[what] for one, other in zip(some, others, strict=True))


if __name__ == "__main__":
    main()
