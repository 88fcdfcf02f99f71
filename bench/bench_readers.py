"""How fast each dump format is read, without cleaning or storing: `python bench/bench_readers.py`.

Real dumps of ../shared/data, one process, CPU seconds, the better of two runs; results in bench/results/readers.json.
"""

import gzip
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
RESULTS = Path(__file__).parent / "results" / "readers.json"
DUMPS = (
    "reuters21578/reut2-000.sgm.gz",
    "dumps/jsonl/article-bias-prediction-2000.jsonl.gz",
    "html-articles/ground-truth.json",
    "dumps/csv/fnc1_train_bodies.csv.gz",
    "dumps/warc/constructed-news-pages.warc.gz",
    "dumps/wxr/themeunittestdata.wordpress.xml.gz",
    "dumps/feeds/feedjira/FeedBurnerXHTML.xml",
    "dumps/newsml-nitf/ap-nitf.xml",
    "dumps/zip/Horne2017_FakeNewsData.zip",
)


def measure(path: Path) -> dict[str, object]:
    from archive.ingest.readers import open_dump

    best, count, name = float("inf"), 0, ""
    for _ in range(2):
        started = time.process_time()
        dump = open_dump(path)
        count, name = sum(1 for _ in dump.records()), dump.format
        best = min(best, time.process_time() - started)
    size = len(gzip.decompress(path.read_bytes())) if path.suffix == ".gz" else path.stat().st_size
    return {
        "format": name,
        "records": count,
        "records_per_second": round(count / best),
        "mb_per_second": round(size / best / 1024 / 1024, 1),
    }


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit(f"The real data is not here: {DATA} does not exist.")
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("ARCHIVE_DATA_DIR", tempfile.mkdtemp())
    results: dict[str, object] = {
        "command": "python bench/bench_readers.py",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }
    for name in DUMPS:
        results[Path(name).name] = found = measure(DATA / name)
        print(f"{Path(name).name:45} {found['records_per_second']:>8,} records/s {found['mb_per_second']:>7} MB/s")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(f"{json.dumps(results, indent=2)}\n")


if __name__ == "__main__":
    main()
