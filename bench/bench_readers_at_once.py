"""Sixteen readers at once, alone and while dumps come in: errors, and how much longer a page takes then.

    python bench/bench_readers_at_once.py [--articles 2000] [--seconds 20] [--keep FOLDER]

A real site (`manage.py serve`, gunicorn with four threads) on the loopback address; readers ask for the next page as
soon as they have one. A run of 20 seconds or more writes bench/results/readers-at-once.json.
"""

import argparse
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.site import Asking, Site, running
from bench.soak import DUMP_STORIES, WORDS, Soak, stories

READERS = 16
PAGES = ("/", "/people/", "/search/?q={}", "/search/?q={}+{}", "/search/?q=%22{}+{}%22", "/search/?q={}&sort=newest")
BAR = 3
"""Times the quiet p95."""


def reading(site: Site, seconds: float) -> dict[str, Any]:
    """What so many readers met in so many seconds."""
    until = time.monotonic() + seconds
    times: list[float] = []
    statuses: Counter[int | str] = Counter()

    def read(seed: int) -> None:
        rng, reader = random.Random(seed), Asking(site.port)
        while time.monotonic() < until:
            try:
                status, _, spent = reader.get(rng.choice(PAGES).format(*rng.choices(WORDS, k=2)))
            except (OSError, http.client.HTTPException) as error:
                statuses[type(error).__name__] += 1
                continue
            statuses[status] += 1
            times.append(spent * 1000)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return {
        "answers": {str(status): number for status, number in statuses.items()},
        "p50_ms": round(times[len(times) // 2]),
        "p95_ms": round(times[int(len(times) * 0.95)]),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--keep", type=Path, help="an archive (its data folder) to read and ingest into")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(given.keep or folder / "var", ARCHIVE_SEARCH_RATE="", ARCHIVE_API_RATE="1000000/min") as site:
            soak = Soak(site, folder, time.monotonic())
            if not given.keep:
                stories(folder / "first.jsonl", 0, given.articles, random.Random(1))
                soak.manage("ingest", str(folder / "first.jsonl"), "--no-entities")
            reading(site, 2)
            quiet = reading(site, given.seconds)
            soak.until = time.monotonic() + given.seconds
            ingesting = threading.Thread(target=soak.ingest)
            ingesting.start()
            busy = reading(site, given.seconds)
            ingesting.join()
    results = {
        "command": "python bench/bench_readers_at_once.py",
        "readers": READERS,
        # Fifteen minutes' average: what else ran, or the quiet was none.
        "load": round(os.getloadavg()[2], 1),
        "quiet": quiet,
        "ingesting": {**busy, "articles": soak.done["dumps"] * DUMP_STORIES},
        "failures": dict(soak.bad),
        "p95_ratio": round(busy["p95_ms"] / quiet["p95_ms"], 2),
    }
    print(json.dumps(results, indent=2))
    if given.seconds >= 20:
        (Path(__file__).parent / "results" / "readers-at-once.json").write_text(f"{json.dumps(results, indent=2)}\n")
    statuses = {*quiet["answers"], *busy["answers"]}
    raise SystemExit(0 if statuses == {"200"} and not soak.bad and results["p95_ratio"] <= BAR else 1)


if __name__ == "__main__":
    main()
