"""A corpus of any size for benchmarks: Reuters-21578, multiplied by swapping most paragraphs for other stories'.

Vocabulary stops growing at some 38,000 words, so a real archive of the same size has more rare words.
"""

import gzip
import html
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.search.documents import IndexDocument

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "reuters21578"
_SWAPPED = 0.6
_SOURCES = 40
_DAYS = 9_000


@dataclass(frozen=True)
class Story:
    title: str
    paragraphs: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    organisations: tuple[str, ...]
    topics: tuple[str, ...]


def _field(text: str, name: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _values(text: str, name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"<D>(.*?)</D>", re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)[1]))


def stories() -> list[Story]:
    """Every story that has a body. Raises `FileNotFoundError` when the collection is not beside the project."""
    found = []
    files = sorted(DATA.glob("reut2-*.sgm.gz"))
    if not files:
        raise FileNotFoundError(f"Reuters-21578 is not in {DATA}")
    for file in files:
        text = gzip.decompress(file.read_bytes()).decode("latin-1")
        for record in re.findall(r"<REUTERS.*?</REUTERS>", text, re.DOTALL):
            body = _field(record, "BODY")
            paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s{3,}", body)]
            if body:
                found.append(
                    Story(
                        " ".join(_field(record, "TITLE").split()),
                        tuple(filter(None, paragraphs)),
                        _values(record, "PEOPLE"),
                        _values(record, "PLACES"),
                        _values(record, "ORGS"),
                        _values(record, "TOPICS"),
                    )
                )
    return found


def documents(count: int, seed: int = 1) -> Iterator[IndexDocument]:
    """So many documents, the same ones for the same arguments."""
    rng = random.Random(seed)
    base = stories()
    for number in range(count):
        story = base[number % len(base)]
        paragraphs = list(story.paragraphs)
        if number >= len(base):
            for index in range(len(paragraphs)):
                if rng.random() < _SWAPPED:
                    paragraphs[index] = rng.choice(rng.choice(base).paragraphs)
        day = datetime(1980, 1, 1, 12, tzinfo=UTC) + timedelta(days=rng.randrange(_DAYS))
        yield IndexDocument(
            id=number + 1,
            content_hash=f"{number:064x}",
            title=story.title,
            body="\n\n".join(paragraphs),
            byline="",
            said="",
            language="en",
            # Zipf-like: the first source has most.
            source=f"source-{min(int(rng.paretovariate(1.0)), _SOURCES):02}",
            section=story.topics[0] if story.topics else "",
            people=story.people,
            organisations=story.organisations,
            places=story.places,
            speakers=(),
            published_on=day.date(),
            published_at=day,
            flags=(),
        )
