"""What every reader must do, and a small dump of each format to do it with. All texts are written for these tests."""

import json
from dataclasses import dataclass
from pathlib import Path

from archive.errors import DumpError
from archive.ingest.readers import Limits, ReadOptions, Record, open_dump
from archive.ingest.records import BadRecord, RawRecord

TITLES = ("Bridge reopens after storm", "Council votes on tram line", "Choir wins national prize")
BODIES = (
    "The old bridge reopened on Monday after engineers had checked every pier of it.",
    "The council voted 21 to 9 for the tram line, which is to open within four years.",
    "The town's choir won the national prize with a song that nobody had heard before.",
)


@dataclass(frozen=True)
class Sample:
    """A whole dump and how many records it holds. `cuts_noticed`: the format shows whether its end is the true one."""

    data: bytes
    records: int = 3
    cuts_noticed: bool = True


def _join(pattern: str, before: str = "", after: str = "") -> bytes:
    items = (pattern.format(n=n + 1, title=TITLES[n], body=BODIES[n]) for n in range(3))
    return (before + "".join(items) + after).encode()


def _warc() -> bytes:
    records = []
    for title, body in zip(TITLES, BODIES, strict=True):
        page = f"<html><head><title>{title}</title></head><body><p>{body}</p></body></html>"
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/story\r\n"
            "WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


def _objects() -> list[dict[str, str]]:
    return [{"id": str(n + 1), "title": TITLES[n], "body": BODIES[n]} for n in range(3)]


SAMPLES: dict[str, Sample] = {
    "warc": Sample(_warc()),
    "reuters-sgml": Sample(
        _join(
            '<REUTERS TOPICS="YES" NEWID="{n}">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>cocoa</D></TOPICS>\n'
            "<TEXT>&#2;\n<TITLE>{title}</TITLE>\n<DATELINE>    LEEDS, Feb 26 - </DATELINE><BODY>{body}\n Reuter\n&#3;"
            "</BODY></TEXT>\n</REUTERS>\n",
            '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n',
        )
    ),
    "wxr": Sample(
        _join(
            "<item><title>{title}</title><link>https://example.org/{n}</link><guid>https://example.org/?p={n}</guid>"
            "<content:encoded><![CDATA[{body}]]></content:encoded><wp:status>publish</wp:status>"
            "<wp:post_type>post</wp:post_type></item>\n",
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n'
            "<channel><title>The Leeds Courier</title>\n",
            "</channel></rss>\n",
        )
    ),
    "feed": Sample(
        _join(
            "<item><title>{title}</title><link>https://example.org/{n}</link>"
            "<content:encoded><![CDATA[<p>{body}</p>]]></content:encoded></item>\n",
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel><title>Leeds</title>\n',
            "</channel></rss>\n",
        )
    ),
    "nitf": Sample(
        f"<nitf><head><title>{TITLES[0]}</title></head><body><body.content><p>{BODIES[0]}</p></body.content></body></nitf>".encode(),
        1,
    ),
    "newsml-1": Sample(
        _join(
            "<NewsItem><Identification><NewsItemId>{n}</NewsItemId></Identification><NewsComponent><NewsLines>"
            "<HeadLine>{title}</HeadLine></NewsLines><ContentItem><DataContent><p>{body}</p></DataContent></ContentItem>"
            "</NewsComponent></NewsItem>\n",
            "<NewsML>\n",
            "</NewsML>",
        )
    ),
    "newsml-g2": Sample(
        _join(
            '<newsItem guid="urn:{n}" xml:lang="en"><contentMeta><headline>{title}</headline></contentMeta><contentSet>'
            "<inlineXML><html><body><p>{body}</p></body></html></inlineXML></contentSet></newsItem>\n",
            '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>\n',
            "</itemSet></newsMessage>",
        )
    ),
    "html-page": Sample(
        f"<!doctype html><html><head><title>{TITLES[0]}</title></head><body><p>{BODIES[0]}</p></body></html>".encode(),
        1,
        cuts_noticed=False,
    ),
    "xml": Sample(
        _join("<story><headline>{title}</headline><body>{body}</body></story>\n", "<stories>\n", "</stories>\n")
    ),
    "jsonl": Sample("".join(json.dumps(item) + "\n" for item in _objects()).encode()),
    "json": Sample(json.dumps(_objects(), indent=1).encode()),
    "csv": Sample(
        ("id,title,body\n" + "".join(f'{n + 1},{TITLES[n]},"{BODIES[n]}"\n' for n in range(3))).encode(),
        cuts_noticed=False,
    ),
    "eml": Sample(
        (
            "Received: by mail.example.org; Thu, 1 Jan 2020 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n"
            f"From: Ann Lee <ann@example.org>\r\nSubject: {TITLES[0]}\r\nDate: Thu, 1 Jan 2020 10:00:00 +0000\r\n\r\n{BODIES[0]}\r\n"
        ).encode(),
        1,
        cuts_noticed=False,
    ),
    "page-text": Sample(f"{TITLES[0]}\n\nBy Ann Lee\n\n{BODIES[0]}\n\n{BODIES[1]}\n".encode(), 1, cuts_noticed=False),
}


def read(path: Path, **options: object) -> list[Record]:
    """All records of the dump at `path`; DumpError counts as the end."""
    return list(open_dump(path, ReadOptions(**options)).records())  # type: ignore[arg-type]  # tests name real options


def read_some(
    path: Path, limits: Limits | None = None, name: str | None = None
) -> tuple[list[Record], DumpError | None]:
    """The records up to a DumpError, and that error."""
    records: list[Record] = []
    try:
        for record in open_dump(path, ReadOptions(format=name, limits=limits or Limits())).records():
            records.append(record)
    except DumpError as error:
        return records, error
    return records, None


def good(records: list[Record]) -> list[RawRecord]:
    return [record for record in records if isinstance(record, RawRecord)]


def bad(records: list[Record]) -> list[BadRecord]:
    return [record for record in records if isinstance(record, BadRecord)]


def essence(record: RawRecord) -> tuple[str, str, str]:
    """What makes a record the same record in another container."""
    return record.title, record.text, record.external_id
