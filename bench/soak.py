"""A site under everything at once: eight readers, an ingest, a rebuild, an editor; then whether anything was lost.

    make soak [MINUTES=30]        python bench/soak.py [--minutes 30] [--articles 2000]

On the loopback address alone. Readers go through front page, searches, articles, names and feeds without a pause; one
thread ingests dump after dump, one rebuilds the index again and again, an editor corrects articles in the admin. Says
how many answers there were of which status, p50 and p95, the memory of web and worker in each tenth, and what
`reindex --verify` and a count of all stored records find at the end. A full run writes bench/results/soak.json.
"""

import argparse
import http.client
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.site import ROOT, Asking, Site, rss_mb, running

READERS = 8
DUMP_STORIES = 200
WORDS = ("bridge council harbour tram herring price minister strike vote flood school budget rail court union oil "
         "wheat export bank merger profit storm festival museum library hospital election debate").split()  # fmt: skip
PAGES = ("/", "/sources/", "/people/", "/feeds/latest/", "/dates/2020/", "/rules/", "/search/?q={}", "/search/?q={}+{}",
         "/search/?q=%22{}+{}%22", "/search/?q={}&sort=newest", "/search/complete/?q={}", "/api/v1/search?q={}",
         "/articles/{number}/source/")  # fmt: skip


def stories(path: Path, first: int, count: int, rng: random.Random) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            body = "\n\n".join(" ".join(rng.choices(WORDS, k=40)).capitalize() + "." for _ in range(4))
            story = {
                "id": f"soak-{number}",
                "title": f"{' '.join(rng.choices(WORDS, k=5)).capitalize()} {number}",
                "body": body,
                "date": f"2020-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
                "source": f"Paper {number % 7}",
            }
            file.write(json.dumps(story) + "\n")


class Soak:
    """What happened so far; every thread adds to it."""

    def __init__(self, site: Site, folder: Path, until: float) -> None:
        self.site, self.folder, self.until = site, folder, until
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.bad: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.done: Counter[str] = Counter()
        self.memory: list[tuple[float, float]] = []

    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def note(self, path: str, answer: tuple[int, bytes, float]) -> bytes:
        with self.lock:
            self.statuses[answer[0]] += 1
            self.seconds.append(answer[2])
            if answer[0] >= 500:
                self.bad[path] += 1
        return answer[1]

    def read(self, seed: int) -> None:
        rng, reader = random.Random(seed), Asking(self.site.port)
        while not self.is_over():
            path = rng.choice(PAGES).format(*rng.choices(WORDS, k=2), number=rng.randint(1, 1_500))
            links = re.findall(rb'href="(/(?:articles|sources)/[\w/-]+/)"', self.note(path, reader.get(path)))
            if links:
                path = rng.choice(links).decode()
                self.note(path, reader.get(path))

    def ingest(self) -> None:
        rng, number = random.Random(99), 1_000_000
        while not self.is_over():
            dump = self.folder / "more.jsonl"
            stories(dump, number, DUMP_STORIES, rng)
            number += DUMP_STORIES
            self.manage("ingest", str(dump), "--workers", "1", "--no-entities", "--json")
            self.done["dumps"] += 1

    def reindex(self) -> None:
        while not self.is_over():
            self.manage("reindex")
            self.done["rebuilds"] += 1
            time.sleep(2)

    def edit(self) -> None:
        staff, rng = Asking(self.site.port), random.Random(7)
        staff.sign_in("ada")
        while not self.is_over():
            address = f"/admin/archive/article/{rng.randint(1, 1_500)}/change/"
            page = self.note(address, staff.get(address)).decode()
            form = {"title": f"Corrected {self.done['edits']}", "standfirst": "", "byline_text": "", "section": ""}
            form["body_text"] = "The editor was here.\n\n" + " ".join(rng.choices(WORDS, k=30)) + "."
            if "id_body_text" in page:
                self.note(address, staff.post(address, form))
                self.done["edits"] += 1
            time.sleep(0.5)

    def watch(self) -> None:
        while not self.is_over():
            self.memory.append((rss_mb(self.site.web()), rss_mb(self.site.worker())))
            time.sleep(1)

    def manage(self, *args: str) -> str:
        env = {**os.environ, "ARCHIVE_DATA_DIR": str(self.site.data_dir), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        command = [sys.executable, str(ROOT / "manage.py"), *args]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            with self.lock:
                self.bad[f"{' '.join(args[:1])}: {done.stderr.strip()[-200:]}"] += 1
        return done.stdout

    def run(self) -> None:
        """All at once, until the time is over. What a thread cannot go on from is a failure of its own."""
        work: list[Callable[[], None]] = [self.ingest, self.reindex, self.edit, self.watch]
        work += [lambda seed=seed: self.read(seed) for seed in range(READERS)]  # type: ignore[misc]  # a default
        threads = [threading.Thread(target=self._guarded, args=(one,)) for one in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _guarded(self, work: Callable[[], None]) -> None:
        while not self.is_over():
            try:
                work()
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.bad[f"no answer: {error}"] += 1

    def results(self) -> dict[str, Any]:
        times = sorted(self.seconds)
        tenth = max(len(self.memory) // 10, 1)
        tenths = [self.memory[at : at + tenth] for at in range(0, len(self.memory), tenth)][:10]
        verified = json.loads(self.manage("reindex", "--verify", "--json") or "{}")
        with closing(sqlite3.connect(self.site.data_dir / "archive.sqlite3")) as database:
            (stored,) = database.execute("SELECT sum(stored) FROM archive_ingestrun").fetchone()
            (articles,) = database.execute("SELECT count(*) FROM archive_article").fetchone()
            (unfinished,) = database.execute("SELECT count(*) FROM archive_ingestrun WHERE status != 'done'").fetchone()
        return {
            "answers": dict(sorted(self.statuses.items())),
            "p50_ms": round(times[len(times) // 2] * 1000),
            "p95_ms": round(times[int(len(times) * 0.95)] * 1000),
            "a_second": round(len(times) / sum(times) * READERS, 1),
            "done": dict(self.done),
            "failures": dict(self.bad),
            "web_mb_by_tenth": [round(max(one[0] for one in each)) for each in tenths],
            "worker_mb_by_tenth": [round(max(one[1] for one in each)) for each in tenths],
            "articles_lost": stored - articles,
            "unfinished_runs": unfinished,
            "verify": verified,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--articles", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder / "var", ARCHIVE_SEARCH_RATE="", ARCHIVE_API_RATE="1000000/min") as site:
            soak = Soak(site, folder, time.monotonic() + asked.minutes * 60)
            stories(folder / "first.jsonl", 0, asked.articles, random.Random(1))
            soak.manage("ingest", str(folder / "first.jsonl"), "--no-entities")
            soak.until = time.monotonic() + asked.minutes * 60
            soak.run()
            soak.manage("index", "--drain")
            results = {"command": f"python bench/soak.py --minutes {asked.minutes:g}", **soak.results()}
    print(json.dumps(results, indent=2))
    if asked.minutes >= 3:
        (Path(__file__).parent / "results" / "soak.json").write_text(f"{json.dumps(results, indent=2)}\n")
    clean = not any(results["verify"].get(name, 1) for name in ("missing", "stale", "extra"))
    raise SystemExit(0 if clean and not results["failures"] and not results["articles_lost"] else 1)


if __name__ == "__main__":
    main()
