"""Whatever the bytes: no reader raises anything but DumpError, none hangs, and a cut costs only what was cut."""

import gzip
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ingest.readers import FORMATS, Limits
from tests.ingest.readers.contract import SAMPLES, essence, good, read_some

LIMITS = Limits(record_bytes=200_000, total_bytes=5_000_000, bomb_floor=100_000)
NAMES = [fmt.name for fmt in FORMATS if fmt.name != "parquet"]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return tmp_path / "dump.dat"


def check(path: Path, data: bytes, name: str | None = None) -> None:
    path.write_bytes(data)
    records, error = read_some(path, LIMITS, name)
    numbers = [record.locator.number for record in records]
    assert error is None or (error.code and error.reason.startswith("dump.dat: "))
    assert numbers == list(range(1, len(numbers) + 1))


@quick
@given(data=st.binary(max_size=3_000))
def test_arbitrary_bytes(dump: Path, data: bytes) -> None:
    check(dump, data)


@quick
@given(data=st.binary(max_size=2_000), name=st.sampled_from(NAMES))
def test_arbitrary_bytes_read_as_a_format_that_they_are_not(dump: Path, data: bytes, name: str) -> None:
    check(dump, data, name)


# Pieces of all formats' syntax, so that what is made of them gets past the first line of a reader.
PIECES = (
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\r\n", b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\t", b";"),
    *(b'{"title": "A"}\n', b'"body": "x"', b"id,title,body\n", b'1,"a\n', b"<![CDATA[", b"]]>", b"&amp;", b"&#0;"),
    *(b"<REUTERS ", b">", b"</REUTERS>", b"<TITLE>", b"<BODY>", b"</BODY>", b"<item>", b"</item>", b"<rss>", b"<feed>"),
    *(b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"<?xml version='1.0' encoding='utf-7'?>", b"<nitf>", b"</nitf>", b"<p>"),
    *(b"WARC/1.0\r\n", b"Content-Length: 5\r\n", b"WARC-Type: response\r\n", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n"),
    *(
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"\x1f\x8b\x08",
        b"BZh91AY&SY",
        b"\xfd7zXZ\x00",
        b"\x28\xb5\x2f\xfd",
    ),
)


@settings(quick, max_examples=150)
@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=60), name=st.sampled_from([None, *NAMES])
)
def test_bytes_made_of_pieces_of_all_formats(dump: Path, pieces: list[bytes], name: str | None) -> None:
    check(dump, b"".join(pieces), name)


@settings(quick, max_examples=200)
@given(
    name=st.sampled_from(NAMES),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 5)), min_size=1, max_size=5),
    packed=st.booleans(),
)
def test_good_dumps_with_a_few_bytes_changed(
    dump: Path, name: str, changes: list[tuple[float, bytes, int]], packed: bool
) -> None:
    data = gzip.compress(SAMPLES[name].data, mtime=0) if packed else SAMPLES[name].data
    for where, new, dropped in changes:
        at = int(where * len(data))
        data = data[:at] + new + data[at + dropped :]
    check(dump, data)


HOSTILE = {
    "unclosed tags": b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item>" + b"<title>" * 30_000,
    "unclosed CDATA": b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><item><title>"
    + b"<![CDATA[" * 20_000
    + b"</title></item>",
    "unclosed block comments": b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><item><content:encoded>"
    + b"<!-- wp:" * 20_000
    + b"</content:encoded></item>",
    "unclosed stories": b"<REUTERS >" * 20_000,
    "unclosed story fields": b"<REUTERS ><TITLE>" + b"<D><TOPICS><BODY>" * 10_000 + b"</REUTERS>",
    "a long story attribute": b"<REUTERS " + b"A" * 190_000 + b"></REUTERS>",
    "doctypes": b"<nitf>" + b"<!DOCTYPE [" * 15_000,
    "deep XML": b"<nitf>" + b"<p>" * 60_000,
    "comments": b"<!--" * 40_000,
    "meta tags": b"<html>" + b"<meta " * 30_000,
    "quotes in CSV": b"id,title,body\n" + b'1,"' * 60_000,
    "unclosed quotes by the line": b"id,title,body\n" + b'1,"a,b\n' * 20_000,
    "nested JSON": b'{"a":' * 38_000,
    "brackets by the line": b"[[\n" * 60_000,
    "escapes": b'[{"title": "' + b'\\"' * 90_000,
    "a list of authors that never ends": b'{"title": "a", "authors": "[\'' + b"\\\\'" * 40_000 + b']"}\n',
    "a line of zeros": b"[" + b"0" * 190_000,
    "commas": b"[" + b"," * 190_000,
    "nested mail": b"MIME-Version: 1.0\nFrom: a\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)),
    "encoded words": b"MIME-Version: 1.0\nSubject: " + b"=?utf-8?q?a?=" * 15_000 + b"\n\ntext",
    "feed entries": b"<feed>" + b"<entry>" * 3_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_no_longer_than_its_length_deserves(dump: Path, name: str) -> None:
    started = time.process_time()
    check(dump, HOSTILE[name])
    assert time.process_time() - started < 5.0


CUTS, FEW_CUTS, WHOLE = 50, 8, 100_000
"""An archive is read whole each time, hundreds of files: it is cut less often."""
REAL = (
    "reuters21578/reut2-000.sgm.gz",
    "dumps/csv/fakenewscorpus_news_sample.csv.gz",
    "dumps/csv/teasers_scmp.csv",
    "dumps/jsonl/News_Category_Dataset_v3_head.json",
    "dumps/jsonl/feed_items_scmp.json",
    "dumps/warc/constructed-news-pages.warc.gz",
    "dumps/wxr/themeunittestdata.wordpress.xml.gz",
    "dumps/feeds/feedjira/AmazonWebServicesBlog.xml",
    "dumps/newsml-nitf/ap-nitf.xml",
    "dumps/newsml-nitf/ana1.xml",
    "dumps/newsml-nitf/dpa.xml",
    "dumps/zip/Horne2017_FakeNewsData.zip",
)


@pytest.mark.parametrize("name", REAL)
def test_a_real_dump_cut_at_random_places_loses_only_the_record_that_was_cut(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    data = (shared_data / name).read_bytes()
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    if not name.endswith(".zip"):
        data = data[:WHOLE]
    path = tmp_path / "whole.dat"
    path.write_bytes(data)
    whole = good(read_some(path)[0])
    chance = random.Random(name)
    for cut in sorted(chance.randrange(1_000, len(data)) for _ in range(FEW_CUTS if name.endswith(".zip") else CUTS)):
        path.write_bytes(data[:cut])
        records, error = read_some(path)
        kept = [essence(record) for record in good(records)]
        if name.endswith(".csv") or ".csv." in name:
            kept.pop()  # a row may be cut within its last cell, which nothing shows
        expected = [essence(record) for record in whole]
        if name.endswith(".zip"):  # its headlines are files of their own, and may be what was cut
            kept, expected = [("", *each[1:]) for each in kept], [("", *each[1:]) for each in expected]
        assert kept == expected[: len(kept)]
        ends = [
            one.locator.offset + one.locator.length
            for one in whole
            if one.locator.offset is not None and one.locator.length
        ]
        if not name.endswith(".zip"):
            assert len(kept) >= sum(end <= cut for end in ends) - (".csv" in name)
        # Between two records there is nothing to lose, and so nothing that shows the cut.
        between = any(not data[min(end, cut) : max(end, cut)].strip() for end in ends)
        assert error or len(records) > len(kept) or len(kept) == len(whole) or ".csv" in name or between
