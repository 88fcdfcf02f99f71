"""Flattened page text: a whole file is one article, page chrome and all. Its headline may be in a file of its own."""

from collections.abc import Iterator

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.charset import decode, tidy
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.records import RawRecord

# Texts that people bring by mistake.
_NOT_PROSE = ("-- MySQL dump", "-- PostgreSQL database dump", "PRAGMA foreign_keys", "BEGIN:VC", "#!/", "solid ")


def recognise(head: Head) -> bool:
    """Anything that is text and nothing else that is known: asked last."""
    return not head.root and not head.text.startswith(_NOT_PROSE)


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data, places = stream.read_whole(context.record_limit), context.places
    if data is None:
        sentence = f"the text is larger than {in_bytes(context.record_limit)}, which no article is; it is not loaded"
        yield places.bad("too-long", sentence, offset=0, excerpt=stream.peek(2_000))
        return
    if stream.damage:
        yield places.bad(stream.damage.code, stream.damage.sentence, offset=0, length=len(data), excerpt=data[:2_000])
        return
    decoded = decode(data)
    text, notes = tidy(decoded.text)
    locator = places.next(0, len(data), 1)
    if not text.strip():
        yield places.reject(locator, "empty", "the file holds no text")
        return
    title, _ = tidy(decode(context.title.encode("latin-1")).text.strip())
    yield RawRecord(
        locator=locator,
        kind=ContentKind.FIELDS if title else ContentKind.PAGE_TEXT,
        text=text,
        title=title,
        notes=(*decoded.notes, *notes),
    )
