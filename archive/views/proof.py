"""For every paragraph of an article the lines of its record that it was made of, as the source page shows them."""

from dataclasses import dataclass

from archive.ingest.account import stored_record
from archive.ingest.provenance import lines_of_paragraphs
from archive.models import Article


@dataclass(frozen=True, slots=True)
class ParagraphProof:
    number: int
    text: str
    lines: str
    """"12", "12–14" or "12, 15"; empty where an editor wrote the paragraph."""


def proofs(article: Article) -> list[ParagraphProof]:
    """One for each paragraph; none for an article that came from no dump. `article.raw` must be loaded."""
    if article.raw is None:
        return []
    lines = lines_of_paragraphs(article, article.raw)
    return [
        ParagraphProof(number, text, _ranges(numbers))
        for number, (text, numbers) in enumerate(zip(article.body, lines, strict=True), start=1)
    ]


def notes(article: Article) -> tuple[str, ...]:
    """What the reader had to do to make sense of the record's bytes; `article.raw` must be loaded."""
    return stored_record(article.raw).notes if article.raw else ()


def _ranges(numbers: tuple[int, ...]) -> str:
    """Numbers in order, those that follow one another as a range."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in ranges)
