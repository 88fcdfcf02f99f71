"""The sample's own pages, which carry every trait of scraped ones: what cleaning must make of each."""

from pathlib import Path

import pytest

from archive.choices import LinePlace
from archive.ingest.cleaning import clean
from archive.ingest.cleaning.rules import ALL_RULES
from archive.ingest.readers import open_dump
from archive.ingest.records import CleanArticle, RawRecord

PAGES = Path(__file__).parents[3] / "sample" / "pages"


def cleaned(name: str) -> CleanArticle:
    (record,) = open_dump(PAGES / name).records()
    assert isinstance(record, RawRecord)
    return clean(record)


@pytest.mark.parametrize(
    ("name", "title", "byline", "day", "paragraphs"),
    [
        ("ellery-post-ferry.html", "Ferry to Saint Orran sails again after eleven years", ("Nora Whitlock",), "2024-04-15", 7),
        ("ellery-post-bridge.html", "Old swing bridge to close for the winter", ("Samuel Adeyemi",), "2024-10-02", 7),
        ("ellery-post-fog-week.html", "Seven things to do in Fog Week", ("Nora Whitlock", "Pia Castellane"), "2023-11-06", 10),
        ("courier-herring.html", "Herring fleet stays in port over fuel price", ("Alice Thornbury",), "2008-03-09", 5),
        ("courier-library.html", "Library that lent no books for a year reopens", ("LEO HARGREAVE",), "2019-05-21", 5),
        ("northline-budget.html", "Brandt asks Lowmere for two years to mend the roads", ("Idris Malloch",), "2025-02-11", 6),
        ("northline-outage.html", "Swan blamed for six-hour outage", (), "", 5),
    ],
)  # fmt: skip
def test_a_page_of_the_sample_becomes_its_article(name, title, byline, day, paragraphs):
    article = cleaned(name)
    date = article.published.value if article.published else None
    found = (article.title, article.byline, date.date().isoformat() if date else "", len(article.paragraphs))
    assert found == (title, byline, day, paragraphs)


@pytest.mark.parametrize(
    ("name", "title", "day", "paragraphs"),
    [
        ("tidewater-seagrass.txt", "‘Meadows under water’: the women who replant the seagrass of Kestrel Sound", "2022-06-18", 8),
        ("tidewater-interview.txt", "‘A map is an argument’: five questions for Beatrix Lindqvist", "2025-02-03", 11),
        ("lantern-mine.txt", "Two trapped miners found alive at Coldharrow after five days", "2016-08-27", 4),
        ("lantern-tram.txt", "Tram drivers of Lowmere end strike after night of talks", "2021-06-03", 5),
    ],
)  # fmt: skip
def test_a_flattened_page_of_the_sample_becomes_its_article(name, title, day, paragraphs):
    article = cleaned(name)
    date = article.published.value if article.published else None
    found = (article.title, date.date().isoformat() if date else "", len(article.paragraphs))
    assert found == (title, day, paragraphs)


def test_no_furniture_of_the_sample_is_left_in_a_story():
    furniture = ("Advertisement", "Facebook", "Sign up", "Read more", "cookies", "Related articles", "Comments", "©")
    for path in sorted(PAGES.glob("*.html")):
        text = "\n".join(cleaned(path.name).paragraphs)
        assert [word for word in furniture if word in text] == [], path.name


def test_a_caption_that_the_page_prints_twice_is_kept_once_with_its_credit():
    (caption,) = cleaned("ellery-post-ferry.html").captions
    assert caption.text.startswith("The Margaret Bell leaves Port Ellery")
    assert caption.credit == "Tom Ashdown/The Ellery Post"


def test_a_standfirst_in_the_head_of_the_page_is_not_a_paragraph():
    article = cleaned("ellery-post-ferry.html")
    assert article.standfirst.startswith("Islanders who crossed by fishing boat")
    assert article.standfirst not in article.paragraphs


def test_a_social_title_is_an_alternative_to_the_headline():
    alternatives = cleaned("ellery-post-bridge.html").alternative_titles
    assert alternatives == ("Five months without a bridge: what Port Ellery drivers need to know",)


def test_every_rule_that_cut_a_line_of_the_sample_is_one_that_editors_can_read_about():
    known = {rule.name for rule in ALL_RULES}
    for path in sorted(PAGES.iterdir()):
        named = {line.rule for line in cleaned(path.name).lines if line.place == LinePlace.REMOVED}
        assert named <= known, path.name
