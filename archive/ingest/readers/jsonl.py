"""JSONL: one JSON object a line. A broken line costs that line alone."""

import json
import re
from collections.abc import Iterator

from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream, Line

MAX_DEPTH = 200
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_SECOND_OBJECT = re.compile(r"\}\s*\n\s*\{")


def recognise(head: Head) -> bool:
    if not head.text.startswith("{"):
        return False
    first, newline, rest = head.text.partition("\n")
    if not newline:
        # One line: an object that is a record, unless the document's envelope says otherwise (see json_document).
        return head.suffix in ("jsonl", "ndjson", "jl")
    if head.suffix in ("jsonl", "ndjson", "jl") or first.rstrip().endswith("}"):
        return len(first.strip()) > 1
    # The first line may be the broken one.
    return len(first.strip()) > 1 and rest.lstrip("\ufeff").startswith("{")


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    for line in stream.lines(context.record_limit, blank=False):
        if not line.data.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
            continue
        yield _record(line, context)


def _record(line: Line, context: Context) -> Record:
    places = context.places
    locator = places.next(line.offset, line.length, line.number)
    if line.too_long:
        sentence = (
            f"the line is {in_bytes(line.length)} long (limit {in_bytes(context.record_limit)}); it is not loaded"
        )
        return places.reject(locator, "too-long", sentence, line.data)
    decoded = context.decoder.decode(line.data)
    try:
        value = load(decoded.text.strip("\ufeff\x00 \t\r\n"))
    except ValueError as error:
        return places.reject(locator, "broken-json", f"the line is not valid JSON: {error}", line.data)
    if not isinstance(value, dict):
        kind = type(value).__name__
        return places.reject(locator, "not-a-record", f"the line is a JSON {kind}, not an object of fields", line.data)
    return record_from(value, locator, context, decoded.notes, line.data)


def load(text: str) -> object:
    """The value of a JSON text; control characters inside strings are forgiven, NaN and Infinity are nothing.

    A number longer than Python converts stays text. Raises ValueError with a sentence.
    """
    if _depth(text) > MAX_DEPTH:
        raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
    try:
        return json.loads(text, strict=False, parse_constant=_nothing)
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at")
        raise ValueError(f"{said} at character {error.pos + 1:,}") from error
    except ValueError:
        return json.loads(text, strict=False, parse_constant=_nothing, parse_int=str)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _nothing(constant: str) -> None:
    """What Python writes for no number is no JSON, and no text of an article either."""


def _depth(text: str) -> int:
    """How deep brackets are nested; counted only where there are enough of them to matter."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        mark = found[0][0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest
