"""Web archives (WARC, ARC): the HTML pages that were fetched, and the plain text of WET files.

Requests, redirects, errors, revisits (which hold no page), pictures, scripts and styles are no articles: not counted.
warcio stops without a word where a file is cut off, so the length of each record is checked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.charset import declared_encoding, decode, tidy
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.records import BadRecord, Locator, RawRecord

_HTML = ("text/html", "application/xhtml+xml")
_MAX_HEADER = 1024 * 1024
# Whatever a broken header makes warcio stumble over.
_WARCIO_ERRORS = (ArchiveLoadFailed, ValueError, OSError, EOFError, LookupError, AttributeError, TypeError)


def recognise(head: Head) -> bool:
    return head.data.startswith((b"WARC/", b"filedesc://"))


class _BoundedReader(BufferedReader):  # type: ignore[misc]  # warcio has no types
    """Reads header lines up to a limit, where warcio itself would read a line of any length into memory."""

    header_bytes = 0

    def read(self, length: int | None = None) -> bytes:
        self.header_bytes = 0
        return cast("bytes", super().read(length))

    def readline(self, length: int | None = None) -> bytes:
        line = cast("bytes", super().readline(min(length or _MAX_HEADER, _MAX_HEADER)))
        self.header_bytes += len(line)
        if self.header_bytes > _MAX_HEADER:
            raise ArchiveLoadFailed("its headers are longer than 1 MB")
        return line


@dataclass(frozen=True, slots=True)
class _Page:
    """A fetched page before it has a place in the dump; `payload` may be one byte over the limit."""

    payload: bytes
    url: str
    content_type: str
    fetched: str
    is_text: bool
    unknown_encoding: str = ""
    """The compression of the page, if it is one that cannot be read."""


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    places = context.places
    archive = ArchiveIterator(cast("IO[bytes]", stream), arc2warc=True)
    archive.reader = _BoundedReader(archive.fh)
    offset = 0
    while True:
        try:
            offset = archive.offset
            entry = next(archive, None)
            if entry is None:
                return
            offset = archive.offset
            page = _page(entry, context.record_limit)
            archive.read_to_end(entry)
        except _WARCIO_ERRORS as error:
            yield places.bad("broken-warc", f"the web archive cannot be read on from here ({error})", offset=offset)
            return
        missing = int(getattr(entry.raw_stream, "limit", 0) or 0)
        if missing > 0:
            sentence = f"the archive ends within this record, {missing:,} bytes before its end: it is cut off"
            yield places.bad("truncated", sentence, offset=offset, length=stream.offset - offset)
            return
        if page is not None:
            yield _record(page, places.next(offset, archive.get_record_length()), context)


def _page(entry: Any, limit: int) -> _Page | None:
    """The fetched page that a record of the archive is, None for what is no page. Raises what warcio raises."""
    http = entry.http_headers
    url = str(entry.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    content_type = str((http.get_header("Content-Type") if http else entry.content_type) or "").lower()
    if entry.rec_type == "response":
        wanted = (
            http is not None and http.get_statuscode() == "200" and (content_type.startswith(_HTML) or not content_type)
        )
    elif entry.rec_type == "resource":
        wanted = content_type.startswith(_HTML) and url.startswith(("http://", "https://"))
    else:
        wanted = entry.rec_type == "conversion" and content_type.startswith("text/plain")
    if not wanted:
        return None
    encoding = str(http.get_header("Content-Encoding") or "").strip().lower() if http else ""
    is_readable = encoding in ("", "identity", "gzip", "x-gzip", "deflate")
    payload = (entry.content_stream().read(limit + 1) or b"") if is_readable else b""
    if not content_type and b"<html" not in payload[:4_000].lower():
        return None
    fetched = str(entry.rec_headers.get_header("WARC-Date") or "")
    return _Page(payload, url, content_type, fetched, entry.rec_type == "conversion", "" if is_readable else encoding)


def _record(page: _Page, locator: Locator, context: Context) -> RawRecord | BadRecord:
    where = f"the page at {page.url[:200]}"
    if len(page.payload) > context.record_limit:
        sentence = f"{where} is larger than {in_bytes(context.record_limit)}; it is not loaded"
        return context.places.reject(locator, "too-long", sentence, page.payload)
    if page.unknown_encoding:
        sentence = f"{where} is compressed as {page.unknown_encoding[:40]}, which cannot be read here"
        return context.places.reject(locator, "unreadable", sentence)
    declared = page.content_type.partition("charset=")[2].partition(";")[0].strip(" \"'")
    decoded = decode(page.payload, declared or declared_encoding(page.payload))
    text, notes = tidy(decoded.text)
    if not text.strip():
        return context.places.reject(locator, "empty", f"{where} is empty", page.payload)
    return RawRecord(
        locator=locator,
        kind=ContentKind.PAGE_TEXT if page.is_text else ContentKind.HTML_PAGE,
        text=text,
        url=page.url,
        crawled=page.fetched,
        notes=(*decoded.notes, *notes, *((f"fetched {page.fetched}",) if page.fetched else ())),
    )
