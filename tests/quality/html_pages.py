"""The two sets of real pages with known articles, as the quality tests and benchmarks read them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Page:
    """One page and what its gold says; title, authors and date only where `has_metadata`."""

    name: str
    url: str
    html: str
    body: str
    has_metadata: bool = False
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""

    @property
    def site(self) -> str:
        return (urlsplit(self.url if "//" in self.url else f"//{self.url}").hostname or "").removeprefix("www.")


def extraction_benchmark(data: Path) -> Iterator[Page]:
    """scrapinghub/article-extraction-benchmark: `html-articles/` of the shared data."""
    gold = json.loads((data / "html-articles/ground-truth.json").read_text("utf-8"))
    for name, answer in sorted(gold.items()):
        html = gzip.decompress((data / f"html-articles/html/{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        yield Page(name, answer.get("url", ""), html, answer["articleBody"])


def fundus(data: Path) -> Iterator[Page]:
    """flairNLP/fundus' parser tests: `fundus/` of the shared data; the gold body is paragraphs and subheads."""
    for path, entry in sorted(json.loads((data / "fundus/index.json").read_text("utf-8")).items()):
        answer = json.loads((data / "fundus" / entry["expected"]).read_text("utf-8"))[entry["version"]]
        parts = [part for section in answer["body"]["sections"] for part in section["headline"] + section["paragraphs"]]
        html = gzip.decompress((data / "fundus" / path).read_bytes()).decode("utf-8", "replace")
        yield Page(
            path,
            entry["url"],
            html,
            "\n".join(parts),
            has_metadata=True,
            title=answer.get("title") or "",
            authors=tuple(answer.get("authors") or ()),
            date=str(answer.get("publishing_date") or "")[:10],
        )
