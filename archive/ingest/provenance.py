"""Where a paragraph came from: dump, member, record, bytes, lines; and the bytes themselves out of the kept dump."""

from dataclasses import dataclass
from pathlib import Path

from archive.choices import ContentKind, LinePlace
from archive.errors import ArchiveError, DumpError
from archive.ingest.cleaning.raw_lines import raw_lines
from archive.ingest.intake import is_kept
from archive.ingest.paragraph_lines import paragraph_lines
from archive.ingest.readers import open_dump
from archive.ingest.records import Locator
from archive.ingest.serialise import loads
from archive.models import Article, RawRecord


class NotProvable(ArchiveError):
    """The article has no such paragraph, or came from no dump."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The evidence for one paragraph, or for a whole article (`paragraph` is None)."""

    article: int
    paragraph: int | None
    """Counts from 1."""
    text: str
    sha256: str
    dump: str
    member: str
    record: int
    offset: int | None
    """Of the record, in bytes of the decompressed member."""
    length: int | None
    lines: tuple[int, ...]
    """Lines of the record's text that hold the paragraph, counted from 1."""
    raw: bytes
    """The record's bytes out of the kept dump; empty where it is not kept or its reader knows no place."""
    is_kept: bool


def provenance(article: Article, paragraph: int | None = None) -> Provenance:
    """Where the article, or its paragraph of this number (from 1), came from.

    Raises NotProvable if there is no such paragraph or no record behind the article.
    """
    raw = article.raw
    if raw is None:
        raise NotProvable(f"Article {article.pk} came from no dump: there is no record to show for it.")
    if paragraph is not None and not 1 <= paragraph <= len(article.body):
        count = len(article.body)
        raise NotProvable(f"Article {article.pk} has no paragraph {paragraph}; it has {count} of them.")
    lines = lines_of_paragraphs(article, raw)
    return Provenance(
        article=article.pk,
        paragraph=paragraph,
        text=article.text if paragraph is None else article.body[paragraph - 1],
        sha256=raw.dump.sha256,
        dump=raw.dump.name,
        member=raw.member,
        record=raw.number,
        offset=raw.offset,
        length=raw.length,
        lines=tuple(n for some in lines for n in some) if paragraph is None else lines[paragraph - 1],
        raw=raw_bytes(raw),
        is_kept=is_kept(raw.dump),
    )


def raw_bytes(raw: RawRecord) -> bytes:
    """The record's bytes out of the kept dump, at most the readers' limit; empty if they cannot be had."""
    if not is_kept(raw.dump):
        return b""
    try:
        opened = open_dump(_path(raw), name=raw.dump.name)
        return opened.raw(Locator(raw.number, raw.offset, raw.length, raw.line, raw.member))
    except DumpError:
        return b""


def lines_of_paragraphs(article: Article, raw: RawRecord) -> list[tuple[int, ...]]:
    """For each paragraph the numbers of the raw lines that it was made of, in order.

    See paragraph_lines.py for what makes a line one of a paragraph's.
    """
    place = Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)
    texts = raw_lines(loads(bytes(raw.payload), place, ContentKind(raw.kind)))
    body = [number for number, where, _ in article.layout if where == LinePlace.BODY and number <= len(texts)]
    return paragraph_lines(article.body, [(number, texts[number - 1]) for number in sorted(set(body))])


def _path(raw: RawRecord) -> Path:
    return Path(raw.dump.file.path)
