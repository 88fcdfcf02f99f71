"""The TIME collection: 423 articles, 83 questions as people asked them, and which articles answer the odd ones."""

import gzip
import re
from collections import defaultdict
from dataclasses import dataclass
from math import log2
from pathlib import Path

from archive.search.documents import IndexDocument


@dataclass(frozen=True)
class Collection:
    documents: dict[int, str]
    queries: dict[int, str]
    relevant: dict[int, frozenset[int]]
    """Question → articles that answer it; questions without judgments are absent."""


def read(folder: Path) -> Collection:
    text = gzip.decompress((folder / "TIME.ALL.gz").read_bytes()).decode("latin-1")
    documents = {
        int(number): body.strip()
        for number, body in re.findall(r"\*TEXT (\d+)[^\n]*\n(.*?)(?=\*TEXT|\*STOP|\Z)", text, re.S)
    }
    asked = (folder / "TIME.QUE").read_text("latin-1")
    queries = {
        int(number): " ".join(body.split())
        for number, body in re.findall(r"\*FIND\s+(\d+)\s*\n(.*?)(?=\*FIND|\*STOP|\Z)", asked, re.S)
    }
    relevant: dict[int, set[int]] = defaultdict(set)
    for line in (folder / "qrels.dev.txt").read_text("ascii").splitlines():
        query, _, document, grade = line.split()
        if int(grade):
            relevant[int(query)].add(int(document))
    return Collection(documents, queries, {number: frozenset(found) for number, found in relevant.items()})


def index_document(number: int, text: str) -> IndexDocument:
    """An article of the collection, which has no titles, as the index takes it."""
    return IndexDocument(
        id=number,
        content_hash="",
        title="",
        body=text,
        byline="",
        said="",
        language="en",
        source="time",
        section="",
        people=(),
        organisations=(),
        places=(),
        speakers=(),
        published_on=None,
        published_at=None,
        flags=(),
    )


def ndcg(ranking: list[int], relevant: frozenset[int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, binary grades (Järvelin & Kekäläinen 2002)."""
    gain = sum(1 / log2(rank + 2) for rank, number in enumerate(ranking[:depth]) if number in relevant)
    return gain / sum(1 / log2(rank + 2) for rank in range(min(depth, len(relevant))))


def average_precision(ranking: list[int], relevant: frozenset[int]) -> float:
    found, total = 0, 0.0
    for rank, number in enumerate(ranking, start=1):
        if number in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)
