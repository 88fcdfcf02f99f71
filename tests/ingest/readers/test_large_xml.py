"""Feeds and agency XML larger than a record may be are read item by item."""

from pathlib import Path

import pytest

from archive.ingest.readers import Limits, ReadOptions, open_dump
from archive.ingest.readers.base import Record
from archive.ingest.records import BadRecord, RawRecord

LIMITS = Limits(record_bytes=5_000)
TEXT = "The bridge over the Ouse opened again on Monday, after eleven months of work on its piers. " * 8

RSS_ITEM = "<item><guid>{n}</guid><title>Story {n} & more</title><description><![CDATA[<p>{text}{n}</p>]]></description></item>\n"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Ouse Times</title>\n', RSS_ITEM, "</channel></rss>"
ATOM_ITEM = '<a:entry><a:id>{n}</a:id><a:title>Story {n}</a:title><a:content type="html">&lt;p&gt;{text}{n}&lt;/p&gt;</a:content></a:entry>\n'
ATOM = '<?xml version="1.0"?><a:feed xmlns:a="http://www.w3.org/2005/Atom">\n', ATOM_ITEM, "</a:feed>"
G2_ITEM = (
    '<newsItem guid="{n}"><itemMeta><itemClass qcode="ninat:text"/></itemMeta><contentMeta><headline>Story {n}</headline>'
    "</contentMeta><contentSet><inlineXML><html><body><p>{text}{n}</p></body></html></inlineXML></contentSet></newsItem>\n"
)
G2 = (
    '<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>\n',
    G2_ITEM,
    "</itemSet></newsMessage>",
)
FORMATS = {"feed": RSS, "atom": ATOM, "newsml-g2": G2}


def document(parts: tuple[str, str, str], count: int = 40) -> bytes:
    head, item, tail = parts
    return (head + "".join(item.format(n=n, text=TEXT) for n in range(count)) + tail).encode()


def read(path: Path, limits: Limits) -> list[Record]:
    return list(open_dump(path, ReadOptions(limits=limits)).records())


@pytest.mark.parametrize("name", FORMATS)
def test_a_large_document_gives_the_same_records_as_one_that_is_loaded_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "large.xml"
    path.write_bytes(document(FORMATS[name]))
    whole, cut = read(path, Limits()), read(path, LIMITS)
    assert all(isinstance(record, RawRecord) for record in whole)
    assert len(whole) == 40
    assert cut == whole


def test_an_item_over_the_limit_and_one_that_is_cut_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    head, item, _ = RSS
    long = item.format(n=1, text=TEXT * 10)
    whole = [item.format(n=n, text=TEXT) for n in (0, 2, 3, 4, 5, 6, 7)]
    path.write_text(f"{head}{whole[0]}{long}{''.join(whole[1:])}{item.format(n=9, text=TEXT)[:300]}")
    records = read(path, LIMITS)
    assert [record.code if isinstance(record, BadRecord) else record.external_id for record in records] == [
        *("0", "too-long", "2", "3", "4", "5", "6", "7", "truncated"),
    ]


def test_a_large_document_without_items_is_rejected_and_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.write_text(f"{RSS[0]}<description>{TEXT * 50}</description></channel></rss>")
    (record,) = read(path, LIMITS)
    assert isinstance(record, BadRecord)
    assert record.code == "too-long"
