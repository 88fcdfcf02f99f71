"""What pages say about themselves, in all the ways in which they say it."""

import json

import pytest

from archive.choices import ContentKind
from archive.ingest.cleaning.html_lines import parse
from archive.ingest.cleaning.metadata import page_metadata
from archive.ingest.records import Locator, RawRecord


def metadata(head="", body="", **fields):
    html = f"<html lang='en'><head>{head}</head><body>{body}</body></html>"
    return page_metadata(parse(html), RawRecord(Locator(1), ContentKind.HTML_PAGE, html, **fields))


def json_ld(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return f"<script type='application/ld+json'>{text}</script>"


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Ferry sails again",
    "datePublished": "2024-04-15T07:30:00+01:00",
    "author": {"@type": "Person", "name": "Nora Whitlock"},
}


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [{"@type": "BreadcrumbList"}, ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Post"}, ARTICLE]},
        {"@type": "WebPage", "name": "Post", "mainEntity": ARTICLE},
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE) + json.dumps({"@type": "Thing"}),
        json.dumps(ARTICLE).replace("Ferry sails", "Ferry\nsails"),
        {**ARTICLE, "@type": ["NewsArticle", "LiveBlogPosting"]},
        {**ARTICLE, "@type": "http://schema.org/NewsArticle"},
    ],
    ids=range(11),
)
def test_json_ld_is_read_however_it_is_wrapped(value):
    found = metadata(json_ld(value))
    assert (found.title, found.byline) == ("Ferry sails again", ("Nora Whitlock",))
    assert found.published.value.isoformat() == "2024-04-15T07:30:00+01:00"
    assert found.published.rule.startswith("json-ld datePublished")


def test_an_article_of_a_list_of_others_is_not_this_page():
    others = {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Another story"}]}
    assert metadata(json_ld(others) + "<title>This story</title>").title == "This story"


def test_an_author_given_by_reference_is_looked_up():
    graph = [{**ARTICLE, "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Leo Hargreave"}]
    assert metadata(json_ld({"@graph": graph})).byline == ("Leo Hargreave",)


@pytest.mark.parametrize("broken", ["{", "null", "[]", "{'a': 1}", '{"@type": "NewsArticle"', "[" * 10_000, '"text"'])
def test_broken_json_ld_is_passed_over(broken):
    assert metadata(json_ld(broken) + "<meta property='og:title' content='Ferry'>").title == "Ferry"


def test_the_publisher_is_no_author():
    head = json_ld({**ARTICLE, "author": {"name": "The Ellery Post"}})
    assert metadata(head + "<meta property='og:site_name' content='The Ellery Post'>").byline == ()


def test_a_photographer_in_a_pictures_markup_is_no_author():
    head = "<meta itemprop='author' content='(Image: Getty Images)'><meta name='author' content='Nora Whitlock'>"
    assert metadata(head).byline == ("Nora Whitlock",)


def test_a_pages_whole_staff_is_no_byline():
    staff = [{"@type": "Person", "name": f"Person{chr(65 + n)} Name{chr(65 + n)}"} for n in range(20)]
    assert metadata(json_ld({**ARTICLE, "author": staff})).byline == ()


def test_the_title_is_without_the_sites_name_and_the_others_are_kept():
    head = """<title>Ferry sails after eleven years - The Post</title><meta property='og:site_name' content='The Post'>
    <meta property='og:title' content='Which ferry sails again?'>"""
    found = metadata(head, "<h1>Ferry sails again</h1>")
    assert found.title == "Which ferry sails again?"
    assert found.alternative_titles == ("Ferry sails again", "Ferry sails after eleven years")


def test_a_search_engines_title_gives_way_to_the_headline():
    head = "<title>Ferry sails again: Saint Orran timetable</title><meta property='og:title' content='Ferry sails again: Saint Orran timetable'>"
    assert metadata(head + json_ld(ARTICLE)).title == "Ferry sails again"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/relative", "ftp://example.org/", "http://"]
)
def test_only_web_addresses_are_canonical(address):
    assert metadata(f"<link rel='canonical' href='{address}'>").canonical_url == ""


def test_the_dumps_own_fields_fill_gaps():
    found = metadata(title="From the dump", published="2019-11-20", url="https://example.org/a")
    assert (found.title, found.canonical_url) == ("From the dump", "https://example.org/a")
    assert found.published.value.date().isoformat() == "2019-11-20"


def test_a_refused_date_gives_way_to_the_next_witness():
    head = json_ld({**ARTICLE, "datePublished": "0001-01-01T00:00:00Z"})
    found = metadata(head + "<meta property='article:published_time' content='2024-04-15'>")
    assert found.published.value.date().isoformat() == "2024-04-15"


def test_a_heading_that_speaks_of_something_else_is_not_the_title():
    body = "<h1>Back to the front page</h1><h1>Ferry sails again after eleven years</h1>"
    assert metadata("<title>Ferry sails again after eleven years | The Post</title>", body).title.startswith(
        "Ferry sails"
    )


def test_a_title_without_a_word_of_the_others_is_only_an_alternative():
    head = (
        json_ld({**ARTICLE, "headline": "constitutional monarchy in Oceania"})
        + "<title>New Zealand and its islands</title>"
    )
    found = metadata(head, "<h1>New Zealand and its islands</h1>")
    assert found.title == "New Zealand and its islands"
    assert found.alternative_titles == ("constitutional monarchy in Oceania",)
