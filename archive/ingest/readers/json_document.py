"""One JSON document, streamed: an array of records, an array somewhere inside an envelope, or a single record."""

import re
from collections.abc import Generator, Iterator, Mapping

from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.charset import decode
from archive.ingest.readers.fields import recognised, record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.json_scan import Scanner, Span
from archive.ingest.readers.jsonl import load
from archive.ingest.readers.streams import ByteStream

_BEGINS = re.compile(r"""\[\s*(?:[\[{"\]]|$)|\{\s*(?:["}]|$)""")
# Lists of objects that stand inside an article, not around articles.
_INSIDE = frozenset(
    (
        *("authors", "author", "sources", "related", "links", "comments", "entities"),
        *("images", "image", "media", "tags", "categories"),
    )
)
_MAX_DEPTH = 8

_Envelope = dict[str, object]


def recognise(head: Head) -> bool:
    return bool(_BEGINS.match(head.text))


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    return _Document(stream, context).records()


class _Document:
    def __init__(self, stream: ByteStream, context: Context) -> None:
        self._scan = Scanner(stream, context.record_limit)
        self._context = context
        self._cut = self._told = False
        """The document ends where it should not; a record has said so."""
        self._path = tuple(
            key.removesuffix("[]") for key in context.options.record_path.split(".") if key not in ("", "[]")
        )

    def records(self) -> Iterator[Record]:
        while first := self._scan.next_byte():
            if first == b"[" and not self._path:
                yield from self._array({})
            elif first == b"{":
                yield from self._top()
            elif not self._scan.skip(b","):
                yield self._record(self._scan.value(), {})

    def _top(self) -> Iterator[Record]:
        offset, line, before = self._scan.offset, self._scan.line, self._context.places.number
        envelope = yield from self._object(self._path, 0)
        places = self._context.places
        found = places.number > before
        if found and (self._told or not self._cut):
            return
        locator = places.next(offset, self._scan.offset - offset, line)
        if self._cut:
            yield places.reject(locator, "truncated", "the JSON document has no closing bracket: the file is cut off")
            return
        if not self._path and self._is_record(envelope):
            yield record_from(envelope, locator, self._context)
            return
        keys = ", ".join(list(envelope)[:12]) or "none"
        wanted = f" at the record path {'.'.join(self._path)}" if self._path else ""
        yield places.reject(
            locator, "no-records", f"the JSON document has no list of articles{wanted} (its keys: {keys})"
        )

    def _array(self, defaults: Mapping[str, object]) -> Iterator[Record]:
        """The records of an array, whose opening bracket comes next."""
        self._scan.skip(b"[")
        while (first := self._scan.next_byte()) and first != b"]":
            if not self._scan.skip(b","):
                yield self._record(self._scan.value(), defaults)
        if not self._scan.skip(b"]") and not self._told:
            self._cut = self._told = True
            sentence = "the list of records has no closing bracket: the file is cut off"
            yield self._context.places.bad("truncated", sentence, offset=self._scan.offset, line=self._scan.line)

    def _record(self, span: Span, defaults: Mapping[str, object], key: str = "") -> Record:
        places = self._context.places
        locator = places.next(span.offset, span.length, span.line)
        if not span.complete:
            self._cut = self._told = True
            return places.reject(
                locator, "truncated", "the record has no end: the file is cut off or a bracket is missing", span.data
            )
        if span.too_long:
            limit = in_bytes(self._context.record_limit)
            sentence = f"the record is {in_bytes(span.length)} long (limit {limit}); it is not loaded"
            return places.reject(locator, "too-long", sentence, span.data)
        decoded = self._context.decoder.decode(span.data)
        try:
            value = load(decoded.text)
        except ValueError as error:
            return places.reject(locator, "broken-json", f"the record is not valid JSON: {error}", span.data)
        if not isinstance(value, dict):
            return places.reject(
                locator,
                "not-a-record",
                f"the element is a JSON {type(value).__name__}, not an object of fields",
                span.data,
            )
        known = recognised(value, self._context.options.field_map)
        extra = {name: default for name, default in defaults.items() if name not in known}
        return record_from({**value, **extra}, locator, self._context, decoded.notes, span.data)

    def _object(self, path: tuple[str, ...], depth: int) -> Generator[Record, None, _Envelope]:
        """Records found below the object that comes next; returns its fields that are none."""
        envelope: _Envelope = {}
        self._scan.skip(b"{")
        while (first := self._scan.next_byte()) and first != b"}":
            if self._scan.skip(b","):
                continue
            key = _plain_value(self._scan.value())
            self._scan.skip(b":")
            if not isinstance(key, str):
                continue
            if path and key != path[0]:
                self._scan.value()
                envelope[key] = None
            elif path:
                yield from self._on_path(path[1:], depth, envelope)
            else:
                yield from self._field(key, depth, envelope)
        self._cut = self._cut or not self._scan.skip(b"}")
        return envelope

    def _on_path(self, path: tuple[str, ...], depth: int, envelope: _Envelope) -> Iterator[Record]:
        first = self._scan.next_byte()
        if path and first == b"{" and depth < _MAX_DEPTH:
            yield from self._object(path, depth + 1)
        elif not path and first == b"[":
            yield from self._array(_defaults(envelope))
        elif not path:
            yield self._record(self._scan.value(), _defaults(envelope))
        else:
            self._scan.value()

    def _field(self, key: str, depth: int, envelope: _Envelope) -> Iterator[Record]:
        """One field of an envelope whose records nobody said where to find."""
        first = self._scan.next_byte()
        has_body = "body" in recognised(envelope, self._context.options.field_map)
        searchable = not has_body and key.lower() not in _INSIDE
        if first == b"[" and searchable:
            yield from self._list_field(key, envelope)
        elif first == b"{" and searchable and depth < _MAX_DEPTH:
            offset, line, before = self._scan.offset, self._scan.line, self._context.places.number
            inner = yield from self._object((), depth + 1)
            if self._context.places.number == before and not self._cut and self._is_record(inner, strict=True):
                # A mapping of id → record, or one record in an envelope.
                locator = self._context.places.next(offset, self._scan.offset - offset, line)
                yield record_from({**inner, "id": inner.get("id", key)}, locator, self._context)
            elif self._context.places.number == before:
                envelope[key] = inner
        else:
            envelope[key] = _plain_value(self._scan.value())

    def _list_field(self, key: str, envelope: _Envelope) -> Iterator[Record]:
        self._scan.skip(b"[")
        first = self._scan.next_byte()
        if first == b"{":
            span = self._scan.value()
            value = _plain_value(span)
            if isinstance(value, dict) and self._is_record(value):
                yield self._record(span, _defaults(envelope))
                yield from self._array(_defaults(envelope))
                return
        items: list[object] = []
        while (first := self._scan.next_byte()) and first != b"]":
            if not self._scan.skip(b","):
                items.append(_plain_value(self._scan.value()))
                items = items[:1_000]
        self._scan.skip(b"]")
        envelope[key] = items

    def _is_record(self, value: Mapping[str, object], *, strict: bool = False) -> bool:
        """Whether fields look like an article's; `strict` wants a body and something to know it by."""
        fields = recognised((name for name, item in value.items() if item), self._context.options.field_map)
        if strict:
            return "body" in fields and ("title" in fields or "url" in fields)
        return "body" in fields or "title" in fields


def _plain_value(span: Span) -> object:
    """The value of a span, None where it is broken or too long."""
    if span.too_long or not span.complete:
        return None
    try:
        return load(decode(span.data).text)
    except ValueError:
        return None


def _defaults(envelope: Mapping[str, object]) -> dict[str, object]:
    """What an envelope says once for all of its records: their source."""
    source = envelope.get("source") or envelope.get("publication") or envelope.get("publisher")
    if "jsonfeed.org" in str(envelope.get("version")):
        source = envelope.get("title")
    if isinstance(source, dict):
        source = source.get("name") or source.get("title")
    return {"source": source} if isinstance(source, str) and source else {}
