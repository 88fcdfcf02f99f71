"""XML documents that hold one or more items: each item a record, and a document that is cut off loses one of them."""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from archive.ingest.readers import xml_safe
from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.charset import wide_encoding
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.xml_large import small_documents
from archive.ingest.records import BadRecord

Fields = dict[str, object]

_CUT = "the element is never closed: the document is cut off"


def read_items(
    stream: ByteStream,
    context: Context,
    find: Callable[[etree._Element], list[etree._Element]],
    fields: Callable[[etree._Element], Fields | str],
    tag: "re.Pattern[bytes]",
) -> Iterator[Record]:
    """A record for each element that `find` finds below the root.

    `fields` gives the fields of an item under names that `fields.record_from` knows, or a sentence that says why the
    item is no article. A document over the record limit is cut into its items by their opening `tag` first.
    """
    data, places = stream.read_whole(context.record_limit), context.places
    if data is None:
        yield from _read_large(stream, context, find, fields, tag)
        return
    decoded = xml_safe.text_of(data)
    root = xml_safe.parse(decoded.text)
    items = find(root) if root is not None else []
    closed = root is not None and _is_closed(root, decoded.text)
    if not items:
        code, sentence = ("broken-xml", "no article can be found in the document") if closed else ("truncated", _CUT)
        yield places.bad(code, sentence, offset=0, length=len(data), excerpt=data)
        return
    told = False
    for item, span in zip(items, _spans(items, data, closed=closed), strict=True):
        locator = places.next(span.start if span else None, span.length if span else None, _line(item, span))
        raw = data[span.start : span.start + 2_000] if span else b""
        if span and span.end is None:
            yield places.reject(locator, "truncated", _CUT, raw)
            told = True
            continue
        values = fields(item)
        if isinstance(values, str):
            yield places.reject(locator, "not-text", values, raw)
        else:
            yield record_from(values, locator, context, decoded.notes, raw)
    if not closed and not told:
        yield places.bad("truncated", _CUT, offset=len(data))


def _read_large(
    stream: ByteStream,
    context: Context,
    find: Callable[[etree._Element], list[etree._Element]],
    fields: Callable[[etree._Element], Fields | str],
    tag: "re.Pattern[bytes]",
) -> Iterator[Record]:
    for document in small_documents(stream, context, tag):
        if isinstance(document, BadRecord):
            yield document
            continue
        decoded, block = xml_safe.text_of(document.data), document.block
        root = xml_safe.parse(decoded.text)
        items = find(root) if root is not None else []
        locator = context.places.next(block.offset, block.length, block.line)
        values = fields(items[-1]) if items else None
        if values is None:
            yield context.places.reject(locator, "broken-xml", "the item cannot be read", block.data)
        elif isinstance(values, str):
            yield context.places.reject(locator, "not-text", values, block.data)
        else:
            yield record_from(values, locator, context, decoded.notes, block.data[:2_000])


def _is_closed(root: etree._Element, text: str) -> bool:
    name = re.escape(xml_safe.local(root))
    return bool(re.search(rf"</(?:[\w.\-]{{1,40}}:)?{name}\s{{0,100}}>", text[-2_000:], re.IGNORECASE)) or not len(root)


def _spans(items: Sequence[etree._Element], data: bytes, *, closed: bool) -> list[xml_safe.Span | None]:
    """Where each item stands, if that is certain; of a document that is cut off, the last item is taken for cut."""
    names = sorted({xml_safe.local(item) for item in items})
    found = [] if wide_encoding(data) else xml_safe.spans(xml_safe.without_quoted(data), *names)
    if len(found) == len(items) + 1 and found[-1].end is None:
        found.pop()  # cut before its first field
    if len(found) == len(items):
        return list(found)
    unknown: list[xml_safe.Span | None] = [None] * len(items)
    if not closed:
        unknown[-1] = xml_safe.Span(0, None, _line(items[-1], None) or 1)
    return unknown


def _line(item: etree._Element, span: xml_safe.Span | None) -> int | None:
    if span is not None:
        return span.line
    return item.sourceline if isinstance(item.sourceline, int) else None
