"""A real sample of each format goes into the archive whole: read, cleaned and stored, with the counts that are known."""

from pathlib import Path

import pytest

from archive.models import Article, IngestRun
from tests.ingest.support import LONG, counts, ingest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

SAMPLES: dict[str, tuple[str, dict[str, int]]] = {
    "dumps/csv/all-the-news_articles1_head.csv": ("csv", {"stored": 1}),
    "dumps/jsonl/feed_items_scmp.json": ("json", {"stored": 20}),
    "dumps/feeds/feedjira/json_feed.json": ("json", {"stored": 20}),
    "dumps/feeds/node-feedparser/rss2sample.xml": ("feed", {"stored": 4}),
    "dumps/feeds/node-feedparser/intertwingly.atom": ("feed", {"stored": 20}),
    "dumps/wxr/wpimporter-small-export.xml": ("wxr", {"stored": 5, "rejected": 1}),
    "dumps/warc/pywb-example-wget-1-14.warc.gz": ("warc", {"stored": 1}),
    "dumps/newsml-nitf/ap-nitf.xml": ("nitf", {"stored": 1}),
    "dumps/newsml-nitf/ana1.xml": ("newsml-1", {"stored": 1}),
    "dumps/newsml-nitf/dpa.xml": ("newsml-g2", {"stored": 1}),
    "dumps/email/composite_email.eml": ("eml", {"stored": 1}),
}


def test_a_real_sample_of_each_format_is_stored_with_the_counts_that_are_known(shared_data: Path) -> None:
    found = {}
    for name in SAMPLES:
        report = ingest(shared_data / name)
        assert report.status == "done"
        found[name] = (report.format, counts(report))
    assert found == SAMPLES
    assert Article.objects.count() == sum(each.get("stored", 0) for _, each in SAMPLES.values())
    assert IngestRun.objects.count() == len(SAMPLES)


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://ouse.example/"><title>Ouse Times</title>'
    '<items><rdf:Seq><rdf:li rdf:resource="https://ouse.example/1"/><rdf:li rdf:resource="https://ouse.example/2"/>'
    "</rdf:Seq></items></channel>{}</rdf:RDF>"
)
ITEM = (
    '<item rdf:about="https://ouse.example/{n}"><title>Story {n}</title><link>https://ouse.example/{n}</link>'
    "<description>{text}</description><dc:date>2019-11-0{n}T10:00:00Z</dc:date></item>"
)
MEDIA_CLOUD = (
    "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url\n"
    "1,2019-11-0{n} 10:00:00,Story {n},https://ouse.example/{n},en,False,,1,Ouse Times,https://ouse.example\n"
)
WRITTEN = {
    "rss10.rdf": (RDF.format("".join(ITEM.format(n=n, text=f"{LONG} {n}") for n in (1, 2))), "feed", 2),
    "stories.tsv": (
        "id\ttitle\ttext\tdate\n" + "".join(f"{n}\tStory {n}\t{LONG} {n}\t2019-11-0{n}\n" for n in (1, 2, 3)),
        "csv",
        3,
    ),
    "mediacloud.csv": (MEDIA_CLOUD.format(n=1), "csv", 1),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_formats_without_a_sample_here_are_stored_without_configuration(tmp_path: Path, name: str) -> None:
    text, format_name, stored = WRITTEN[name]
    (tmp_path / name).write_text(text)
    report = ingest(tmp_path / name)
    assert (report.format, counts(report)) == (format_name, {"stored": stored})
    first = Article.objects.order_by("pk").first()
    assert first is not None
    assert (first.title, str(first.published_on)) == ("Story 1", "2019-11-01")
    assert first.source.name in ("Ouse Times", "ouse-times", "Ouse-Times")
