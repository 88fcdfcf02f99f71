"""Any other XML whose elements are named like fields: an element with a headline and a text below it is a record."""

import re
from collections.abc import Iterator

from lxml import etree

from archive.ingest.readers import xml_safe
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.fields import field_of, record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream

_NAME = re.compile(r"<(?:[\w.\-]{1,40}:)?([A-Za-z_][\w.\-]{0,60})[\s>/]")


def recognise(head: Head) -> bool:
    if not head.root:
        return False
    fields = {field_of(name) for name in set(_NAME.findall(head.text[:16_000]))}
    return "body" in fields and bool(fields & {"title", "date", "byline", "url", "id"})


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data, places = stream.read_whole(context.record_limit), context.places
    if data is None:
        sentence = f"the document is larger than {in_bytes(context.record_limit)}; it is not loaded"
        yield places.bad("too-long", sentence, offset=0, excerpt=stream.peek(2_000))
        return
    decoded = xml_safe.text_of(data)
    root = xml_safe.parse(decoded.text)
    found = list(_records(root)) if root is not None else []
    closed = root is not None and f"/{xml_safe.local(root)}>" in re.sub(r"\s", "", decoded.text[-400:]).lower().replace(
        ":", "/"
    )
    if found and not closed:
        found.pop()
    for node, values in found:
        whole = len(found) == 1 and closed
        locator = places.next(0 if whole else None, len(data) if whole else None, _line(node))
        yield record_from(values, locator, context, decoded.notes, data)
    if not closed:
        yield places.bad("truncated", "the document's first element is never closed: it is cut off", excerpt=data)
    elif not found:
        yield places.bad("no-records", "no element of the document has a headline and a text", offset=0, excerpt=data)


def _line(node: etree._Element) -> int | None:
    return node.sourceline if isinstance(node.sourceline, int) else None


def _records(root: etree._Element) -> Iterator[tuple[etree._Element, dict[str, object]]]:
    """Outermost elements whose children are an article's fields."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = [child for child in node if xml_safe.local(child)]
        values: dict[str, object] = {}
        for child in children:
            value = xml_safe.story(child) if field_of(xml_safe.local(child)) == "body" else xml_safe.line(child)
            if value:
                values.setdefault(xml_safe.local(child), value)
        fields = {field_of(name) for name in values}
        if "body" in fields and fields & {"title", "date", "byline", "url", "id"} and not _holds_records(children):
            yield node, values
        else:
            waiting.extend(reversed(children))


def _holds_records(children: list[etree._Element]) -> bool:
    """Whether a child is itself shaped like a record, so that its parent is only the list around it."""
    for child in children:
        fields = {field_of(xml_safe.local(inner)) for inner in child}
        if "body" in fields and "title" in fields:
            return True
    return False
