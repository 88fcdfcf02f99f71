"""Cleaning against plain trafilatura: pages a second on one core, on the same real pages in the same run.

    .venv/bin/python -m bench.bench_cleaning [path to the shared data]

Prints a Markdown table. CPU time of this process, best of three rounds; no timed test, machines differ.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import trafilatura

from archive.choices import ContentKind
from archive.errors import RecordError
from archive.ingest.cleaning import clean
from archive.ingest.readers import open_dump
from archive.ingest.records import Locator, RawRecord
from tests.quality.html_pages import extraction_benchmark, fundus

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def clean_quietly(record: RawRecord) -> None:
    try:
        clean(record)
    except RecordError:
        return


def per_second(work: Callable[[RawRecord], object], records: Sequence[RawRecord], rounds: int = 3) -> float:
    best = 0.0
    for record in records[:5]:
        work(record)
    for _ in range(rounds):
        start = time.process_time()
        for record in records:
            work(record)
        best = max(best, len(records) / (time.process_time() - start))
    return best


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    sets = {
        "article-extraction-benchmark": list(extraction_benchmark(data)),
        "fundus": list(fundus(data)),
    }
    print("| records | ours, everything | trafilatura, text | trafilatura, with metadata |")
    print("|---|---|---|---|")
    for name, pages in sets.items():
        records = [RawRecord(Locator(1), ContentKind.HTML_PAGE, page.html, url=page.url) for page in pages]
        ours = per_second(clean_quietly, records)
        text = per_second(lambda record: trafilatura.extract(record.text, include_comments=False), records)
        full = per_second(lambda record: trafilatura.bare_extraction(record.text, with_metadata=True), records)
        print(f"| {name}: HTML pages/s | {ours:.0f} | {text:.0f} | {full:.0f} |")
    with gzip.open(data / "flattened-html/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [RawRecord(Locator(1), ContentKind.PAGE_TEXT, json.loads(line)["raw"]) for line in lines]
    print(f"| flattened pages/s | {per_second(clean_quietly, texts):.0f} | | |")
    stories = [r for r in open_dump(data / "reuters21578/reut2-003.sgm.gz").records() if isinstance(r, RawRecord)]
    print(f"| Reuters-21578 stories/s | {per_second(clean_quietly, stories):.0f} | | |")


if __name__ == "__main__":
    main()
