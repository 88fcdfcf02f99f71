"""What somebody may drop on the upload page instead of a good dump, and what must come of it."""

import bz2
import gzip
import json
import lzma
import tarfile
from collections.abc import Callable
from dataclasses import dataclass

import zstandard

from tests.ingest.test_bad_input import encrypted_zip, laughs, nested, outside, tar_of, zip_of

BODY = "The council voted on Monday to close the old bridge over the Ouse for eleven months."


def line(number: int = 1, **more: object) -> bytes:
    story = {"id": f"s{number}", "title": f"Story {number}", "body": f"{BODY} Report {number}.", **more}
    return json.dumps(story).encode() + b"\n"


def rss(*items: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f"{head}<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def warc(body: bytes, content_type: str = "text/html") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n" + body
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/a\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: "
    )
    return head + str(len(http)).encode() + b"\r\n\r\n" + http + b"\r\n\r\n"


@dataclass(frozen=True)
class Bad:
    """`stored` articles come of it, `codes` are what its rejected records are told.

    `says` is part of the sentence with which the whole dump is turned down: by its run or, where `refused`, by the form.
    """

    data: bytes | Callable[[], bytes]
    stored: int = 0
    codes: frozenset[str] = frozenset()
    says: str = ""
    turned_down: bool = False
    refused: bool = False
    name: str = "brought.jsonl"


def some(
    data: bytes | Callable[[], bytes], stored: int, *codes: str, name: str = "brought.jsonl", says: str = ""
) -> Bad:
    return Bad(data, stored, frozenset(codes), says, name=name)


def none(data: bytes | Callable[[], bytes], says: str, name: str = "brought.jsonl", *, refused: bool = False) -> Bad:
    return Bad(data, says=says, turned_down=True, refused=refused, name=name)


TWO = line(1) + line(2)
PAGE = b"<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>%s</article></body></html>"
PARAGRAPHS = f"<p>{BODY}</p><p>{BODY} Again.</p>".encode()
CHROME = (
    b"<html><body><nav><a href='/'>Home</a></nav><p>Advertisement</p><p>Sign up for our newsletter</p></body></html>"
)
CSV = "id,title,body\n"

