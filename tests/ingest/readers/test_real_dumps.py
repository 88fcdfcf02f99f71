"""Dumps as people download them: how many records each holds, and what an editor would want to see in them."""

import gzip
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.choices import ContentKind
from archive.ingest.readers import open_dump
from archive.ingest.records import RawRecord
from tests.ingest.readers.contract import bad, good, read, read_some

# Path below the real data: format, good records, rejected records by code.
COUNTS: dict[str, tuple[str, int, dict[str, int]]] = {
    "dumps/csv/BBC News Train.csv.gz": ("csv", 1490, {}),
    "dumps/csv/all-the-news_articles1_head.csv": ("csv", 1, {}),
    "dumps/csv/articles1_blank_row.csv": ("csv", 3, {"empty": 1}),
    "dumps/csv/fakenewscorpus_news_sample.csv.gz": ("csv", 250, {}),
    "dumps/csv/fnc1_train_bodies.csv.gz": ("csv", 1683, {}),
    "dumps/csv/link_list_no_text_scmp.csv": ("csv", 214, {}),
    "dumps/csv/teasers_scmp.csv": ("csv", 40, {}),
    "dumps/jsonl/News_Category_Dataset_v3_head.json": ("jsonl", 100, {}),
    "dumps/jsonl/article-bias-prediction-2000.jsonl.gz": ("jsonl", 2000, {}),
    "dumps/jsonl/feed_items_scmp.json": ("json", 20, {}),
    "html-articles/ground-truth.json": ("json", 91, {}),
    "dumps/feeds/feedjira/json_feed.json": ("json", 20, {}),
    "dumps/feeds/feedjira/FeedBurnerXHTML.xml": ("feed", 10, {}),
    "dumps/feeds/node-feedparser/intertwingly.atom": ("feed", 20, {}),
    "dumps/feeds/node-feedparser/rss2sample.xml": ("feed", 4, {}),
    "dumps/wxr/themeunittestdata.wordpress.xml.gz": ("wxr", 49, {"not-published": 2}),
    "dumps/wxr/wpimporter-small-export.xml": ("wxr", 5, {"not-published": 1}),
    "dumps/wxr/wpimporter-crazy-cdata.xml": ("wxr", 1, {}),
    "dumps/warc/constructed-news-pages.warc.gz": ("warc", 16, {}),
    "dumps/warc/resiliparse-warcfile.warc.gz": ("warc", 16, {}),
    "dumps/warc/resiliparse-clipped.warc.gz": ("warc", 0, {"truncated": 1}),
    "dumps/warc/warcio-example.arc.gz": ("warc", 1, {}),
    "dumps/warc/warcio-example-wrong-chunks.warc.gz": ("warc", 1, {}),
    "dumps/newsml-nitf/ap-nitf.xml": ("nitf", 1, {}),
    "dumps/newsml-nitf/ana1.xml": ("newsml-1", 1, {}),
    "dumps/newsml-nitf/dpa.xml": ("newsml-g2", 1, {}),
    "dumps/newsml-nitf/picture.xml": ("newsml-g2", 0, {"not-text": 1}),
    "dumps/newsml-nitf/ritzau_news.xml": ("xml", 1, {}),
    "dumps/email/charset_in_subject_email.eml": ("eml", 1, {}),
    "dumps/email/composite_email.eml": ("eml", 1, {}),
    "dumps/zip/Horne2017_FakeNewsData.zip": ("zip", 326, {}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_record_of_a_real_dump_is_accounted_for(shared_data: Path, name: str) -> None:
    expected_format, kept, rejected = COUNTS[name]
    path = shared_data / name
    records, _ = read_some(path)
    assert open_dump(path).format == expected_format
    assert len(good(records)) == kept
    assert Counter(record.code for record in bad(records)) == rejected


def one(path: Path) -> RawRecord:
    return good(read(path))[0]


def test_every_reuters_story_is_read_and_counts_agree_with_the_bytes(shared_data: Path) -> None:
    files = sorted((shared_data / "reuters21578").glob("*.sgm.gz"))
    started = time.process_time()
    records = [record for path in files for record in read(path)]
    seconds = time.process_time() - started
    data = b"".join(gzip.decompress(path.read_bytes()) for path in files)
    assert len(records) == data.count(b"<REUTERS ") == 18_000
    # Story 12793 is empty: no headline, no text.
    assert [record.code for record in bad(records)] == ["empty"]
    assert sum(1 for record in good(records) if not record.text) == data.count(b"<TEXT") - data.count(
        b"<BODY>"
    ) - data.count(b'TYPE="UNPROC"')
    assert len({record.external_id for record in good(records)}) == len(good(records))
    # The bar is 10,000 a second on an idle machine; a test must also pass on a busy one.
    assert len(records) / seconds > 3_000


def test_a_reuters_story_reads_as_the_wire_sent_it(shared_data: Path) -> None:
    story = one(shared_data / "reuters21578" / "reut2-000.sgm.gz")
    assert story.title == "BAHIA COCOA REVIEW"
    assert story.text.startswith(
        "    SALVADOR, Feb 26 - Showers continued throughout the week in\nthe Bahia cocoa zone"
    )
    assert story.published == "26-FEB-1987 15:01:01.79"
    assert (story.source, story.external_id, story.kind) == ("Reuters", "1", ContentKind.FIELDS)
    assert story.tags == ("cocoa", "el-salvador", "usa", "uruguay")


def test_no_control_character_of_the_wire_is_left_in_a_story(shared_data: Path) -> None:
    for path in sorted((shared_data / "reuters21578").glob("*.sgm.gz"))[-1:]:
        records = good(read(path))
        assert not any(re.search(r"[\x00-\x08\x0b-\x1f\x7f]|&#\d+;", record.text + record.title) for record in records)
        assert any("ü" in record.text for record in records), "byte 0xFC is read"


def test_a_headline_in_a_file_of_its_own_belongs_to_its_text(shared_data: Path) -> None:
    records = good(read(shared_data / "dumps" / "zip" / "Horne2017_FakeNewsData.zip"))
    assert all(record.title and record.text for record in records)
    assert not any("titles/" in record.locator.member for record in records)


def test_agency_xml_gives_headline_text_source_date_and_byline(shared_data: Path) -> None:
    folder = shared_data / "dumps" / "newsml-nitf"
    nitf, g2, newsml = (one(folder / name) for name in ("ap-nitf.xml", "dpa.xml", "ana1.xml"))
    assert nitf.source == "The Associated Press"
    assert nitf.byline == ("By BERNARD CONDON",)
    assert nitf.text.count("\n\n") > 15
    assert g2.text.startswith("London (dpa) - ")
    assert (g2.language, g2.external_id) == ("de", "urn:newsml:dpa.com:20090101:221011-930-4303")
    assert newsml.published == "20180404T175859+0300"
    assert newsml.standfirst.startswith("Wage employment")


def test_a_page_of_a_web_archive_carries_its_address(shared_data: Path) -> None:
    page = one(shared_data / "dumps" / "warc" / "constructed-news-pages.warc.gz")
    assert page.kind == ContentKind.HTML_PAGE
    assert page.url.startswith("https://www.wsj.com/articles/")


def test_a_wordpress_post_is_signed_with_its_authors_name_and_has_paragraphs(shared_data: Path) -> None:
    posts = good(read(shared_data / "dumps" / "wxr" / "themeunittestdata.wordpress.xml.gz"))
    post = next(post for post in posts if post.title == "Post Format: Standard")
    assert post.byline == ("Theme Buster",)
    assert post.section == "Classic"
    assert post.text.count("<p>") > 3
    assert "<!-- wp:" not in posts[0].text


def test_a_feeds_full_text_is_the_body_and_its_teaser_the_standfirst(shared_data: Path) -> None:
    entry = one(shared_data / "dumps" / "feeds" / "feedjira" / "AmazonWebServicesBlog.xml")
    assert entry.title == "AWS Job: Architect & Designer Position in Turkey"
    assert entry.text.startswith("<div><p>")
    assert entry.source == "Amazon Web Services Blog"


def test_a_subject_in_raw_bytes_is_read(shared_data: Path) -> None:
    assert (
        one(shared_data / "dumps" / "email" / "odd_charset_email.eml").title == "TravTalk’s Special for TAAI convention"
    )


def test_every_saved_page_is_read_as_html(shared_data: Path) -> None:
    for path in sorted((shared_data / "html-articles" / "html").iterdir())[:30]:
        assert one(path).kind == ContentKind.HTML_PAGE, path.name


def test_every_flattened_page_is_read_as_page_text(shared_data: Path) -> None:
    for path in sorted((shared_data / "flattened" / "raw").iterdir()):
        record = one(path)
        assert record.kind == ContentKind.PAGE_TEXT
        assert "\ufffd" not in record.text or "\ufffd" in path.read_text("utf-8", "replace")
