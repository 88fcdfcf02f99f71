"""Cleaning against plain trafilatura: pages a second on one core, on the same real pages in the same run.

    python bench/bench_cleaning.py [path to the shared data]

Prints a Markdown table. CPU time of this process, best of three rounds; no timed test, machines differ.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Set:
    """Records of one kind under the name that the table gives them."""

    name: str
    records: list[Any]
    is_html: bool = False


def read_sets(data: Path) -> Iterator[Set]:
    from archive.choices import ContentKind
    from archive.ingest.readers import open_dump
    from archive.ingest.records import Locator, RawRecord
    from tests.quality.html_pages import extraction_benchmark, fundus

    for name, pages in (("article-extraction-benchmark", extraction_benchmark(data)), ("fundus", fundus(data))):
        records = [RawRecord(Locator(1), ContentKind.HTML_PAGE, page.html, url=page.url) for page in pages]
        yield Set(f"{name}: HTML pages/s", records, is_html=True)
    with gzip.open(data / "flattened-html/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        raws = [json.loads(line)["raw"] for line in lines]
    yield Set("flattened pages/s", [RawRecord(Locator(1), ContentKind.PAGE_TEXT, raw) for raw in raws])
    stories = open_dump(data / "reuters21578/reut2-003.sgm.gz").records()
    yield Set("Reuters-21578 stories/s", [story for story in stories if isinstance(story, RawRecord)])


def clean_quietly(record: Any) -> None:
    from archive.errors import RecordError
    from archive.ingest.cleaning import clean

    try:
        clean(record)
    except RecordError:
        return


def per_second(work: Callable[[Any], object], records: Sequence[Any], rounds: int = 3) -> float:
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
    import trafilatura

    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    print("| records | ours, everything | trafilatura, text | trafilatura, with metadata |")
    print("|---|---|---|---|")
    for each in read_sets(data):
        ours = f"{per_second(clean_quietly, each.records):.0f}"
        if each.is_html:
            text = per_second(lambda record: trafilatura.extract(record.text, include_comments=False), each.records)
            full = per_second(lambda record: trafilatura.bare_extraction(record.text, with_metadata=True), each.records)
            print(f"| {each.name} | {ours} | {text:.0f} | {full:.0f} |")
        else:
            print(f"| {each.name} | {ours} | | |")


if __name__ == "__main__":
    main()
