"""Reuters-21578 SGML (Lewis, 1997): newswire stories between <REUTERS> tags, in no encoding that anybody declared.

The files are no valid SGML for today's parsers (control characters as entities, byte 0xFC), so stories are cut out of
the bytes and their few tags are looked up.
"""

import re
from collections.abc import Iterator
from html import unescape

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.between import all_between, between
from archive.ingest.readers.charset import tidy
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import Block, BlockSplitter, ByteStream
from archive.ingest.records import RawRecord

_ATTRIBUTE = re.compile(r'([A-Z]+)\s*=\s*"([^"]*)"')
_KEYWORDS = ("TOPICS", "PLACES", "PEOPLE", "ORGS", "EXCHANGES", "COMPANIES")
_INNER_TAG = re.compile(r"</?[A-Z]{1,20}>")
# Control characters frame the wire's fields (&#2; start of text, &#3; end of text, &#30; …) and are not the story's.
_CONTROL = re.compile(r"&#(?:[0-9]|1[0-9]|2[0-9]|3[01]|127);")
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_BLANKS = re.compile(r"\s+")


def recognise(head: Head) -> bool:
    return head.doctype == "lewis" or head.root == "reuters" or (bool(head.root) and "<REUTERS " in head.text[:8_000])


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    for block in BlockSplitter(stream, b"REUTERS", context.record_limit):
        yield _story(block, context)


def _story(block: Block, context: Context) -> Record:
    places = context.places
    locator = places.next(block.offset, block.length, block.line)
    if block.too_long:
        sentence = f"the story is longer than {in_bytes(context.record_limit)}; it is not loaded"
        return places.reject(locator, "too-long", sentence, block.data)
    if not block.complete:
        sentence = "the story has no </REUTERS>: the file is cut off or damaged here"
        return places.reject(locator, "truncated", sentence, block.data)
    notes: tuple[str, ...] = ()
    data = block.data.translate(None, _CONTROL_BYTES)
    try:
        sgml = data.decode("utf-8")
    except UnicodeDecodeError:
        sgml, notes = data.decode("cp1252", "replace"), ("not UTF-8, read as cp1252",)
    sgml = sgml.replace("\r\n", "\n")
    attributes = dict(_ATTRIBUTE.findall(sgml[:1_000].partition(">")[0]))
    dateline, author = _line(_inside("DATELINE", sgml)), _line(_inside("AUTHOR", sgml))
    title, body = _headline_and_body(sgml, dateline)
    body, more = tidy(body)
    if not body.strip() and not title:
        return places.reject(locator, "empty", "the story has neither a headline nor a text", block.data)
    return RawRecord(
        locator=locator,
        kind=ContentKind.FIELDS,
        text=body,
        title=title,
        byline=(author,) if author else (),
        published=_line(_inside("DATE", sgml)),
        source="Reuters",
        external_id=attributes.get("NEWID", ""),
        tags=_tags(sgml),
        language="en",
        notes=notes + more,
    )


def _inside(name: str, sgml: str) -> str:
    return _plain(between(sgml, f"<{name}>", f"</{name}>") or "")


def _plain(sgml: str) -> str:
    """Text of a field: control characters out, then the references (&lt; &amp;) resolved."""
    return unescape(_CONTROL.sub("", sgml))


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _headline_and_body(sgml: str, dateline: str) -> tuple[str, str]:
    """The headline, and the story's lines as the wire set them, dateline first, as printed.

    An unprocessed story has no tags inside; its first line, in capitals, is its headline.
    """
    title = _line(_inside("TITLE", sgml))
    if (found := between(sgml, "<BODY>", "</BODY>")) is not None:
        body = _plain(found)
        return title, f"    {dateline} {body.lstrip()}" if dateline else body
    unprocessed = between(sgml, '<TEXT TYPE="UNPROC">', "</TEXT>")
    if unprocessed is None:
        return title, ""
    body = _plain(_INNER_TAG.sub("", unprocessed))
    first, _, rest = body.lstrip().partition("\n")
    if not title and first.isupper() and len(first) <= 100:
        return _line(first), rest
    return title, body


def _tags(sgml: str) -> tuple[str, ...]:
    """The indexers' own keywords: topics, places, people, organisations, exchanges, companies, in that order."""
    found = (
        _plain(item).strip()
        for name in _KEYWORDS
        if (group := between(sgml, f"<{name}>", f"</{name}>"))
        for item in all_between(group, "<D>", "</D>")
    )
    return tuple(dict.fromkeys(item for item in found if item))