BAD: dict[str, Bad] = {
    # Files that hold nothing, or no text.
    "an empty file": none(b"", "This file is empty", refused=True),
    "only blanks": none(b" \r\n\t ", "empty"),
    "only NULs": none(b"\0" * 3000, "empty"),
    "a program": none(b"MZ\x90\0\x03" + bytes(500), "a Windows program", "setup.exe"),
    "a picture": none(b"\x89PNG\r\n\x1a\n" + bytes(500), "PNG"),
    "a PDF": none(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF", "paper.pdf"),
    # Archives.
    "a zip of no bytes": none(b"", "This file is empty", "a.zip", refused=True),
    "a zip without members": none(zip_of(), "", "a.zip"),
    "a zip bomb": some(lambda: zip_of(("a.jsonl", TWO), ("b.jsonl", TWO + b" " * 60_000_000)), 2, "bomb", name="a.zip"),
    "a gzip bomb": some(lambda: gzip.compress(TWO + b" " * 60_000_000), 2, "bomb", name="a.gz"),
    "zips in zips in zips in zips": some(lambda: nested(6), 0, "nested", name="a.zip"),
    "a zip with paths that lead out": some(
        zip_of(("../../etc/a.jsonl", TWO), ("b.jsonl", line(3))), 1, "unsafe-name", name="a.zip"
    ),
    "a zip with absolute names": some(zip_of(("/etc/a.jsonl", TWO), ("b.jsonl", line(3))), 1, "unsafe-name"),
    "a zip with one name twice": some(zip_of(("a.jsonl", line(1)), ("a.jsonl", line(2))), 2, name="a.zip"),
    "an encrypted zip": some(encrypted_zip(), 0, "encrypted", name="a.zip"),
    "a zip cut off": some(zip_of(("a.jsonl", TWO), ("b.jsonl", line(3) * 20))[:-90], 3, "truncated", name="a.zip"),
    "a tar with a symbolic link": some(
        tar_of(("a", b""), type=tarfile.SYMTYPE, linkname="/etc/passwd"), 0, "unsafe-name"
    ),
    "a tar with a device": some(tar_of(("a", b""), type=tarfile.BLKTYPE), 0, "unsafe-name", name="a.tar"),
    "a gzip cut off": some(gzip.compress(TWO + line(3) * 50)[:-40], 3, "truncated", name="a.jsonl.gz"),
    "a bzip2 cut off": none(bz2.compress(TWO * 50)[:-20], "", "a.jsonl.bz2"),
    "an xz cut off": some(lzma.compress(TWO + line(3))[:-20], 3, "truncated", name="a.jsonl.xz"),
    "a zstd cut off": none(zstandard.compress(TWO * 50)[:-20], "", "a.jsonl.zst"),
    # What it says it is, and what it is.
    "a CSV called JSONL": some((CSV + f"1,One,{BODY}\n").encode(), 1),
    "a page called zip": some(PAGE % PARAGRAPHS, 1, name="a.zip"),
    "a file name of another folder": some(TWO, 2, name="../../../etc/cron.d/x.jsonl"),
    "a file name with a line end": some(TWO, 2, name="a\r\nSet-Cookie: x=1.jsonl"),
    "a file name that hides its end": some(TWO, 2, name="a\u202elnosj.exe"),
    "a file name of 300 letters": some(TWO, 2, name="a" * 300 + ".jsonl"),
    "a file name of pictures": some(TWO, 2, name="\U0001f998" * 100 + ".jsonl"),
    "a file name of markup": some(TWO, 2, name="<script>alert(1)</script>.jsonl"),
    # JSON.
    "JSON 10,000 deep": some(line(1) + b'{"a":' * 10_000 + b"}" * 10_000 + b"\n" + line(2), 2, "broken-json"),
    "JSON with NaN and Infinity": some(line(1) + b'{"title": NaN, "body": Infinity}\n', 1, "empty"),
    "a number of 5,000 digits": some(line(1) + b'{"id": ' + b"9" * 5000 + b', "title": "N", "body": "B"}\n', 2),
    "JSON of lists and scalars": some(line(1) + b'[1]\n3\n"x"\nnull\n' + line(2), 2, "not-a-record"),
    "fields of wrong kinds": some(line(1, title={"a": [1]}, date=[2020], author=7, url=False, tags={"x": None}), 1),
    "half a pair of surrogates": some(line(1, title="Half \ud83d a pair", body=f"\udc00 {BODY}"), 1),
    "NULs in text": some(line(1, title="A\0B", body=f"{BODY}\0{BODY}"), 1),
    "one line of 50 MB": some(lambda: line(1) + b'{"body": "' + b"x" * 50_000_000 + b'"}\n' + line(2), 2, "too-long"),
    "every record the same": some(line(1) * 30, 1),
    "dates before and after all news": some(
        b"".join(
            line(n, date=day) for n, day in enumerate(("9999-12-31", "0001-01-01", "1970-01-01", "31/02/2020", "-5"))
        ),
        5,
    ),
    "byte order marks in the middle": some(line(1) + b"\xef\xbb\xbf" + line(2), 2),
    "mixed line ends": some(line(1).strip() + b"\r\n" + line(2).strip() + b"\r" + line(3), 1, "broken-json"),
    # Bytes and letters.
    "invalid UTF-8": some(
        b'{"title": "Br\xfccke \xff\xfe", "body": "' + BODY.encode() + b' \x80\xc3("}\n' + line(2), 2
    ),
    "UTF-16 with a mark": some(TWO.decode().encode("utf-16"), 2),
    "UTF-16 without a mark": some(TWO.decode().encode("utf-16-le"), 2),
    "letters taken apart": some(line(1, title="Cafe\u0301 in Zu\u0308rich"), 1),
    "marks that turn the direction": some(line(1, title="\u202eegdirb\u202c \u2066x", author="\u200fA B"), 1),
    "markup and formulas in fields": some(
        line(1, title="=HYPERLINK(1)", author="<img src=x onerror=alert(1)>", url="javascript:alert(1)", section="@x"),
        1,
    ),
    # CSV.
    "a CSV without a header": some(f"1,One,{BODY}\n2,Two,{BODY}\n".encode(), 1, name="a.csv"),
    "a CSV of ragged rows": some(
        (CSV + f"1,One\n2,Two,{BODY},x,y\n3,Three,{BODY}\n").encode(), 1, "short-row", "long-row"
    ),
    "a CSV of 10,000 columns": some(
        (
            CSV.strip() + "," + ",".join(f"c{n}" for n in range(10_000)) + f"\n1,One,{BODY}" + "," * 10_000 + "\n"
        ).encode(),
        1,
        name="a.csv",
    ),
    "a CSV with NULs": some((CSV + f"1,O\0ne,{BODY}\0\n").encode(), 1, name="a.csv"),
    "a CSV of formulas": some((CSV + f"1,\"=cmd|' /C calc'!A0\",{BODY}\n").encode(), 1, name="a.csv"),
    # XML, HTML, WARC, SGML.
    "entities that multiply": some(laughs(), 1, name="a.xml"),
    "an external entity": some(outside(), 1, name="a.xml"),
    "a DTD from elsewhere": some(
        rss(
            f"<item><title>A</title><description>{BODY}</description></item>",
            head='<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x">',
        ),
        1,
        name="a.xml",
    ),
    "XML in an encoding that is none": some(
        rss(
            f"<item><title>A</title><description>{BODY}</description></item>",
            head='<?xml version="1.0" encoding="x-none"?>',
        ),
        1,
        name="a.xml",
    ),
    "a feed without items": none(rss(), "", "a.rss"),
    "HTML 10,000 deep": some(lambda: PAGE % (b"<div>" * 10_000 + PARAGRAPHS + b"</div>" * 10_000), 1, name="a.html"),
    "a page of nothing but chrome": some(CHROME, 0, "no-body", name="a.html"),
    "a WARC without pages": none(warc(b"\x89PNG", "image/png"), "", "a.warc"),
    "a WARC cut off": some(warc(PAGE % PARAGRAPHS)[:-60], 0, "truncated", name="a.warc"),
    "SGML whose stories never end": some(
        b"<!DOCTYPE lewis SYSTEM 'lewis.dtd'>\n<REUTERS NEWID='1'><TEXT><TITLE>A</TITLE><BODY>" + BODY.encode() * 3,
        0,
        "truncated",
        name="a.sgm",
    ),
}
