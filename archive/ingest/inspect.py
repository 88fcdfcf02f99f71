"""Looks into a dump without storing anything: what it is taken for, which fields it has, and its first articles.

The command `inspect_dump` and the admin's preview show what `inspect_dump` returns.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from archive.errors import DumpError
from archive.ingest import standing
from archive.ingest.field_maps import with_map
from archive.ingest.options import IngestOptions
from archive.ingest.prepare import Incoming, prepare_one
from archive.ingest.readers import FORMATS, open_dump
from archive.ingest.records import BadRecord, CleanArticle, RawRecord
from archive.ingest.rulings import NO_BOOK, RuleBook


@dataclass(frozen=True, slots=True)
class Preview:
    """One article as it would be stored. `removed` of the article are the lines that are cut."""

    locator: str
    kind: str
    article: CleanArticle
    source: str
    external_id: str
    url: str
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    """What the reader had to do to make sense of the bytes."""

    def as_json(self) -> dict[str, Any]:
        article, published = self.article, self.article.published
        return {
            "locator": self.locator,
            "kind": self.kind,
            "source": self.source,
            "external_id": self.external_id or None,
            "url": self.url or None,
            "title": article.title or None,
            "standfirst": article.standfirst or None,
            "byline": list(article.byline),
            "published_at": published.value.isoformat() if published and published.value else None,
            "published_raw": published.raw if published else None,
            "language": article.language or None,
            "section": article.section or None,
            "tags": list(self.tags),
            "body": list(article.paragraphs),
            "captions": [{"text": caption.text, "credit": caption.credit or None} for caption in article.captions],
            "removed": [{"line": line.number, "text": line.text, "rule": line.rule} for line in article.removed],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in the first records of a dump."""

    name: str
    size: int
    format: str
    label: str
    """The format in words."""
    fields: dict[str, str]
    """Field of the archive → the dump's own name for it."""
    unused: tuple[str, ...]
    """Fields of the dump that the archive has no use for; `--map` can give them one."""
    read: int
    """How many records were looked at."""
    previews: tuple[Preview, ...]
    rejections: tuple[BadRecord, ...]
    reason: str = ""
    """Why the dump cannot be read (any further); empty if it can."""

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.name,
            "size": self.size,
            "format": self.format or None,
            "label": self.label or None,
            "fields": self.fields,
            "unused_fields": list(self.unused),
            "read": self.read,
            "articles": [preview.as_json() for preview in self.previews],
            "rejections": [
                {"record": bad.locator.number, "locator": str(bad.locator), "code": bad.code, "reason": bad.reason}
                for bad in self.rejections
            ],
            "reason": self.reason or None,
        }


def inspect_dump(
    path: Path, options: IngestOptions | None = None, *, name: str | None = None, articles: int = 5, records: int = 100
) -> Inspection:
    """Read until `articles` of them are found or `records` have been looked at. Stores nothing, raises nothing."""
    asked, rules = _by_the_archive(options or IngestOptions())
    shown = name or path.name
    size = path.stat().st_size if path.is_file() else 0
    previews: list[Preview] = []
    rejections: list[BadRecord] = []
    try:
        dump = open_dump(path, asked.reading, name=shown)
    except DumpError as error:
        return Inspection(shown, size, "", "", {}, (), 0, (), (), error.reason)
    reason, read = "", 0
    try:
        for read, record in enumerate(dump.records(), start=1):
            found = record if isinstance(record, BadRecord) else _preview(record, asked.source, rules)
            if isinstance(found, BadRecord):
                rejections.append(found)
            else:
                previews.append(found)
            if len(previews) >= articles or read >= records:
                break
    except DumpError as error:
        reason = error.reason
    return Inspection(
        name=shown,
        size=size,
        format=dump.format,
        label=_LABELS.get(dump.format, ""),
        fields=dict(dump.fields.used),
        unused=tuple(each for each in dump.fields.unused if each not in dump.fields.used.values()),
        read=read,
        previews=tuple(previews),
        rejections=tuple(rejections),
        reason=reason,
    )


def _by_the_archive(asked: IngestOptions) -> tuple[IngestOptions, RuleBook]:
    """The options with the source's remembered mapping, and the sources' rules; an archive not set up has neither."""
    try:
        return with_map(asked), standing.rule_book()
    except DatabaseError:
        return asked, NO_BOOK


_LABELS = {fmt.name: fmt.label for fmt in FORMATS} | {"zip": "Zip archive", "tar": "Tar archive"}


def _preview(record: RawRecord, source: str, rules: RuleBook) -> Preview | BadRecord:
    prepared = prepare_one(record, source, rules)
    if not isinstance(prepared, Incoming):
        return prepared
    return Preview(
        locator=str(record.locator),
        kind=str(record.kind),
        article=prepared.article,
        source=prepared.publisher.slug,
        external_id=prepared.external_id,
        url=prepared.url,
        tags=prepared.tags,
        notes=record.notes,
    )
