"""HTML pages to articles: the story kept, every line of the page accounted for, hostile pages survived."""

import json
import time

import pytest

from archive.choices import ContentKind, LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning.blocks import link_lines
from archive.ingest.cleaning.html import clean_html
from archive.ingest.cleaning.html_lines import flatten, html_lines, parse
from archive.ingest.records import Locator, RawRecord

SENTENCE = (
    "The harbour council of Port Ellery voted on Monday to reopen the old ferry line, and the mayor welcomed it. "
)


def page(html, **more):
    return RawRecord(Locator(1), ContentKind.HTML_PAGE, html, **more)


def story(extra=""):
    paragraphs = "".join(f"<p>Paragraph {n}. {SENTENCE * 2}</p>" for n in ("one", "two", "three", "four"))
    return f"""<html lang="en"><head><title>Ferry line to reopen | Ellery Post</title>
    <meta property="og:site_name" content="Ellery Post"></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
    <article><h1>Ferry line to reopen</h1>{extra}{paragraphs}
    <figure><img src="x.jpg"><figcaption>The ferry at its berth. Photo: Ann Poe</figcaption></figure></article>
    <aside><h3>Most read</h3><ul><li><a href="/1">Bridge closed</a></li><li><a href="/2">Fog again</a></li></ul></aside>
    <footer>© 2026 Ellery Post</footer></body></html>"""


def test_the_story_is_kept_and_the_page_around_it_is_cut():
    article = clean_html(page(story()))
    assert article.title == "Ferry line to reopen"
    assert [paragraph.split(".")[0] for paragraph in article.paragraphs] == [
        "Paragraph one", "Paragraph two", "Paragraph three", "Paragraph four",
    ]  # fmt: skip
    assert {"Bridge closed", "Fog again", "Most read"} <= {line.text for line in article.removed}
    assert article.captions[0].text.startswith("The ferry at its berth.")
    assert article.site_name == "Ellery Post"


def test_every_line_of_the_page_is_in_exactly_one_place():
    html = story("<div class='share'>Share</div>")
    article = clean_html(page(html))
    assert [line.text for line in article.lines] == [line.text for line in html_lines(html)]
    assert [line.number for line in article.lines] == list(range(1, len(article.lines) + 1))
    assert all(line.rule for line in article.lines if line.place == LinePlace.REMOVED)


def test_a_cut_line_says_where_on_the_page_it_stood():
    article = clean_html(page(story("<div class='share-bar'><span>Share</span></div>")))
    cut = next(line for line in article.removed if line.text == "Share")
    assert "share-bar" in cut.reason
    assert "article > div" in cut.reason


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "plain words",
        "<",
        "<html>",
        "<frameset><frame src='a.html'><noframes>No frames</noframes></frameset>",
        "<p>" + SENTENCE,
        "\x00<html><body><p>nul</p>",
        "<?xml version='1.0' encoding='utf-16'?><html><body><p>x</p></body></html>",
        "<html><body>" + SENTENCE * 30,
        "<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><p>&b;</p>",
        "<title>only</title>",
        "<svg><title>x</title></svg>\ud800",
    ],
)
def test_odd_pages_end_well(html):
    try:
        article = clean_html(page(html))
    except RecordError:  # no body: an answer, too
        return
    assert len(article.lines) == len(html_lines(html))


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "font", "h1", "ul><li", "table><tr><td", "p"])
def test_a_page_ten_thousand_levels_deep_loses_no_text(tag):
    html = f"<html><body>{f'<{tag}>' * 10_000}<p>{SENTENCE * 3}</p></body></html>"
    start = time.process_time()
    article = clean_html(page(html))
    assert SENTENCE.strip() in " ".join(line.text for line in article.lines)
    assert time.process_time() - start < 10


def test_a_very_large_page_takes_linear_time():
    def seconds(paragraphs):
        html = "<html><body><article>" + f"<p>{SENTENCE}</p><div><a href='/x'>Fog again</a></div>" * paragraphs
        start = time.process_time()
        clean_html(page(html))
        return time.process_time() - start

    seconds(10)
    assert seconds(27_000) < 6 * max(seconds(9_000), 0.2)  # both too large for the extractor


