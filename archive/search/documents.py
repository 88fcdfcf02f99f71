"""Article → indexed document: the one place that knows which of an article's fields are searched, and how."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What every backend indexes of one article."""

    id: int
    content_hash: str
    """Tells a current document from a stale one; stored and given back by `SearchBackend.fingerprints`."""
    title: str
    body: str
    """Standfirst, paragraphs and captions, blank-line separated."""
    byline: str
    said: str
    """All direct quotations, blank-line separated."""
    language: str
    source: str
    """Slug."""
    section: str
    people: tuple[str, ...]
    """Slugs, most mentioned first; likewise the next two."""
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    speakers: tuple[str, ...]
    published_on: date | None
    published_at: datetime | None
    """Aware; what sorting by date goes by."""
    flags: tuple[str, ...]
    """See `query.Keyword.FLAG`."""
