"""What flows through ingest, as unsaved rows: the one place that knows which value goes into which column."""

from datetime import UTC, date, datetime
from typing import Any

from archive.choices import DateVerb, LinePlace
from archive.ingest.identity import ingested_hash
from archive.ingest.prepare import Incoming
from archive.ingest.records import BadRecord, CleanArticle, PublishedDate
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Cut,
    DateDecision,
    IngestRun,
    RawRecord,
    Rejection,
    Source,
)

REVISED = (
    *("title", "alternative_titles", "standfirst", "byline", "published_at", "published_on", "published_raw"),
    *("published_rule", "published_precision", "published_confidence", "published_zone", "language", "section", "tags"),
    *("body", "captions", "layout", "word_count", "text_hash", "ingested_hash", "settled_hash", "is_headline_only"),
    *("version", "canonical_url", "raw", "run", "named_at", "updated_at"),
)
"""The columns that a new version of an article changes."""
_IN_VERSION = ("title", "standfirst", "byline", "body", "published_at", "text_hash")
_NOT_KEPT = ("version", "raw", "run", "named_at", "updated_at")
_BESIDE = tuple(name for name in REVISED if name not in (*_IN_VERSION, *_NOT_KEPT))
"""What of an article a version keeps as it was, besides the text that is cited."""
_EXCERPT_BYTES = 2000


def raw_record(record: Incoming, dump_id: int) -> RawRecord:
    place = record.locator
    return RawRecord(
        dump_id=dump_id,
        member=place.member[:1000],
        number=place.number,
        line=place.line,
        offset=place.offset,
        length=place.length,
        kind=record.kind,
        payload=record.payload,
    )


def article(record: Incoming, source: Source, raw: RawRecord | None, run: IngestRun | None) -> Article:
    return Article(
        source=source, external_id=record.external_id, id_scope=record.id_scope, raw=raw, run=run, **_content(record)
    )


def revise(article: Article, record: Incoming, raw: RawRecord | None, run: IngestRun | None) -> None:
    """Put the record's text in place of the article's; its names are sought anew."""
    for name, value in _content(record).items():
        setattr(article, name, value)
    article.raw, article.run, article.named_at = raw, run, None
    article.version += 1


_CLEANED = (
    *("title", "standfirst", "body", "captions", "layout", "word_count", "text_hash", "ingested_hash"),
    "settled_hash",
    "is_headline_only",
)
_FOUND = ("byline", "language")


def recleaned(article: Article, record: Incoming) -> None:
    """Put what a newer chain made of the same record in place of the article's text; its names are sought anew."""
    content = _content(record)
    taken = [*_CLEANED, *(name for name in _FOUND if not getattr(article, name))]
    if article.published_at is None or takes_date(article, record):
        taken += [name for name in content if name.startswith("published_")]
    for name in taken:
        setattr(article, name, content[name])
    article.named_at = None
    article.version += 1


def remade(article: Article, record: Incoming) -> None:
    """Put all beside the text that cleaning finds in a record in place of what the article has."""
    content = _content(record)
    for name in _BESIDE:
        setattr(article, name, content[name])


def takes_date(article: Article, record: Incoming) -> bool:
    """Whether the record's date is the better one: the article has none, or one that was read with less confidence."""
    found = record.article.published
    if found is None or found.value is None:
        return False
    known = article.published_confidence if article.published_at else 0.0
    return known is not None and found.confidence > known


def recounted(article: Article, record: Incoming) -> None:
    """Put a newer account of the lines, and a better date, beside the same text."""
    if takes_date(article, record):
        date_anew(article, record.article.published)
    content = _content(record)
    for name in ("layout", "captions", "text_hash", "ingested_hash", "settled_hash"):
        setattr(article, name, content[name])


def judge_date(article: Article, decision: DateDecision) -> None:
    """Put what a person judged in place of the date that was read; the string that was read stays."""
    is_set = decision.verb == DateVerb.SET
    article.published_at = decision.value if is_set else None
    article.published_on = decision.day if is_set else None
    article.published_raw = decision.raw or article.published_raw
    article.published_rule = decision.rule
    article.published_precision = decision.precision if is_set else ""
    article.published_confidence = decision.confidence if is_set else None
    article.published_zone = decision.zone if is_set else ""


def date_anew(article: Article, found: PublishedDate | None) -> None:
    """Put what a rule read in place of what a person judged."""
    for name, value in _dated(found).items():
        setattr(article, name, value)


DATED = tuple(name for name in REVISED if name.startswith("published_"))
"""The columns that say when."""


