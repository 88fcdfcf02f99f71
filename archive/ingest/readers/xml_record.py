"""Any other XML whose elements are named like fields: an element with a headline and a text below it is a record."""

import re
from collections.abc import Iterator

from lxml import etree

from archive.ingest.readers import xml_safe
from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.fields import field_of
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.xml_items import Fields, read_items

_NAME = re.compile(r"<(?:[\w.\-]{1,40}:)?([A-Za-z_][\w.\-]{0,60})[\s>/]")

_ANY_RECORD = re.compile(
    rb"<((?:[\w\-]{1,20}:)?(?:article|story|record|item|doc|document|row|entry))[\s>]", re.IGNORECASE
)


def recognise(head: Head) -> bool:
    if head.root in ("", "svg"):
        return False
    fields = {field_of(name) for name in set(_NAME.findall(head.text[:16_000]))}
    return "body" in fields and bool(fields & {"title", "date", "byline", "url", "id"})


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    return read_items(stream, context, _records, _fields, _ANY_RECORD)


def _fields(node: etree._Element) -> Fields:
    """Names and texts of an element's children, of each name the first that says something."""
    values: Fields = {}
    for child in node:
        name = xml_safe.local(child)
        text = xml_safe.story(child) if field_of(name) == "body" else xml_safe.line(child)
        if name and text:
            values.setdefault(name, text)
    return values


def _records(root: etree._Element) -> list[etree._Element]:
    """Outermost elements whose children are an article's fields, in order."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        children = [child for child in node if xml_safe.local(child)]
        if _is_record(children) and not any(_is_record(list(child)) for child in children):
            found.append(node)
        else:
            waiting.extend(reversed(children))
    return found


def _is_record(children: list[etree._Element]) -> bool:
    fields = {field_of(xml_safe.local(child)) for child in children if len(child) or (child.text or "").strip()}
    return "body" in fields and bool(fields & {"title", "date", "byline", "url", "id"})
