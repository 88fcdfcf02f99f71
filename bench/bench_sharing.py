"""How much faster several processes find the names of stored articles than one, over one PostgreSQL.

    python bench/bench_sharing.py [--articles 400] [--processes 2]

One process and several take turns, twice; the model is loaded before the clock starts. The names must be the same.
Results go to bench/results/sharing.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import PrivateServer  # noqa: E402

WORKER = """
import sys; sys.path.insert(0, ".")
import django; django.setup()
from archive.ingest.entities import find_names
from archive.ingest.name_articles import name_articles
from archive.models import Article
find_names(["Ada Vale spoke in London."], languages=["en"])
print("ready", flush=True); sys.stdin.readline()
print(name_articles(Article.objects.without_names()))
"""


def seconds(processes: int) -> tuple[float, list[int]]:
    """(seconds from the word go until the last one is done, articles of each)."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    began = time.monotonic()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    done = [int(one.communicate()[0]) for one in running]
    return time.monotonic() - began, done


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--processes", type=int, default=2)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, PrivateServer() as server:
        os.environ |= {
            "ARCHIVE_DATA_DIR": scratch,
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        from archive.models import Article, Entity, Mention
        from bench import bulk

        call_command("migrate", verbosity=0)
        bulk.fill(given.articles)
        times: dict[int, list[float]] = {1: [], given.processes: []}
        names = set()
        for _ in range(2):
            for processes, all_taken in times.items():
                Mention.objects.all().delete()
                Entity.objects.all().delete()
                Article.objects.update(named_at=None)
                taken, done = seconds(processes)
                assert sum(done) == given.articles, done
                all_taken.append(taken)
                names.add(tuple(Mention.objects.order_by("article", "start", "end").values_list("article", "start")))
                print(f"{processes}: {taken:.1f} s, {done}", file=sys.stderr)
        alone, together = (min(taken) for taken in times.values())
    report = {
        "articles": given.articles,
        "processes": given.processes,
        "articles/s of one": round(given.articles / alone, 1),
        "articles/s together": round(given.articles / together, 1),
        "times as fast": round(alone / together, 2),
        "same mentions each time": len(names) == 1,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report, indent=1))
    (ROOT / "bench" / "results" / "sharing.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
