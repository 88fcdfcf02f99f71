"""Raw records as bytes and back: versioned, compressed JSON, so that nothing a dump said is lost.

Layout: one byte with the version, then a Zstandard frame with a JSON object of the record's fields; empty fields are
left out. The locator is not in it: it is columns of the row.
"""

import json
from dataclasses import fields
from typing import Any

import zstandard

from archive.choices import ContentKind
from archive.ingest.records import Locator, RawRecord

VERSION = 1
_MAX_BYTES = 512 * 1024 * 1024
_FIELDS = tuple(field.name for field in fields(RawRecord) if field.name not in ("locator", "kind"))
_SEVERAL = frozenset({"byline", "tags", "notes"})
_compressor = zstandard.ZstdCompressor(level=3)


def dumps(record: RawRecord) -> bytes:
    """The bytes that `RawRecord.payload` keeps. Lone surrogates survive: JSON escapes them."""
    values = {name: value for name in _FIELDS if (value := getattr(record, name))}
    return bytes([VERSION]) + _compressor.compress(json.dumps(values, separators=(",", ":")).encode("ascii"))


def loads(payload: bytes, locator: Locator, kind: ContentKind) -> RawRecord:
    """The record again. Raises ValueError for bytes of an unknown version."""
    if payload[:1] != bytes([VERSION]):
        raise ValueError(f"raw record of an unknown version {payload[:1]!r}; this program knows version {VERSION}")
    text = zstandard.ZstdDecompressor().decompress(payload[1:], max_output_size=_MAX_BYTES)
    values: dict[str, Any] = {"text": "", **json.loads(text)}
    for name in _SEVERAL & values.keys():
        values[name] = tuple(values[name])
    return RawRecord(locator=locator, kind=kind, **values)
