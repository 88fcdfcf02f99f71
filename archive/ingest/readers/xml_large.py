"""XML documents larger than a record may be: cut into their items, each then read as a small document of its own.

Memory is bounded by the largest item. Where no item is to be seen in the first megabyte, the document is rejected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.ingest.readers.base import Context, in_bytes
from archive.ingest.readers.streams import Block, BlockSplitter, ByteStream
from archive.ingest.records import BadRecord

_LOOKED_AT = 1024 * 1024
_PROLOGUE = 65_536


@dataclass(frozen=True, slots=True)
class SmallDocument:
    """What stood before the first item, and one item: its elements above are never closed."""

    block: Block
    data: bytes


def small_documents(
    stream: ByteStream, context: Context, item: "re.Pattern[bytes]"
) -> Iterator[SmallDocument | BadRecord]:
    """The items of a document, or why one cannot be read. `item` matches an opening tag; its group 1 is the name."""
    places, found = context.places, item.search(stream.peek(_LOOKED_AT))
    if found is None:
        sentence = f"the document is larger than {in_bytes(context.record_limit)} and shows no items; it is not loaded"
        yield places.bad("too-long", sentence, offset=0, excerpt=stream.peek(2_000))
        return
    splitter = BlockSplitter(stream, found[1], context.record_limit)
    for block in splitter:
        if block.complete and not block.too_long:
            # A prologue that was cut at its beginning would be read as text.
            above = splitter.prologue if len(splitter.prologue) < _PROLOGUE else b""
            yield SmallDocument(block, above + block.data)
            continue
        locator = places.next(block.offset, block.length, block.line)
        if block.too_long:
            sentence = f"the item is longer than {in_bytes(context.record_limit)}; it is not loaded"
            yield places.reject(locator, "too-long", sentence, block.data)
        else:
            sentence = "the item is never closed: the document is cut off or damaged here"
            yield places.reject(locator, "truncated", sentence, block.data)
