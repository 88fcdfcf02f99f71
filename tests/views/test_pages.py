"""Pages over articles of a test's own: what they say, what they cost, and that nothing hostile gets through."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def test_an_empty_archive_says_what_to_do_first(site: Client) -> None:
    page = site.get("/").content.decode()
    assert "This archive is empty" in page
    assert "manage.py ingest PATH" in page


def test_an_article_shows_its_paragraphs_with_permanent_links_and_says_what_was_removed(site: Client) -> None:
    article = make_article()
    article.cuts.create(line=3, text="Advertisement", rule="advertisement")
    page = site.get(article.get_absolute_url()).content.decode()
    assert '<p id="p2">Ada Vale was pleased.' in page
    assert "1 line of page chrome removed" in page


def test_an_old_address_of_an_article_redirects_for_good(site: Client) -> None:
    article = make_article()
    response = site.get(f"/articles/{article.pk}/an-older-headline/")
    assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


def test_a_headline_that_says_source_does_not_hide_the_source_view(site: Client) -> None:
    article = make_article(title="Source")
    assert site.get(article.get_absolute_url()).status_code == 200
    assert "What was kept" in site.get(f"/articles/{article.pk}/source/").content.decode()


def test_names_are_marked_only_when_asked_for(site: Client) -> None:
    article = make_article()
    person = make_person("Ada Vale", article)
    assert 'class="name"' not in site.get(article.get_absolute_url()).content.decode()
    page = site.get(article.get_absolute_url() + "?names=1").content.decode()
    assert f'<a class="name" href="{person.get_absolute_url()}">Ada Vale</a> was pleased.' in page


def test_a_merged_name_redirects_to_what_it_became(site: Client) -> None:
    article = make_article()
    kept, gone = make_person("Ada Vale", article), make_person("A. Vale")
    gone.merged_into = kept
    gone.save()
    response = site.get(gone.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, kept.get_absolute_url())
    feed = site.get(f"/feeds{gone.get_absolute_url()}")
    assert (feed.status_code, feed["Location"]) == (301, f"/feeds{kept.get_absolute_url()}")
    export = site.get(f"{gone.get_absolute_url()}export.csv")
    assert (export.status_code, export["Location"]) == (301, f"{kept.get_absolute_url()}export.csv")


def test_hostile_text_is_escaped_on_every_page_that_shows_it(site: Client) -> None:
    article = make_article(title=HOSTILE, body=[HOSTILE], standfirst=HOSTILE, byline=[HOSTILE], section=HOSTILE)
    article.cuts.create(line=1, text=HOSTILE, rule="x")
    person = make_person(HOSTILE, article)
    index()
    urls = ("/", article.get_absolute_url(), f"/articles/{article.pk}/source/", person.get_absolute_url())
    for url in (*urls, "/people/", f"/search/?q={HOSTILE}", "/search/?q=alert", f"/people/?filter={HOSTILE}"):
        assert HOSTILE not in site.get(url).content.decode(), url


def test_hidden_articles_are_nowhere(site: Client) -> None:
    hidden = make_article(visibility="hidden")
    index()
    for url in (hidden.get_absolute_url(), f"/articles/{hidden.pk}/source/", f"/articles/{hidden.pk}/cite.bib"):
        assert site.get(url).status_code == 404
    for url in ("/", "/search/?q=quokka", "/feeds/latest/", "/dates/2020/02/03/", "/sources/"):
        assert "Quokka census" not in site.get(url).content.decode()


def test_a_chosen_facet_narrows_and_can_be_taken_back(site: Client) -> None:
    first, _ = make_article(1), make_article(2)
    make_person("Ada Vale", first)
    index()
    page = site.get("/search/?q=quokka&person=ada-vale").content.decode()
    assert "<b>1 article</b>" in page
    assert 'href="?q=quokka"><b>Ada Vale</b>' in page
    assert "<b>1 article</b>" in site.get("/search/?q=quokka&not-person=ada-vale").content.decode()


def test_the_page_after_the_last_says_so(site: Client) -> None:
    make_article()
    index()
    assert "There is no page 7" in site.get("/search/?q=quokka&page=7").content.decode()


def test_the_theme_is_kept_in_a_cookie_and_leads_back_to_this_site_only(site: Client) -> None:
    response = site.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"
    assert 'data-theme="dark"' in site.get("/").content.decode()


def test_a_change_is_shown_word_by_word(site: Client) -> None:
    article = make_article(title="New headline", body=["The harbour opened on Tuesday."], version=2)
    article.versions.create(number=1, title="Old headline", body=["The harbour opened on Monday."], text_hash="x")
    page = site.get(f"/articles/{article.pk}/versions/1/").content.decode()
    assert "<del>Monday</del><ins>Tuesday</ins>" in page
    assert "The headline was changed" in page
    assert site.get(f"/articles/{article.pk}/versions/2/").status_code == 404


@pytest.mark.parametrize("url", ["/dates/2020/13/01/", "/dates/0/", "/people/nobody/", "/articles/999/", "/sources/x/"])
def test_what_is_not_there_is_a_page_not_an_error(site: Client, url: str) -> None:
    assert site.get(url).status_code == 404


def test_every_page_carries_a_strict_policy(site: Client) -> None:
    policy = site.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("many", [10, 60])
def test_a_page_asks_the_database_as_often_for_many_articles_as_for_few(
    site: Client, many: int, django_assert_max_num_queries: Any
) -> None:
    articles = [make_article(number) for number in range(1, many + 1)]
    person = make_person("Ada Vale", *articles)
    index()
    pages = {
        "/": 10,
        "/search/?q=quokka": 14,
        articles[0].get_absolute_url(): 12,
        person.get_absolute_url(): 16,
        "/people/": 4,
        "/sources/island-post/": 8,
        "/dates/2020/": 6,
    }
    for url, most in pages.items():
        with django_assert_max_num_queries(most):
            assert site.get(url).status_code == 200


def test_an_export_has_as_many_rows_as_the_page_says_and_no_formulas(site: Client) -> None:
    for number in range(1, 30):
        make_article(number, title="=HYPERLINK(1)" if number == 3 else f"Quokka {number}")
    index()
    lines = b"".join(site.get("/search/export.csv?q=quokkas").streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(lines)))
    assert len(rows) == 1 + 29 + 1
    assert rows[-1] == ["# complete: 29 of 29 articles"]
    assert [row[2] for row in rows[1:-1] if "HYPERLINK" in row[2]] == ["'=HYPERLINK(1)"]
    last = b"".join(site.get("/search/export.jsonl?q=quokkas").streaming_content).splitlines()[-1]  # type: ignore[arg-type]
    assert json.loads(last) == {"complete": True, "articles": 29, "total": 29}


def test_healthz_says_what_is_well(site: Client) -> None:
    answer = site.get("/healthz").json()
    assert answer["ok"]
    assert set(answer) == {"ok", "database", "index", "disk", "worker"}