def test_a_page_without_a_story_is_no_article():
    with pytest.raises(RecordError) as caught:
        clean_html(page("<html><body><nav><a href='/'>Home</a></nav></body></html>"))
    assert caught.value.code == "no-body"


def test_the_headline_is_not_a_paragraph_however_it_is_quoted():
    html = story().replace("<h1>Ferry line to reopen</h1>", "<h1>‘Ferry line’ to reopen</h1>")
    article = clean_html(page(html))
    assert [line.text for line in article.lines if line.place == LinePlace.TITLE] == ["‘Ferry line’ to reopen"]
    assert not any("to reopen" in paragraph for paragraph in article.paragraphs if len(paragraph) < 40)


def test_a_paragraph_that_is_one_link_is_not_the_story():
    article = clean_html(
        page(
            story().replace(
                "<p>Paragraph two", "<p><a href='/3'>Old bridge to close for the winter</a></p><p>Paragraph two"
            )
        )
    )
    assert [line.rule for line in article.lines if line.text.startswith("Old bridge")] == ["link-line"]


def test_a_box_named_for_what_it_is_goes():
    box = "<div class='newsletterSignup'><p>Get the harbour news every morning, in your inbox, for nothing at all.</p></div>"
    article = clean_html(page(story().replace("<p>Paragraph two", box + "<p>Paragraph two")))
    cut = next(line for line in article.lines if line.text.startswith("Get the harbour news"))
    assert cut.place == LinePlace.REMOVED
    assert "newsletterSignup" in cut.reason


def test_paragraphs_behind_a_wall_come_back_with_those_of_their_make():
    walled = "".join(f"<p class='par'>Hidden {n}: {SENTENCE * 2}</p>" for n in range(6))
    html = story().replace("<p>", "<p class='par'>").replace("<figure>", f"<div class='paywall'>{walled}</div><figure>")
    article = clean_html(page(html))
    assert sum(paragraph.startswith("Hidden") for paragraph in article.paragraphs) == 6


def test_the_publishers_own_text_is_used_where_the_page_shows_only_its_start():
    body = (
        " ".join(f"Paragraph {n}. {SENTENCE * 2}" for n in ("one", "two", "three", "four")) + f"\nFive. {SENTENCE * 9}"
    )
    data = json.dumps({"@type": "NewsArticle", "headline": "Ferry line to reopen", "articleBody": body})
    html = story().replace("</head>", f"<script type='application/ld+json'>{data}</script></head>")
    article = clean_html(page(html))
    assert article.paragraphs[-1].startswith("Five.")
    assert len(article.paragraphs) == 2


def test_a_class_that_wraps_the_whole_story_makes_no_furniture_of_it():
    html = story().replace("<article>", "<article><div class='social-share'>").replace("</article>", "</div></article>")
    assert len(clean_html(page(html)).paragraphs) == 4


def test_a_linked_subhead_is_the_storys():
    html = story().replace("<p>Paragraph two", "<h2><a href='/boat'>The Margaret Bell</a></h2><p>Paragraph two")
    assert "The Margaret Bell" in clean_html(page(html)).paragraphs


def test_a_linked_item_of_a_plain_list_is_the_storys():
    items = "<li>Bring a lantern, candles are sold at the church.</li><li>Take the ferry.</li><li><a href='/b'>Book a bed.</a></li>"
    article = clean_html(page(story().replace("<p>Paragraph two", f"<ul>{items}</ul><p>Paragraph two")))
    assert "Book a bed." in article.paragraphs


def test_an_address_written_out_is_no_link_line():
    lines = flatten(parse("<p><a href='/x'>https://ferry.example</a></p><p><a href='/y'>Bridge closed</a></p>"))
    assert link_lines(lines, [True, True]) == [False, True]


def test_paragraphs_that_all_end_in_a_source_are_no_captions():
    html = story().replace("welcomed it. </p>", "welcomed it. [M1 SP / MP2 SP]</p>")
    article = clean_html(page(html))
    assert len(article.paragraphs) == 4
    assert article.paragraphs[0].endswith("[M1 SP / MP2 SP]")
