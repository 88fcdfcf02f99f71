"""A saved HTML page: one file is one article. Only its characters are read here; cleaning reads the markup."""

import re
from collections.abc import Iterator

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.charset import declared_encoding, decode, tidy
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.whole import read_article
from archive.ingest.records import BadRecord, RawRecord

_ROOTS = frozenset(
    (
        *("html", "head", "body", "meta", "title", "link", "script", "style", "noscript", "iframe", "form", "table"),
        *("div", "p", "article", "main", "section", "header", "nav", "span", "h1", "h2", "h3", "ul", "ol", "a"),
        *("img", "center", "font", "br", "hr", "blockquote", "figure"),
    )
)
# What browsers write on top of a page that they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>\"]{4,2000})")


def recognise(head: Head) -> bool:
    if head.root in _ROOTS or head.doctype == "html":
        return True
    beginning = head.text[:4_000].lower()
    return not head.root and ("<html" in beginning or "<!doctype html" in beginning)


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data = read_article(stream, context, "page")
    if isinstance(data, BadRecord):
        yield data
        return
    decoded = decode(data, declared_encoding(data))
    text, notes = tidy(decoded.text)
    saved_from = _SAVED_FROM.search(text, 0, 4_000)
    yield RawRecord(
        locator=context.places.next(0, len(data), 1),
        kind=ContentKind.HTML_PAGE,
        text=text,
        url=saved_from[1] if saved_from else "",
        notes=(*decoded.notes, *notes),
    )
