"""What people bring instead of a good dump, and what they are told: a code, and a sentence that names file and place."""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ftfy  # noqa: F401 - registers the "sloppy" codecs
import pytest

from archive.ingest.readers import Limits
from tests.ingest.readers.contract import SAMPLES, bad, good, read_some

LINE = b'{"title": "A", "body": "One line of text."}\n'
SMALL = Limits(record_bytes=100_000, bomb_floor=500_000, total_bytes=20_000_000, entries=20)


def zip_of(*entries: tuple[str, bytes], attributes: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = attributes << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def tar_of(*entries: tuple[str, bytes], **header: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in header.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(zip_of(("a.txt", b"hidden text")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def nested(levels: int) -> bytes:
    data = LINE
    for level in range(levels):
        data = zip_of((f"{level}.zip" if level else "a.jsonl", data))
    return data


def laughs(root: str = "rss") -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    item = "<item><title>Ha &l9;</title><description>So funny</description></item>"
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{entities}]><rss><channel>{item}</channel></rss>'.encode()


def outside() -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><head><title>T &x;</title>'
        b"</head><body><body.content><p>Read &x; here</p></body.content></body></nitf>"
    )


@dataclass(frozen=True)
class Case:
    """`kept` good records must come out, and `code` must be what somebody is told (of a record or of the dump)."""

    data: bytes | Callable[[], bytes]
    code: str
    kept: int = 0
    limits: Limits = SMALL


REUTERS = SAMPLES["reuters-sgml"].data
CSV = b"id,title,body\n1,One,Text one\n"

CASES: dict[str, Case] = {
    "empty file": Case(b"", "empty"),
    "only blanks": Case(b" \n\t\r\n ", "empty"),
    "only a byte order mark": Case(b"\xef\xbb\xbf\n", "empty"),
    "only NULs": Case(b"\x00" * 500, "empty"),
    "gzip of nothing": Case(gzip.compress(b""), "empty"),
    "a PDF": Case(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "binary"),
    "a PNG": Case(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    "a JPEG": Case(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "binary"),
    "an old Word document": Case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "binary"),
    "a program": Case(b"\x7fELF\x02\x01\x01" + b"\x00" * 100, "binary"),
    "an SQLite database": Case(b"SQLite format 3\x00\x10\x00" + b"\x00" * 100, "binary"),
    "random bytes": Case(bytes((n * 7919 + n // 3) % 256 for n in range(5_000)), "binary"),
    "XML of another kind": Case(b"<?xml version='1.0'?><invoice><sum>12</sum></invoice>", "unknown-format"),
    "a broken JSON line between good ones": Case(LINE + b'{"title": "B", "body": \n' + LINE, "broken-json", kept=2),
    "a JSON line that is a list": Case(LINE + b"[1, 2]\n" + LINE, "not-a-record", kept=2),
    "a JSON line cut at the end of the file": Case(LINE + LINE[:25], "broken-json", kept=1),
    "a JSON line without any known field": Case(LINE + b'{"price": 3}\n' + LINE, "empty", kept=2),
    "JSON nested 10,000 deep": Case(LINE + b'{"a":' * 10_000 + b"}" * 10_000 + b"\n" + LINE, "broken-json", kept=2),
    "a JSON array nested 10,000 deep": Case(
        b'[{"title":"A"},' + b"[" * 10_000 + b"]" * 10_000 + b"]", "broken-json", kept=1
    ),
    "one enormous line": Case(lambda: LINE + b'{"body": "' + b"x" * 300_000 + b'"}\n' + LINE, "too-long", kept=2),
    "an enormous JSON element": Case(
        lambda: b'[{"title":"A"},{"body":"' + b"x" * 300_000 + b'"},{"title":"B"}]', "too-long", kept=2
    ),
    "a JSON array that never ends": Case(b'[{"title":"A"},{"title":"B"}', "truncated", kept=2),
    "a JSON array cut within a record": Case(b'[{"title":"A"},{"title":"B', "truncated", kept=1),
    "a broken element in a JSON array": Case(b'[{"title":"A"},{"title":,},{"title":"C"}]', "broken-json", kept=2),
    "an empty JSON array": Case(b"[]", "no-records"),
    "a JSON document without articles": Case(b'{"users": [{"age": 3}], "n": 1}', "no-records"),
    "a CSV row too short": Case(CSV + b"2,Two\n3,Three,Text three\n", "short-row", kept=2),
    "a CSV row too long": Case(CSV + b"2,Two,Text, with comma\n3,Three,Text three\n", "long-row", kept=2),
    "a CSV quotation mark never closed": Case(
        CSV + b'2,"Two,Text two\n3,Three,Text three\n4,Four,Text four\n', "broken-csv", kept=3
    ),
    "a CSV of a header alone": Case(b"id,title,body\n", "no-records"),
    "an enormous CSV field": Case(lambda: CSV + b'2,Two,"' + b"x" * 300_000 + b'"\n3,Three,Text\n', "too-long", kept=2),
    "a CSV row without a text": Case(CSV + b"2,,\n3,Three,Text\n", "empty", kept=2),
    "an SGML file cut off": Case(REUTERS[:-40], "truncated", kept=2),
    "an SGML story without its end": Case(REUTERS.replace(b"</REUTERS>", b"", 1), "truncated", kept=2),
    "an enormous SGML story": Case(lambda: REUTERS.replace(b"The old", b"x" * 300_000, 1), "too-long", kept=2),
    "an enormous text": Case(lambda: b"word " * 50_000, "too-long"),
    "an enormous HTML page": Case(lambda: b"<html><body>" + b"word " * 50_000, "too-long"),
    "gzip cut off": Case(gzip.compress(LINE * 2 + bytes(range(32, 127)) * 20, mtime=0)[:-12], "truncated", kept=2),
    "gzip cut within its header": Case(gzip.compress(LINE)[:8], "truncated"),
    "gzip with a wrong checksum": Case(gzip.compress(LINE * 3)[:-8] + b"\x00" * 8, "damaged", kept=3),
    "gzip corrupt in the middle": Case(gzip.compress(LINE)[:10] + b"\xff" * 40, "damaged"),
    "bzip2 cut off": Case(bz2.compress(LINE * 50)[:-20], "truncated"),
    "xz cut off": Case(lzma.compress(LINE * 50)[:-20], "truncated", kept=50),
    "a gzip bomb": Case(lambda: gzip.compress(LINE * 100 + b" " * 15_000_000), "bomb", kept=100),
    "compressed three times over": Case(gzip.compress(gzip.compress(gzip.compress(LINE))), "nested"),
    "a zip bomb": Case(
        lambda: zip_of(("a.jsonl", LINE), ("b.jsonl", LINE + b"\n" * 5_000_000), ("c.jsonl", LINE)), "bomb", kept=3
    ),
    "more than the total limit": Case(
        lambda: zip_of(*((f"{n}.txt", struct.pack(">Q", n).hex().encode() * 200_000) for n in range(9))),
        "too-large",
        limits=Limits(total_bytes=20_000_000, bomb_ratio=100_000),
        kept=6,
    ),
    "a zip with a name that leads out": Case(
        zip_of(("../../etc/a.jsonl", LINE), ("b.jsonl", LINE)), "unsafe-name", kept=1
    ),
    "a zip with an absolute name": Case(zip_of(("/etc/a.jsonl", LINE), ("b.jsonl", LINE)), "unsafe-name", kept=1),
    "a zip with a Windows path": Case(zip_of(("C:\\a.jsonl", LINE), ("b.jsonl", LINE)), "unsafe-name", kept=1),
    "a zip with a symbolic link": Case(zip_of(("a.txt", b"/etc/passwd"), attributes=0o120777), "unsafe-name"),
    "an encrypted zip": Case(encrypted_zip(), "encrypted"),
    "a zip cut off": Case(zip_of(("a.jsonl", LINE), ("b.jsonl", LINE * 9))[:-60], "truncated", kept=10),
    "an empty zip": Case(zip_of(), "no-records"),
    "a zip with a picture in it": Case(
        zip_of(("a.jsonl", LINE), ("b.png", b"\x89PNG\r\n\x1a\n\x00\x00")), "binary", kept=1
    ),
    "a zip with an empty file": Case(zip_of(("a.jsonl", LINE), ("b.txt", b"")), "empty", kept=1),
    "a Word document": Case(zip_of(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")), "binary"),
    "a zip of too many files": Case(zip_of(*((f"{n}.jsonl", LINE) for n in range(30))), "too-many-files", kept=20),
    "a zip in a zip in a zip": Case(nested(3), "nested"),
    "a tar with a name that leads out": Case(tar_of(("../a.jsonl", LINE)), "unsafe-name"),
    "a tar with a symbolic link": Case(tar_of(("a", b""), type=tarfile.SYMTYPE, linkname="/etc/passwd"), "unsafe-name"),
    "a tar with a hard link": Case(tar_of(("a", b""), type=tarfile.LNKTYPE, linkname="/etc/passwd"), "unsafe-name"),
    "a tar with a device": Case(tar_of(("a", b""), type=tarfile.CHRTYPE), "unsafe-name"),
    "a tar cut off": Case(tar_of(("a.jsonl", LINE), ("b.jsonl", LINE * 100))[:2_500], "truncated", kept=1),
    "entities that multiply, in a feed": Case(laughs(), "", kept=1),
    "a feed cut off": Case(SAMPLES["feed"].data[:-70], "truncated", kept=2),
    "a feed that is no XML": Case(b"<rss><channel><<<<", "broken-xml"),
    "an external entity": Case(outside(), "", kept=1),
    "a NITF document cut off": Case(SAMPLES["nitf"].data[:-30], "truncated"),
    "a NewsML package": Case(b'<packageItem guid="a"><contentMeta/></packageItem>', "not-text"),
    "a WordPress export cut off": Case(SAMPLES["wxr"].data[:-120], "truncated", kept=2),
    "a draft in a WordPress export": Case(
        SAMPLES["wxr"].data.replace(b">publish<", b">draft<", 1), "not-published", kept=2
    ),
    "a WARC cut off": Case(SAMPLES["warc"].data[:-30], "truncated", kept=2),
    "a WARC of nonsense": Case(b"WARC/1.0\r\nContent-Length: many\r\n\r\nabc", "no-records"),
    "a WARC page compressed as nobody knows": Case(
        SAMPLES["warc"]
        .data.replace(b"text/html; charset=utf-8", b"text/html\r\nContent-Encoding: br", 1)
        .replace(b"Content-Length: 214", b"Content-Length: 222", 1),
        "unreadable",
        kept=2,
    ),
    "an SQL dump": Case(b"-- MySQL dump 10.13\nCREATE TABLE a (b int);\n", "unknown-format"),
    "a WARC header without end": Case(lambda: b"WARC/1.0\r\nX: " + b"x" * 3_000_000, "broken-warc"),
}


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_bad_input_is_named_and_costs_only_itself(tmp_path: Path, name: str, case: Case) -> None:
    path = tmp_path / "brought.dat"
    path.write_bytes(case.data if isinstance(case.data, bytes) else case.data())
    records, error = read_some(path, case.limits)
    problems = [(record.code, record.reason) for record in bad(records)] + (
        [(error.code, error.reason)] if error else []
    )
    assert len(good(records)) == case.kept, problems
    assert {code for code, _ in problems} == ({case.code} if case.code else set()), problems
    assert [record.locator.number for record in records] == list(range(1, len(records) + 1))
    for record in bad(records):
        assert record.reason.startswith("brought.dat, ")
        assert len(record.excerpt) <= 2_000


def test_a_cut_within_a_file_of_an_archive_is_told_once(tmp_path: Path) -> None:
    big = SAMPLES["page-text"].data * 40
    for data in (
        tar_of(("a.txt", b"Whole."), ("b.txt", big))[:3_000],
        zip_of(("a.txt", b"Whole."), ("b.txt", big))[:200],
    ):
        path = tmp_path / "cut"
        path.write_bytes(data)
        records, error = read_some(path)
        assert error is None
        assert [(record.locator.member, getattr(record, "code", "")) for record in records] == [
            ("a.txt", ""),
            ("b.txt", "truncated"),
        ]


def test_a_rejected_line_says_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(LINE * 16 + b'{"title": \n' + LINE)
    records, _ = read_some(path)
    (rejected,) = bad(records)
    assert rejected.locator.number == 17
    assert rejected.locator.line == 17
    assert rejected.locator.offset == 16 * len(LINE)
    assert f"news.jsonl, line 17, byte {16 * len(LINE)}: the line is not valid JSON" in rejected.reason
    assert rejected.excerpt == b'{"title": '


def test_an_entity_is_never_expanded_and_never_read_from_a_file(tmp_path: Path) -> None:
    for number, data in enumerate((laughs(), outside())):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(data)
        (record,) = good(read_some(path)[0])
        assert "lollol" not in record.title + record.text
        assert "root:" not in record.title + record.text


def test_a_fifty_megabyte_line_is_rejected_and_the_lines_after_it_are_read(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        file.write(LINE + b'{"body": "')
        for _ in range(50):
            file.write(b"x" * 1024 * 1024)
        file.write(b'"}\n' + LINE)
    records, error = read_some(path)
    assert error is None
    assert [type(record).__name__ for record in records] == ["RawRecord", "BadRecord", "RawRecord"]
    assert "50 MB long (limit 32 MB)" in bad(records)[0].reason


def test_latin_1_declared_as_utf_8_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(
        '<html><head><meta charset="utf-8"></head><body><p>Müller and Söhne in Köln</p></body>'.encode("latin-1")
    )
    (record,) = good(read_some(path)[0])
    assert "Müller and Söhne in Köln" in record.text
    assert any("declared utf-8" in note for note in record.notes)


def test_utf_8_declared_as_latin_1_is_read_as_utf_8_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "wire.xml"
    title = "Décès d’une actrice"
    path.write_bytes(
        f'<?xml version="1.0" encoding="iso-8859-1"?><nitf><head><title>{title}</title></head><body><body.content>'
        "<p>Text</p></body.content></body></nitf>".encode()
    )
    (record,) = good(read_some(path)[0])
    assert record.title == title
    assert record.notes == ("declared iso-8859-1, read as utf-8",)


def test_mixed_encodings_in_one_dump_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    first, second = (
        '{"title": "Zürich", "body": "Ein Café in Zürich öffnet."}\n'.encode(code) for code in ("utf-8", "cp1252")
    )
    path.write_bytes(first + second)
    assert [record.title for record in good(read_some(path)[0])] == ["Zürich", "Zürich"]


def test_a_stray_byte_does_not_spoil_the_utf_8_around_it(tmp_path: Path) -> None:
    path = tmp_path / "stray.txt"
    path.write_bytes("Žluťoučký kůň – ďábelské ódy. M".encode() + b"\xfc" + "ller sagt: „Straße“.".encode())
    (record,) = good(read_some(path)[0])
    assert record.text == "Žluťoučký kůň – ďábelské ódy. Müller sagt: „Straße“."
    assert record.notes == ("stray bytes in UTF-8, read as cp1252: 1",)


def test_the_encoding_of_a_dump_is_not_guessed_anew_for_each_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    lines = "".join(f"{n},Москва сегодня {n},В городе открыли новый мост через реку\n" for n in range(5_000))
    path.write_bytes(("id,title,body\n" + lines).encode("cp1251"))
    started = time.process_time()
    records = good(read_some(path)[0])
    assert time.process_time() - started < 4
    assert records[0].title == "Москва сегодня 0"
    assert records[-1].title == "Москва сегодня 4999"


def test_mojibake_is_undone_and_curly_quotes_stay(tmp_path: Path) -> None:
    path = tmp_path / "moji.jsonl"
    curly = "The “best café” in town isn’t cheap – it’s déjà vu"
    broken = curly.encode().decode("sloppy-windows-1252")
    path.write_text(json.dumps({"title": broken, "body": curly}) + "\n", "utf-8")
    (record,) = good(read_some(path)[0])
    assert record.title == curly
    assert record.text == curly
    assert any("mojibake" in note for note in record.notes)


def test_nuls_and_half_surrogates_are_left_out_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "nul.jsonl"
    path.write_bytes(b'{"title": "A\\u0000B", "body": "half \\ud83d a pair"}\n')
    (record,) = good(read_some(path)[0])
    assert record.title == "AB"
    record.text.encode("utf-8")
    assert any("NUL" in note for note in record.notes)


def test_a_page_that_declares_utf_16_and_is_not_is_read_as_browsers_do(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes('<html><meta charset="utf-16"><p>Müller in Köln</p></html>'.encode())
    assert "Müller in Köln" in good(read_some(path)[0])[0].text


def test_a_page_that_declares_a_code_that_is_no_encoding_is_read(tmp_path: Path) -> None:
    for label in ("punycode", "unicode_escape", "hex", "no-such-thing", "utf-7"):
        path = tmp_path / "page.html"
        path.write_bytes(f'<html><meta charset="{label}"><p>M\xfcller in K\xf6ln +ADw-</p></html>'.encode("latin-1"))
        assert "Müller in Köln +ADw-" in good(read_some(path)[0])[0].text


def test_utf_16_is_read_in_every_format_that_is_read_by_lines(tmp_path: Path) -> None:
    for name, encoding in (
        ("jsonl", "utf-16"),
        ("csv", "utf-16-le"),
        ("json", "utf-32"),
        ("reuters-sgml", "utf-16-be"),
    ):
        path = tmp_path / name
        path.write_bytes(SAMPLES[name].data.decode().replace("bridge", "Brücke").encode(encoding))
        records, error = read_some(path)
        assert error is None
        assert len(good(records)) == len(records) == 3, name
        assert "Brücke" in good(records)[0].text
        assert records[0].locator.offset is None, "the offset would be one in other bytes"


def test_a_missing_final_newline_and_a_byte_order_mark_in_the_middle_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bom.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + LINE + b"\xef\xbb\xbf" + LINE + LINE.rstrip())
    records, _ = read_some(path)
    assert len(good(records)) == len(records) == 3


def test_a_folder_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    _, error = read_some(tmp_path / "absent.jsonl")
    assert error is not None
    assert error.code == "unreadable"
    assert "absent.jsonl" in error.reason
