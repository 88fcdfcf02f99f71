"""A 1 GB zip goes to the admin while a reader reads; at half the web server is killed, and the upload goes on.

    python bench/bench_upload.py [--mb 1024]

Memory is that of the web process over what it had idle after a few pages; pages are asked for four times a second.
A full run writes bench/results/upload.json.
"""

import argparse
import hashlib
import http.client
import io
import json
import os
import statistics
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.site import Asking, Site, rss_mb, running

CHUNK = 4 * 1024**2
BAR_MB = 80


def make_zip(path: Path, mb: int) -> str:
    """A zip of text dumps that do not compress; its SHA-256."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for number in range(max(mb // 64, 1)):
            lines = io.BytesIO()
            for line in range(64):
                story = {
                    "id": f"{number}-{line}",
                    "title": f"Story {number}-{line}",
                    "body": os.urandom(512 * 1024).hex(),
                }
                lines.write(json.dumps(story).encode() + b"\n")
            archive.writestr(f"dump-{number:03}.jsonl", lines.getvalue())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin(staff: Asking, path: Path) -> tuple[str, int]:
    about = {"name": path.name, "size": path.stat().st_size, "fingerprint": "bench"}
    headers = {"Content-Type": "application/json"}
    _, answer, _ = staff.ask("POST", "/admin/archive/ingestrun/upload/parts/", json.dumps(about).encode(), headers)
    begun = json.loads(answer)
    return begun["url"], begun["offset"]


def send(staff: Asking, path: Path, url: str, offset: int, until: int) -> Iterator[dict[str, object]]:
    """The pieces from `offset` up to `until`, each with the answer to it."""
    with path.open("rb") as file:
        file.seek(offset)
        while offset < until:
            piece = file.read(CHUNK)
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
            status, answer, _ = staff.ask("PUT", url, piece, headers)
            if status != 200:
                raise SystemExit(f"{status} at {offset}: {answer[:300]!r}")
            offset += len(piece)
            yield json.loads(answer)


class Watching(threading.Thread):
    """Reads a page four times a second, and looks at the memory of the web process."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site, self.over = site, threading.Event()
        self.seconds: list[float] = []
        self.memory: list[float] = []
        self.missed = 0

    def run(self) -> None:
        reader = Asking(self.site.port)
        while not self.over.wait(0.25):
            try:
                self.memory.append(rss_mb(self.site.web()))
                self.seconds.append(reader.get("/sources/")[2])
            except (OSError, ValueError, IndexError, http.client.HTTPException):
                self.missed += 1


def idle_mb(site: Site) -> float:
    reader = Asking(site.port)
    for _ in range(3):
        for page in ("/", "/sources/", "/people/", "/search/?q=x", "/admin/login/"):
            reader.get(page)
    return rss_mb(site.web())


def half(site: Site, staff: Asking, path: Path, until: int) -> dict[str, object]:
    """Upload from where it stands up to a byte; how that went."""
    idle = idle_mb(site)
    watching = Watching(site)
    watching.start()
    began = time.perf_counter()
    url, offset = begin(staff, path)
    answer = list(send(staff, path, url, offset, until))[-1]
    seconds = time.perf_counter() - began
    watching.over.set()
    watching.join()
    times = sorted(watching.seconds)
    return {
        "from_mb": offset >> 20,
        "to_mb": until >> 20,
        "seconds": round(seconds, 1),
        "mb_per_second": round((until - offset) / 2**20 / seconds),
        "idle_mb": round(idle),
        "over_idle_mb": round(max(watching.memory) - idle, 1),
        "pages": len(times),
        "page_median_ms": round(statistics.median(times) * 1000),
        "page_p95_ms": round(times[int(len(times) * 0.95)] * 1000),
        "pages_missed": watching.missed,
        "dump": answer.get("dump"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=1024)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.zip"
        sha256 = make_zip(path, asked.mb)
        size = path.stat().st_size
        with running(Path(folder) / "var") as site:
            staff = Asking(site.port)
            staff.sign_in("ada")
            stop_at = size // 2 // CHUNK * CHUNK
            halves = [half(site, staff, path, stop_at)]
            site.kill_web()
            site.wait()
            halves.append(half(site, staff, path, size))
            kept = site.data_dir / "media" / "dumps" / sha256[:2] / sha256
            results: dict[str, object] = {
                "command": "python bench/bench_upload.py",
                "mb": size >> 20,
                "resumed_at_mb": halves[1]["from_mb"],
                "kept_whole": kept.is_file() and kept.stat().st_size == size,
                "halves": halves,
            }
    print(json.dumps(results, indent=2))
    if asked.mb >= 1024:
        (Path(__file__).parent / "results" / "upload.json").write_text(f"{json.dumps(results, indent=2)}\n")
    met = results["kept_whole"] and all(float(str(one["over_idle_mb"])) <= BAR_MB for one in halves)
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
