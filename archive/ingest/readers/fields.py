"""Which field of a structured record is which of the archive's, and the record that comes of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from math import isnan
from typing import TYPE_CHECKING

from archive.choices import ContentKind
from archive.ingest.readers.charset import tidy
from archive.ingest.records import BadRecord, Locator, RawRecord

if TYPE_CHECKING:
    from archive.ingest.readers.base import Context

# The archive's field → names in dumps, compared without case, blanks and punctuation; the first one present wins.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "guid", "newid", "article_id", "external_id", "uuid"),
        *("stories_id", "story_id", "news_id", "doc_id", "body_id", "_id"),
    ),
    "title": ("title", "headline", "head", "article_title", "heading", "web_title"),
    "standfirst": (
        *("standfirst", "description", "summary", "abstract", "subtitle", "dek"),
        *("short_description", "teaser", "excerpt", "subheadline", "lead", "trail_text", "highlights", "snippet"),
    ),
    "body": (
        *("body", "text", "content", "article", "article_text", "maintext", "story"),
        *("article_body", "full_text", "content_html", "content_text", "article_content", "news_text", "contents"),
        *("document", "body_text"),
    ),
    "byline": ("author", "authors", "byline", "creator", "article_author", "writer"),
    "date": (
        *("date", "published", "published_at", "pubdate", "publish_date", "date_publish", "datetime", "created_at"),
        *("date_published", "publication_date", "published_date", "publish_time", "time_published", "article_date"),
        *("pub_date_time", "web_publication_date", "first_publication_date", "published_utc", "time", "timestamp"),
    ),
    "source": (
        *("source", "publication", "publisher", "site", "domain", "outlet"),
        *("media_name", "source_name", "publications", "newspaper", "site_name", "source_domain", "site_url"),
    ),
    "url": ("url", "link", "canonical_url", "uri", "article_url", "article_link", "web_url", "permalink", "links"),
    "section": ("section", "category", "categories", "topic", "section_name", "rubric", "subject"),
    "tags": ("tags", "keywords", "topics", "labels"),
    "language": ("language", "lang", "language_code"),
    "crawled": (
        *("crawled", "crawled_at", "crawl_date", "date_crawled", "scraped_at", "scrape_date", "date_scraped"),
        *("date_download", "download_date", "downloaded_at", "fetched_at", "fetch_date", "retrieved_at"),
        "date_retrieved",
    ),
}

_NEAR_NAMES = {"title": ("title", "headline"), "body": ("body", "text", "content", "article"), "date": ("date",)}
# Names that contain one of these words and mean something else.
_ANOTHER = re.compile(
    "updat|modif|crawl|scrap|insert|download|retriev|fetch|expir|index|valid|score|sentiment|length|count|url|link"
)

# What stands for an object in a text field; where none is there, all of its values are joined.
_NAMING = ("name", "title", "main", "original", "text", "html", "value", "rendered", "$t", "#text", "$oid", "$date")

# Objects that hold the fields of a record: Elasticsearch's dumps, the Guardian's and other APIs, Strapi, Contentful.
_WRAPPERS = frozenset(
    ("_source", "fields", "attributes", "article", "data", "metadata", "meta", "news", "item", "post")
)

_LOOKED_AT = 200
"""How many records are looked at to say which fields a dump has."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LIST_IN_TEXT = re.compile(r"""^\[\s*(['"].*['"])\s*\]$""", re.DOTALL)
_ITEM_IN_TEXT = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
# Inline markup alone: "Standard Oil <SRD>" has a ticker, not a tag.
_MARKUP = re.compile(
    r"</?(?:a|b|br|cite|em|font|h[1-6]|i|mark|p|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,500})?/?>", re.I
)


@dataclass(slots=True)
class SeenFields:
    """Which fields a dump's first records had, and what was made of them."""

    used: dict[str, str] = field(default_factory=dict)
    """Archive field → the dump's name of it."""
    unused: dict[str, None] = field(default_factory=dict)
    records: int = 0
    counts: bool = True
    """Off while a format is read whose fields the reader itself names."""

    def note(self, used: Mapping[str, str], values: Mapping[str, object]) -> None:
        if self.records >= _LOOKED_AT or not self.counts:
            return
        self.records += 1
        for archive_field, name in used.items():
            self.used.setdefault(archive_field, str(name))
        taken = set(used.values())
        names = (str(name).strip() for name in values if name not in taken)
        self.unused.update(dict.fromkeys(name for name in names if name and field_of(name) is None))


@lru_cache(maxsize=10_000)
def key_of(name: str) -> str:
    """The form in which names are compared: "Publish Date" and "publishDate" are both "publishdate"."""
    return _NOT_ALPHANUMERIC.sub("", name[:200].casefold())


_FIELD_OF_KEY = {key_of(name): field for field, names in FIELD_NAMES.items() for name in names}


def field_of(name: str) -> str | None:
    """The archive's field that a dump's field of this name is, or None."""
    return _FIELD_OF_KEY.get(key_of(name))


def recognised(names: Iterable[str], field_map: Mapping[str, str]) -> dict[str, str]:
    """Archive field → the dump's field that is read for it, for the fields that `names` has."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key_of(name), name)
    chosen: dict[str, str] = {}
    for ours, known in FIELD_NAMES.items():
        mapped = field_map.get(ours)
        for candidate in (mapped,) if mapped else known:
            if key_of(candidate) in by_key:
                chosen[ours] = by_key[key_of(candidate)]
                break
    return chosen


def record_from(
    values: Mapping[str, object], locator: Locator, context: "Context", notes: tuple[str, ...] = (), raw: bytes = b""
) -> RawRecord | BadRecord:
    """The record that a mapping of field names to values is; rejected `empty` if it has neither headline nor body.

    `raw` are the record's bytes, for the excerpt of a rejection.
    """
    values = _unwrapped(values)
    found, used = _values(values, context.options.field_map)
    context.places.fields.note(used, values)
    record_notes = list(notes)

    def text(name: str, join: str = ", ") -> str:
        cleaned, made = tidy(_text(found.get(name), join))
        record_notes.extend(note for note in made if note not in record_notes)
        return cleaned

    def texts(name: str) -> tuple[str, ...]:
        made = [tidy(item)[0].strip() for item in _texts(found.get(name))]
        return tuple(dict.fromkeys(item for item in made if item))

    title, body, standfirst = text("title").strip(), text("body", "\n\n"), text("standfirst").strip()
    if not body.strip() and not title:
        names = ", ".join(str(name)[:40] for name in list(values)[:12]) or "none"
        sentence = f"the record has neither a headline nor a text (its fields: {names}; --map can name others)"
        return context.places.reject(locator, "empty", sentence, raw)
    return RawRecord(
        locator=locator,
        kind=ContentKind.FIELDS,
        text=body,
        title=plain(title),
        standfirst=standfirst,
        byline=texts("byline"),
        published=text("date").strip(),
        source=text("source").strip(),
        external_id=text("id").strip(),
        url=next(iter(texts("url")), ""),
        section=text("section").strip(),
        tags=_tags(found.get("tags")),
        language=text("language").strip(),
        crawled=text("crawled").strip(),
        notes=tuple(record_notes),
    )


def _unwrapped(values: Mapping[str, object]) -> Mapping[str, object]:
    """The record with the fields of an object that wraps them ({"_id": …, "_source": {"title": …}}) beside its own."""
    if _WRAPPERS.isdisjoint(values):
        return values
    merged = dict(values)
    for name in _WRAPPERS.intersection(values):
        inner = values[name]
        if isinstance(inner, Mapping) and sum(field_of(str(key)) is not None for key in inner) >= 2:
            del merged[name]
            merged = {**inner, **merged}
    return merged


def _values(values: Mapping[str, object], field_map: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Archive field → the first of its names' values that says something, and → the dump's name of it."""
    by_key: dict[str, str] = {}
    for name, value in values.items():
        key = key_of(str(name))
        if key and not _blank(value) and key not in by_key:
            by_key[key] = name
    used: dict[str, str] = {}
    for ours, names in FIELD_NAMES.items():
        mapped = field_map.get(ours)
        for candidate in (mapped,) if mapped else names:
            if (found := by_key.get(key_of(candidate))) is not None:
                used[ours] = found
                break
    if not {"title", "body", "date"} <= used.keys():
        rest = {key: str(values[name]) for key, name in by_key.items() if key not in _FIELD_OF_KEY}
        used.update({ours: by_key[key] for ours, key in _near(rest).items() if ours not in used})
    return {ours: values[name] for ours, name in used.items()}, used


def _near(rest: Mapping[str, str]) -> dict[str, str]:
    """Title, body and date among fields of unknown name, by a telling word in the name.

    "content_original" is a body, "news_title" a headline; "updated_at" is no date of publication. Of several the
    longest is taken, and a body must be prose.
    """
    near: dict[str, str] = {}
    for ours, words in _NEAR_NAMES.items():
        keys = [key for key in rest if any(word in key for word in words) and not _ANOTHER.search(key)]
        if ours == "body":
            keys = [key for key in keys if len(rest[key]) >= 100 and rest[key].count(" ") >= 10]
            keys.sort(key=lambda key: -len(rest[key]))
        if ours == "title":
            keys = [key for key in keys if len(rest[key]) <= 500 and any(char.isalpha() for char in rest[key])]
            keys.sort(key=lambda key: -len(rest[key]))
        if keys:
            near[ours] = keys[0]
    return near


def _blank(value: object) -> bool:
    if isinstance(value, str):
        # "nan" is how a table library writes an empty cell.
        return not value or value.isspace() or (len(value) <= 4 and value.casefold() in {"nan", "null", "none"})
    return value is None or value in ([], {}) or (isinstance(value, float) and isnan(value))


def _text(value: object, join: str) -> str:
    """A value as text: lists joined, of an object its name, its text or its address."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        inner = next((key for key in _NAMING if not _blank(value.get(key))), "")
        return _text(value[inner] if inner else list(value.values()), join)
    if isinstance(value, list | tuple):
        return join.join(part for part in (_text(item, join) for item in value) if part)
    return str(value)


def _texts(value: object) -> list[str]:
    """A value as several texts: a list's items, or a list that was written as text ("['Ann Lee', 'Bo Chu']")."""
    if isinstance(value, list | tuple):
        return [_text(item, ", ") for item in value]
    text = _text(value, ", ")
    if len(text) < 20_000 and (listed := _LIST_IN_TEXT.match(text.strip())):
        return [single or double for single, double in _ITEM_IN_TEXT.findall(listed[1])]
    return [] if text.strip() == "[]" else [text]


def _tags(value: object) -> tuple[str, ...]:
    several = _texts(value)
    if len(several) == 1:
        several = re.split(r"\s*[;|,]\s*", several[0])
    made = (tidy(item)[0].strip() for item in several)
    return tuple(dict.fromkeys(item for item in made if item))


def plain(title: str) -> str:
    """A headline without the markup and character references that dumps leave in it."""
    if "&" in title and ";" in title:
        title = unescape(title)
    return _MARKUP.sub("", title).strip() if "<" in title else title
