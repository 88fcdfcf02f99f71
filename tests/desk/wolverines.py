"""What tests of takedowns share: an article about wolverines, its dumps, and how it is taken down and looked at."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

from django.test import Client

from archive.choices import Degree, TakedownReason
from archive.ingest.options import IngestOptions
from archive.ingest.pipeline import ingest_dump
from archive.ingest.prepare import Preparation
from archive.ingest.takedown import Request
from archive.ingest.workers import Workers
from archive.search.indexing import drain

SENTENCE = "Perpetua Dunwiddie keeps seven wolverines behind the brewery in Ashcombe Parva"
OLD = "Perpetua Dunwiddie keeps nine wolverines behind the brewery in Ashcombe Parva"
FILLER = "The council met on Tuesday and talked about the harbour wall, the tram and the price of herring. " * 3
RECORDS = [
    {"id": "a", "title": "Harbour wall", "body": FILLER + "First.", "source": "Courier", "date": "2020-01-01"},
    {
        "id": "b",
        "title": "Wolverines of P. Dunwiddie",
        "body": f"{SENTENCE}. {FILLER} Ms Dunwiddie agreed.\n\nWolverines: ask Ms Dunwiddie",
        "source": "Courier",
        "date": "2020-01-02",
    },
    {"id": "c", "title": "Tram", "body": FILLER + "Third.", "source": "Courier", "date": "2020-01-03"},
]
OLD_RECORDS = [{**RECORDS[1], "body": f"{OLD}. {FILLER} Ms Dunwiddie agreed.\n\nWolverines: ask Ms D. Dunwiddie"}]


def ingest(path: Path, **options: Any) -> Any:
    with Workers(1, Preparation(entities=False)) as workers:
        report = ingest_dump(path, IngestOptions(entities=False, **options), workers)
    drain()
    return report


def dump_of(path: Path, records: list[dict[str, str]]) -> Path:
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("one.jsonl", lines)
            archive.writestr("other.jsonl", b'{"id": "z", "title": "Zinc", "body": "' + FILLER.encode() + b'Zinc."}\n')
    elif path.suffix == ".json":
        path.write_text(json.dumps(records))
    else:
        path.write_bytes(lines)
    return path


def asked(degree: Degree, **fields: Any) -> Request:
    return Request(degree, TakedownReason.PRIVACY, **fields)


def page(url: str) -> tuple[int, str]:
    response = Client().get(url)
    return response.status_code, response.content.decode()
