"""Small dumps of our own making, and short ways to ingest them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.ingest.options import IngestOptions
from archive.ingest.pipeline import Watch, ingest_dump
from archive.ingest.prepare import Preparation
from archive.ingest.report import DumpReport
from archive.ingest.workers import Workers

LONG = (
    "The council voted on Monday to close the old bridge over the Ouse for eleven months, after engineers found that "
    "two of its five piers had moved by more than a hand's breadth since the floods of last winter, and that the deck "
    "could no longer carry the buses which cross it every ten minutes."
)


def story(number: int, **more: Any) -> dict[str, Any]:
    """A record with an id, a headline and a body of its own."""
    return {"id": f"s{number}", "title": f"Story {number}", "body": f"{LONG} This is report number {number}.", **more}


def write_dump(path: Path, records: Sequence[Mapping[str, Any] | str]) -> Path:
    """A JSONL dump; a string stands as it is for a line that is no JSON."""
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def ingest(path: Path, *, workers: int = 1, watch: Watch | None = None, **options: Any) -> DumpReport:
    asked = IngestOptions(**{"entities": False, "source": "ouse-times", **options})
    with Workers(workers, Preparation(asked.source, asked.entities)) as pool:
        return ingest_dump(path, asked, pool, watch=watch)


def counts(report: DumpReport) -> dict[str, int]:
    """The counts that are not nought, without `read`."""
    return {name: n for name, n in report.counts.as_json().items() if n and name != "read"}
