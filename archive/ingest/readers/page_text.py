"""Flattened page text: a whole file is one article, page chrome and all. Its headline may be in a file of its own."""

from collections.abc import Iterator

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.charset import decode, tidy
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.whole import read_article
from archive.ingest.records import BadRecord, RawRecord

# Texts that people bring by mistake.
_NOT_PROSE = ("-- MySQL dump", "-- PostgreSQL database dump", "PRAGMA foreign_keys", "BEGIN:VC", "#!/", "solid ")


def recognise(head: Head) -> bool:
    """Anything that is text and nothing else that is known: asked last."""
    return not head.root and not head.text.startswith(_NOT_PROSE)


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data = read_article(stream, context, "text")
    if isinstance(data, BadRecord):
        yield data
        return
    decoded = decode(data)
    text, notes = tidy(decoded.text)
    locator = context.places.next(0, len(data), 1)
    if not text.strip():
        yield context.places.reject(locator, "empty", "the file holds no text")
        return
    title, _ = tidy(decode(context.title.encode("latin-1")).text.strip())
    yield RawRecord(
        locator=locator,
        kind=ContentKind.FIELDS if title else ContentKind.PAGE_TEXT,
        text=text,
        title=title,
        notes=(*decoded.notes, *notes),
    )
