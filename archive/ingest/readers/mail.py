"""An e-mail (.eml): one message is one record; its subject is the headline, its text part the body.

A page that a browser saved as a single file (.mhtml) is such a message too, and is read as the HTML page that it is.
"""

import re
from collections.abc import Iterator
from email import policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr

from archive.choices import ContentKind
from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.charset import decode, tidy
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.records import RawRecord

_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9\-]{1,40}):[ \t]", re.MULTILINE)
_TELLING = frozenset(("received", "message-id", "mime-version", "delivered-to", "return-path", "dkim-signature"))
_MAX_HEADER = 2_000


def recognise(head: Head) -> bool:
    """A header line first, and before the first blank line a subject or sender and what only mail servers write."""
    if not _HEADER.match(head.text):
        return False
    headers = head.text.replace("\r\n", "\n").partition("\n\n")[0]
    names = {name.lower() for name in _HEADER.findall(headers)}
    return bool(names & _TELLING) and bool(names & {"from", "subject"})


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    data, places = stream.read_whole(context.record_limit), context.places
    if data is None:
        sentence = f"the message is larger than {in_bytes(context.record_limit)}; it is not loaded"
        yield places.bad("too-long", sentence, offset=0, excerpt=stream.peek(2_000))
        return
    locator = places.next(0, len(data), 1)
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip())
        body, notes = _body(message)
        sender, address = parseaddr(_header(message, "From"))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        yield places.reject(locator, "broken-mail", f"the message cannot be read ({error})", data)
        return
    address_of_page = _header(message, "Snapshot-Content-Location")
    if address_of_page or sender.lower().startswith("saved by"):
        page, made = tidy(body)
        yield RawRecord(locator, ContentKind.HTML_PAGE, page, url=address_of_page, notes=(*notes, *made))
        return
    values: dict[str, object] = {
        "id": _header(message, "Message-ID").strip("<> "),
        "title": _header(message, "Subject"),
        "body": body,
        "byline": sender or address,
        "date": _header(message, "Date"),
        "source": address.rpartition("@")[2],
    }
    yield record_from(values, locator, context, notes, data)


def _header(message: "Message[str, str]", name: str) -> str:
    """A header on one line with its encoded words (=?utf-8?Q?…?=) decoded."""
    found = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    # Bytes beyond ASCII, though forbidden, occur: as Latin-1 they pass unchanged through what takes only text.
    as_sent = str(found)[:_MAX_HEADER].encode("utf-8", "surrogateescape").decode("latin-1")
    raw = " ".join(as_sent.split())
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        parts = [(raw, None)]
    pairs = ((part.encode("latin-1", "replace") if isinstance(part, str) else part, charset) for part, charset in parts)
    return "".join(decode(part, charset or "").text for part, charset in pairs).strip()


def _body(message: "Message[str, str]") -> tuple[str, tuple[str, ...]]:
    """The first plain text part that says something, else the first HTML part; and notes of the reading."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_filename() or kind in found:
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            decoded = decode(payload, str(part.get_content_charset() or ""))
            found[kind] = decoded.text.replace("\r\n", "\n").strip("\n"), decoded.notes
    return found.get("text/plain") or found.get("text/html") or ("", ())