def settled(article: Article, text: CleanArticle) -> bool:
    """Put the same article with some lines decided anew in place of its text; whether its title or body changed.

    Its hashes stay, for they say what the dump brought.
    """
    changed = (article.title, tuple(article.body)) != (text.title, text.paragraphs)
    columns = _text(text)
    for name, value in columns.items():
        setattr(article, name, value)
    article.settled_hash = ingested_hash(text.title, text.standfirst, text.paragraphs)
    if changed:
        article.named_at = None
        article.version += 1
    return changed


def version(article: Article) -> ArticleVersion:
    """The article as it is now, to be kept when its text is replaced."""
    return ArticleVersion(
        article=article,
        number=article.version,
        title=article.title,
        standfirst=article.standfirst,
        byline=article.byline,
        body=article.body,
        published_at=article.published_at,
        text_hash=article.text_hash,
        beside={name: getattr(article, name) for name in _BESIDE},
        raw=article.raw,
        run_id=article.run_id,
    )


def put_back(article: Article, before: ArticleVersion) -> None:
    """Put an earlier version in place of the article's text. One of before versions kept all of it leaves the rest."""
    for name in _IN_VERSION:
        setattr(article, name, getattr(before, name))
    day = before.beside.get("published_on")
    for name, value in before.beside.items():
        setattr(article, name, date.fromisoformat(day) if day and name == "published_on" else value)
    if not before.beside:
        zone = datetime.strptime(article.published_zone, "%z").tzinfo if article.published_zone else UTC
        article.published_on = before.published_at.astimezone(zone).date() if before.published_at else None
        article.word_count = sum(len(paragraph.split()) for paragraph in article.body)
        article.is_headline_only = not article.body
        article.ingested_hash = ingested_hash(article.title, article.standfirst, article.body)
        article.layout, article.captions = [], []
    article.raw, article.run_id, article.version = before.raw, before.run_id, before.number
    article.named_at = None


def appearance(
    record: Incoming, article: Article, source: Source, raw: RawRecord | None, run: IngestRun | None
) -> Appearance:
    published = record.article.published
    return Appearance(
        article=article,
        source=source,
        external_id=record.external_id,
        id_scope=record.id_scope,
        canonical_url=record.url,
        title=record.article.title,
        published_at=published.value if published else None,
        text_hash=record.text_hash,
        raw=raw,
        run=run,
    )


def cuts(article: Article, text: CleanArticle) -> list[Cut]:
    return [
        Cut(article=article, line=line.number, text=line.text, rule=line.rule[:40], reason=line.reason[:300])
        for line in text.removed
    ]


def rejection(run: IngestRun, record: BadRecord) -> Rejection:
    place = record.locator
    return Rejection(
        run=run,
        record=place.number,
        locator=str(place)[:1200],
        member=place.member[:1000],
        offset=place.offset,
        length=place.length,
        code=record.code[:40],
        reason=record.reason.replace("\0", "\ufffd"),
        excerpt=record.excerpt[:_EXCERPT_BYTES],
    )


def _content(record: Incoming) -> dict[str, Any]:
    """Columns of an article that its text decides."""
    text = record.article
    return {
        "canonical_url": record.url,
        "title": text.title,
        "alternative_titles": list(text.alternative_titles),
        "byline": list(text.byline),
        "language": text.language[:10],
        "section": text.section[:200],
        "tags": list(record.tags),
        "text_hash": record.text_hash,
        "ingested_hash": record.ingested_hash,
        "settled_hash": record.settled_hash,
        **_text(text),
        **_dated(text.published),
    }


def _text(text: CleanArticle) -> dict[str, Any]:
    """Columns that the account of the lines decides."""
    return {
        "standfirst": text.standfirst,
        "body": list(text.paragraphs),
        "captions": [{"text": caption.text, "credit": caption.credit} for caption in text.captions],
        "layout": layout(text),
        "word_count": sum(len(paragraph.split()) for paragraph in text.paragraphs),
        "is_headline_only": not text.paragraphs,
    }


def layout(text: CleanArticle) -> list[list[Any]]:
    """Where each kept line went, as `Article.layout` has it."""
    return [[line.number, line.place.value, line.rule] for line in text.lines if line.place != LinePlace.REMOVED]


def _dated(published: PublishedDate | None) -> dict[str, Any]:
    value = published.value if published else None
    return {
        "published_at": value,
        "published_on": value.date() if value else None,
        "published_raw": published.raw[:300] if published else "",
        "published_rule": published.rule[:100] if published else "",
        "published_precision": published.precision.value if published and value else "",
        "published_confidence": published.confidence if published and value else None,
        "published_zone": _zone(value) if value and published and published.has_zone else "",
    }


def _zone(value: datetime) -> str:
    """The offset as "+08:00"."""
    text = value.strftime("%z")
    return f"{text[:3]}:{text[3:5]}" if text else ""
