"""Every hit as a file: time to the first byte, memory over idle, rows, from a real web process.

`python bench/bench_export.py [--articles 100000] [--keep FOLDER]`; results in bench/results/export.json. The archive is
made by bench/archive.py (minutes), or reused from FOLDER.
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = Path(__file__).parent / "results" / "export.json"
PATHS = {
    "archive, CSV": "/export.csv",
    "archive, JSONL": "/export.jsonl",
    "archive, BibTeX": "/export.bib",
    "search for everything, CSV": "/search/export.csv?q=",
    "search “said”, JSONL": "/search/export.jsonl?q=said",
}


def take(port: int, pid: int, path: str) -> dict[str, Any]:
    from bench.site import rss_mb

    peak, running = [rss_mb(pid)], [True]
    idle = peak[0]

    def watch() -> None:
        while running[0]:
            peak.append(rss_mb(pid))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read(1)
    first = time.perf_counter() - started
    size, last = 1, b""
    while piece := answer.read(1 << 20):
        size += len(piece)
        last = (last + piece)[-300:]
    seconds = time.perf_counter() - started
    running[0] = False
    watcher.join()
    connection.close()
    return {
        "rows": int(answer.headers["X-Total-Count"]),
        "first byte ms": round(first * 1000, 1),
        "MB over idle": round(max(peak) - idle, 1),
        "seconds": round(seconds, 2),
        "MB": round(size / 1e6, 1),
        "last line": last.decode("utf-8", "replace").splitlines()[-1],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="make the archive in this folder, or reuse it")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        os.environ |= {"ARCHIVE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.archive import build
        from bench.site import running

        build(given.articles)
        with running(folder) as site:
            # What a process loads once is not the export's: it answers each kind once before it is called idle.
            for path in ("/export.csv", "/search/?q=said", "/search/export.csv?q=zzzz"):
                connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=300)
                connection.request("GET", path)
                connection.getresponse().read(1 << 16)
                connection.close()
            time.sleep(2)
            found = {name: take(site.port, site.web(), path) for name, path in PATHS.items()}
    for name, row in found.items():
        print(f"{name:28} {row}")
    RESULTS.write_text(f"{json.dumps({'articles': given.articles, 'exports': found}, indent=1, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()
