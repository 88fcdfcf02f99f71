"""What happens to records before they reach the database: cleaned, named, hashed. Runs in worker processes.

No database here, and no exception for any single record: what cannot be an article comes out as a `BadRecord`.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias

from archive.choices import ContentKind
from archive.errors import ModelMissing, RecordError
from archive.ingest import serialise
from archive.ingest.cleaning import clean
from archive.ingest.habits import countable, with_day_order, without_repeated
from archive.ingest.identity import (
    Identity,
    Publisher,
    canonical_url,
    external_id,
    identity,
    ingested_hash,
    publisher,
    scope,
    text_hash,
)
from archive.ingest.records import BadRecord, CleanArticle, Locator, RawRecord, TextNames
from archive.ingest.rulings import NO_BOOK, RuleBook, with_decisions, with_source_rules
from archive.models import LineDecision

logger = logging.getLogger(__name__)
EXCERPT_BYTES = 2000
# What no database column takes: NUL (PostgreSQL) and halves of surrogate pairs (UTF-8).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article on its way to the database, with all that deciding about it takes."""

    locator: Locator
    kind: ContentKind
    payload: bytes = field(repr=False)
    article: CleanArticle
    publisher: Publisher
    external_id: str
    url: str
    tags: tuple[str, ...]
    text_hash: str
    ingested_hash: str
    names: TextNames | None = None
    """None where names were put off or could not be sought."""
    id_scope: str = ""
    """Within what the id counts, see identity.py."""
    settled_hash: str = ""
    """Of the text after decisions about its lines and without what its source repeats; empty where that is the same."""
    countable: tuple[str, ...] = ()
    """Keys of the lines that may turn out to be the source's own."""

    @property
    def identity(self) -> Identity:
        return identity(self.publisher.slug, self.external_id, self.url, self.id_scope)

    def within(self, dump: str) -> "Incoming":
        """The same with its id counting within the dump of this name only, where nobody says whose id it is."""
        found = scope(self.publisher.slug, self.external_id, dump, self.locator.member)
        return replace(self, id_scope=found) if found else self

    def decided(self, decisions: Sequence[LineDecision]) -> "Incoming":
        """The same as people decided about the lines of its article; if that changes its text, names are put off."""
        article = with_decisions(self.article, decisions, self.kind)
        if article is self.article:
            return self
        same = article.text == self.article.text
        settled = ingested_hash(article.title, article.standfirst, article.paragraphs)
        return replace(self, article=article, names=self.names if same else None, settled_hash=settled)


Prepared: TypeAlias = Incoming | BadRecord


@dataclass(frozen=True, slots=True)
class Preparation:
    """How records are prepared: the source of those that name none, whether names are sought, the sources' rules."""

    source: str = ""
    entities: bool = True
    rules: RuleBook = NO_BOOK


def prepare(records: Sequence[RawRecord | BadRecord], how: Preparation) -> list[Prepared]:
    """One result for each record, in order."""
    prepared = [
        record if isinstance(record, BadRecord) else prepare_one(record, how.source, how.rules) for record in records
    ]
    return _named(prepared) if how.entities else prepared


def prepare_one(record: RawRecord, default_source: str = "", rules: RuleBook = NO_BOOK) -> Prepared:
    """Clean one record, by its source's rules too; what is no article, or makes that fail, is a BadRecord."""
    try:
        article = clean(_storable(record))
    except RecordError as error:
        return BadRecord(record.locator, error.code, error.reason, _excerpt(record))
    except Exception as error:  # a fault of ours must cost this record, not the dump
        logger.exception("%s cannot be cleaned", record.locator)
        reason = f"Cleaning failed ({type(error).__name__}: {error}). This is a fault of the program: please report it."
        return BadRecord(record.locator, "cleaning-failed", reason, _excerpt(record))
    url = canonical_url(article.canonical_url) or canonical_url(record.url)
    source = publisher(record.source, default=default_source, url=url or record.url, site_name=article.site_name)
    learnt = with_day_order(article, rules.habits_of(source.slug))
    base = with_source_rules(learnt, rules.of(source.slug), record.kind)
    counted = countable(article, record.kind)
    learnt = without_repeated(learnt, rules.habits_of(source.slug), record.kind) if counted else learnt
    article = with_source_rules(learnt, rules.of(source.slug), record.kind)
    return Incoming(
        locator=record.locator,
        kind=record.kind,
        payload=serialise.dumps(record),
        article=article,
        publisher=source,
        external_id=external_id(_mended(record.external_id)),
        url=_mended(url),
        tags=tuple(map(_mended, record.tags or article.tags)),
        text_hash=text_hash(base.title, base.paragraphs),
        ingested_hash=ingested_hash(base.title, base.standfirst, base.paragraphs),
        settled_hash=""
        if article.paragraphs == base.paragraphs
        else ingested_hash(article.title, article.standfirst, article.paragraphs),
        countable=counted,
    )


def _storable(record: RawRecord) -> RawRecord:
    """The record without characters that cannot be stored; the payload keeps them."""
    texts = ("text", "title", "standfirst", "published", "source", "url", "section", "language")
    changed: dict[str, Any] = {name: _mended(getattr(record, name)) for name in texts}
    return replace(record, **changed, byline=tuple(map(_mended, record.byline)))


def _mended(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _excerpt(record: RawRecord) -> bytes:
    text = record.text or record.title
    return text[:EXCERPT_BYTES].encode("utf-8", "backslashreplace")[:EXCERPT_BYTES]


def _named(prepared: list[Prepared]) -> list[Prepared]:
    """The same with names; they are put off where the model is missing, or where a text makes the search fail."""
    from archive.ingest.entities import find_names

    articles = [each for each in prepared if isinstance(each, Incoming)]
    texts = [each.article.text for each in articles]
    languages = [each.article.language for each in articles]
    found: list[TextNames | None]
    try:
        found = list(find_names(texts, languages=languages))
    except ModelMissing as missing:
        _say_once(str(missing))
        found = [None] * len(texts)
    except Exception:  # find out which text it is, and name the others
        logger.exception("names cannot be sought in a batch; going on text by text")
        found = [_names_alone(*each) for each in zip(texts, languages, strict=True)]
    names = iter(found)
    return [replace(each, names=next(names)) if isinstance(each, Incoming) else each for each in prepared]


@cache
def _say_once(sentence: str) -> None:
    logger.warning("articles are stored without names, find_names --missing makes them up: %s", sentence)


def _names_alone(text: str, language: str) -> TextNames | None:
    from archive.ingest.entities import find_names

    try:
        return find_names([text], languages=[language])[0]
    except Exception:
        logger.exception("names cannot be sought in a text of %d characters", len(text))
        return None
