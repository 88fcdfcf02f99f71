"""A file that is one article: read whole, or rejected with a sentence."""

from archive.ingest.readers.base import Context, in_bytes
from archive.ingest.readers.streams import ByteStream
from archive.ingest.records import BadRecord

_EXCERPT = 2_000


def read_article(stream: ByteStream, context: Context, what: str) -> bytes | BadRecord:
    """All bytes of a page or text (`what` is its name in sentences), or why it is none: too long, or damaged."""
    data = stream.read_whole(context.record_limit)
    if data is None:
        sentence = f"the {what} is larger than {in_bytes(context.record_limit)}, which no article is; it is not loaded"
        return context.places.bad("too-long", sentence, offset=0, excerpt=stream.peek(_EXCERPT))
    if damage := stream.damage:
        place = {"offset": 0, "length": len(data)}
        return context.places.bad(damage.code, damage.sentence, **place, excerpt=data[:_EXCERPT])
    return data
