"""RSS 2.0, RSS 1.0 and Atom: each entry is a record; the full text where the feed carries it, else the teaser.

feedparser reads and sanitises; it is given bytes only, so it opens nothing. JSON Feed is read as any JSON document.
"""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.charset import Decoded
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.xml_large import small_documents
from archive.ingest.readers.xml_safe import text_of, without_quoted
from archive.ingest.records import BadRecord

_ENTRY = re.compile(rb"<((?:[\w\-]{1,20}:)?(?:item|entry))[\s>]")
_ENTRY_END = re.compile(rb"</(?:[\w\-]{1,20}:)?(?:item|entry)\s*>")
_FEED_END = re.compile(rb"</(?:[\w\-]{1,20}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,500}>")
# A description this long, or one with paragraphs, is the text itself and not a teaser.
_TEASER = 600
_LOST = (
    "the feed has more entries than can be told apart: the markup of one is damaged, as by a <![CDATA[ that is never "
    "closed, and an entry is missing or stands within another"
)


def recognise(head: Head) -> bool:
    return head.root in ("rss", "feed", "rdf", "channel") or (
        head.root == "html" and "<feed xmlns=" in head.text[:1_000]
    )


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data, places = stream.read_whole(context.record_limit), context.places
    if data is None:
        yield from _read_large(stream, context)
        return
    decoded = text_of(data)
    parsed = _parsed(decoded)
    marked = without_quoted(data)
    starts = [found.start() for found in _ENTRY.finditer(marked)]
    ends = [found.end() for found in _ENTRY_END.finditer(marked)]
    entries = list(parsed.entries)
    cut = not _FEED_END.search(data[-2_000:]) and len(ends) < len(starts)
    if cut and len(entries) == len(starts):
        entries.pop()  # the entry in which the feed ends
    missing = len(starts) - cut - len(entries)
    source = _text(parsed.feed.get("title"))
    for index, entry in enumerate(entries):
        # Which entry is which is only known where all were read.
        offset = starts[index] if not missing else None
        following = [end for end in ends[index : index + 1] if offset is not None and end > offset]
        length = following[0] - offset if following and offset is not None else None
        line = data.count(b"\n", 0, offset) + 1 if offset is not None else None
        raw = data[offset : offset + 2_000] if offset is not None else b""
        yield record_from(_fields(entry, source), places.next(offset, length, line), context, decoded.notes, raw)
    if entries:
        for _ in range(missing):
            yield places.bad("broken-xml", _LOST, excerpt=data)
    if cut:
        yield places.bad(
            "truncated", "the feed ends within an entry: it is cut off", offset=starts[-1], excerpt=data[starts[-1] :]
        )
    elif not entries and parsed.bozo:
        why = str(parsed.get("bozo_exception", ""))[:200]
        yield places.bad("broken-xml", f"no entry can be read from the feed ({why})", offset=0, excerpt=data)


def _parsed(decoded: Decoded) -> Any:
    import feedparser

    return feedparser.parse(io.BytesIO(decoded.text.encode("utf-8", "replace")), sanitize_html=True)


def _read_large(stream: ByteStream, context: Context) -> Iterator[Record]:
    """A feed that is larger than a record may be, entry by entry."""
    for item in small_documents(stream, context, _ENTRY):
        if isinstance(item, BadRecord):
            yield item
            continue
        decoded, block = text_of(item.data), item.block
        parsed = _parsed(decoded)
        locator = context.places.next(block.offset, block.length, block.line)
        if parsed.entries:
            values = _fields(parsed.entries[-1], _text(parsed.feed.get("title")))
            yield record_from(values, locator, context, decoded.notes, block.data[:2_000])
        else:
            yield context.places.reject(locator, "broken-xml", "the entry cannot be read", block.data)


def _fields(entry: Mapping[str, object], feed_title: str) -> dict[str, object]:
    summary = _text(entry.get("summary"))
    content = max((_text(part.get("value")) for part in _dicts(entry.get("content"))), key=len, default="")
    if not content and (len(summary) > _TEASER or "</p>" in summary or not entry.get("title")):
        content, summary = summary, ""
    if content and (summary == content or len(summary) > _TEASER):
        summary = ""
    inner, link = entry.get("source"), _text(entry.get("link"))
    return {
        "id": entry.get("id"),
        "title": entry.get("title"),
        "standfirst": _TAG.sub("", summary).strip(),
        "body": content,
        "byline": [_text(author.get("name")) for author in _dicts(entry.get("authors"))],
        "date": entry.get("published") or entry.get("updated") or entry.get("created"),
        "source": (_text(inner.get("title")) if isinstance(inner, Mapping) else "") or feed_title,
        "url": link if link.startswith(("http://", "https://")) else "",
        "tags": [_text(tag.get("label") or tag.get("term")) for tag in _dicts(entry.get("tags"))],
        "language": next((_text(part.get("language")) for part in _dicts(entry.get("content"))), ""),
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
