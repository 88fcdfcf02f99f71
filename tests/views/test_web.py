"""What crawlers, browsers and feed readers ask for: sitemaps, robots.txt, the search description, feeds, 304."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from archive.errors import IndexUnavailable
from archive.search.backends import get_backend
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db
AWKWARD = 'Gulls & <b>terns</b> \x03 "and" more'


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def locations(answer: Any) -> list[str]:
    return [str(one.text) for one in etree.fromstring(answer.content).iter("{*}loc")]


def test_the_sitemap_lists_every_public_page_and_each_answers(site: Client) -> None:
    article, hidden = make_article(1, title=AWKWARD), make_article(2, visibility="hidden")
    person = make_person("Ada Vale", article)
    pages = [page for section in locations(site.get("/sitemap.xml")) for page in locations(site.get(section))]
    paths = {page.removeprefix("http://testserver") for page in pages}
    assert paths == {article.get_absolute_url(), person.get_absolute_url(), "/sources/island-post/"}
    assert hidden.get_absolute_url() not in paths
    assert {site.get(path).status_code for path in paths} == {200}


def test_the_sitemap_index_asks_the_same_few_questions_of_many_articles(
    site: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 40):
        make_article(number)
    with django_assert_max_num_queries(8):
        assert site.get("/sitemap.xml").status_code == 200


def test_the_news_sitemap_holds_the_last_two_days(site: Client) -> None:
    fresh = make_article(1, title="Terns \x03& gulls", published_at=timezone.now() - timedelta(hours=3), language="de")
    make_article(2, published_at=timezone.now() - timedelta(days=3))
    answer = site.get("/news-sitemap.xml")
    assert locations(answer) == [f"http://testserver{fresh.get_absolute_url()}"]
    assert [one.text for one in etree.fromstring(answer.content).iter("{*}title", "{*}language")] == [
        "de",
        "Terns & gulls",
    ]


def test_robots_are_kept_from_searches_and_in_a_private_archive_from_everything(site: Client, settings: Any) -> None:
    text = site.get("/robots.txt").content.decode()
    assert "Disallow: /search/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    settings.ARCHIVE_CRAWLERS = False
    assert site.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_a_browser_learns_how_to_search_here(site: Client) -> None:
    answer = site.get("/opensearch.xml")
    templates = [one.get("template") for one in etree.fromstring(answer.content).iter("{*}Url")]
    assert "http://testserver/search/?q={searchTerms}" in templates
    assert 'href="/opensearch.xml"' in site.get("/").content.decode()


@pytest.mark.parametrize("path", ["latest/", "search/?q=gulls+%26+terns", "sources/island-post/", "people/ada-vale/"])
def test_every_feed_is_read_without_complaint_whatever_is_in_the_text(site: Client, path: str) -> None:
    article = make_article(1, title=AWKWARD, body=[AWKWARD])
    make_person("Ada Vale", article)
    index()
    feed = feedparser.parse(site.get(f"/feeds/{path}").content)
    assert not feed.bozo
    assert len(feed.entries) == 1
    assert feed.entries[0].id == f"urn:newsroom-archive:article:{article.pk}"


def test_a_search_feed_says_when_there_is_no_index_to_ask(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_args: object, **_kwargs: object) -> None:
        raise IndexUnavailable("the index is being rebuilt; try again in a minute")

    monkeypatch.setattr("archive.feeds.search", unavailable)
    answer = site.get("/feeds/search/?q=gulls%03")
    assert (answer.status_code, answer.content.decode()[:25]) == (503, "the index is being rebuil")


@pytest.mark.parametrize("path", ["", "sources/island-post/", "people/ada-vale/", "dates/2020/", "dates/2020/2/"])
def test_pages_can_be_browsed_without_an_index_and_say_what_is_missing(
    site: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    make_person("Ada Vale", make_article(1))
    index()
    note = "The search index cannot be read at the moment"
    assert note not in site.get(f"/{path}").content.decode()

    def unavailable(*_args: object, **_kwargs: object) -> None:
        raise IndexUnavailable("no node answered")

    for asked in ("search", "generation"):
        monkeypatch.setattr(type(get_backend()), asked, unavailable)
    page = site.get(f"/{path}")
    assert (page.status_code, page.content.decode().count(note)) == (200, 1)


def test_the_feed_of_a_search_keeps_its_filters_and_says_which_words_matched(site: Client) -> None:
    seen, other = make_article(1), make_article(2)
    make_person("Ada Vale", seen)
    index()
    link = next(
        one
        for one in site.get("/search/?q=quokka&person=ada-vale&page=1").content.decode().split('"')
        if "/feeds/s" in one
    )
    feed = feedparser.parse(site.get(link.replace("&amp;", "&")).content)
    assert feed.feed.title == "Newsroom Archive: quokka; person ada-vale"
    assert [one.id for one in feed.entries] == [f"urn:newsroom-archive:article:{seen.pk}"]
    assert "(Found by: Quokka, quokkas.)" in feed.entries[0].summary
    assert not feed.bozo
    assert other.pk != seen.pk


def test_an_entry_is_as_new_as_the_text_it_shows(site: Client) -> None:
    article = make_article(1)
    before = feedparser.parse(site.get("/feeds/latest/").content).entries[0].updated
    article.section = "Wildlife"
    article.save()
    assert feedparser.parse(site.get("/feeds/latest/").content).entries[0].updated == before
    old = article.versions.create(number=1, title="Old", body=["Old."], text_hash="x")
    article.versions.filter(pk=old.pk).update(replaced_at="2031-05-06T07:08:09Z")
    assert feedparser.parse(site.get("/feeds/latest/").content).entries[0].updated == "2031-05-06T07:08:09+00:00"


def test_a_feed_of_nothing_does_not_change_by_itself(site: Client) -> None:
    index()
    first = site.get("/feeds/sources/island-post/")
    assert first.status_code == 404
    make_article(1, visibility="hidden")
    feed = feedparser.parse(site.get("/feeds/sources/island-post/").content)
    assert (feed.entries, feed.bozo, feed.feed.updated) == ([], False, "1970-01-01T00:00:00+00:00")


@pytest.mark.parametrize("many", [10, 1_000])
def test_feeds_ask_as_often_for_a_thousand_articles_as_for_ten(
    site: Client, many: int, django_assert_num_queries: Any
) -> None:
    made = [make_article(number) for number in range(1, many + 1)]
    make_person("Ada Vale", *made)
    index()
    site.get("/feeds/search/?q=quokka")
    for path, queries in {
        "latest/": 2,
        "sources/island-post/": 3,
        "people/ada-vale/": 3,
        "search/?q=quokka": 5,
    }.items():
        with django_assert_num_queries(queries):
            assert site.get(f"/feeds/{path}").status_code == 200


def test_what_has_not_changed_is_not_sent_again(site: Client) -> None:
    make_article(1)
    first = site.get("/feeds/latest/")
    assert site.get("/feeds/latest/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_article(2)
    assert site.get("/feeds/latest/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_every_page_that_can_be_followed_says_where_its_feed_is(site: Client) -> None:
    person = make_person("Ada Vale", make_article(1))
    index()
    pages = {
        person.get_absolute_url(): "/feeds/people/ada-vale/",
        "/sources/island-post/": "/feeds/sources/island-post/",
        "/search/?q=quokka": "/feeds/search/?q=quokka",
    }
    for page, feed in pages.items():
        text = site.get(page).content.decode()
        assert f'href="{feed}">Follow (Atom)' in text
        assert f'type="application/atom+xml" title="{"This search" if "?" in page else ""}' in text


def test_a_citation_is_there_as_csl_json_too(site: Client) -> None:
    article = make_article(1, byline=["Ada Vale"])
    (item,) = json.loads(site.get(f"/articles/{article.pk}/cite.csl").content)
    assert item["type"] == "article-newspaper"
    assert item["author"] == [{"literal": "Ada Vale"}]
    assert item["issued"] == {"date-parts": [[2020, 2, 3]]}
    assert item["URL"] == f"http://testserver{article.get_absolute_url()}"
