"""Pages that are not sent again while nothing has changed, and forms that need no token for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from archive.models import Article
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(data_dir: Path) -> Client:
    """As a browser is treated: with the check of tokens that Django's test client leaves out."""
    return Client(enforce_csrf_checks=True)


def pages() -> tuple[str, ...]:
    article = make_article(1)
    person = make_person("Ada Vale", article)
    index()
    feeds = ("/feeds/latest/", "/feeds/search/?q=quokka", "/feeds/people/ada-vale/", "/feeds/sources/island-post/")
    lists = ("/", "/people/", "/sources/", "/dates/2020/", "/search/?q=quokka", "/sitemap.xml", "/robots.txt")
    own = (article.get_absolute_url(), person.get_absolute_url(), "/sources/island-post/")
    return (*own, *feeds, *lists, f"/articles/{article.pk}/cite.bib", f"/articles/{article.pk}/source/")


def test_no_page_is_sent_again_to_whoever_has_it(site: Client) -> None:
    for path in pages():
        first = site.get(path)
        assert first.status_code == 200, path
        assert "no-cache" in first["Cache-Control"], path
        again = site.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_pages_vary_by_cookie_since_the_theme_is_in_one(site: Client) -> None:
    for path in pages():
        answer = site.get(path)
        if answer["Content-Type"].startswith("text/html"):
            assert "Cookie" in answer["Vary"], path
            again = site.get(path, headers={"If-None-Match": answer["ETag"], "Cookie": "theme=dark"})
            assert again.status_code == 200, path


def test_an_article_says_when_it_last_changed(site: Client) -> None:
    article = make_article(1)
    url = article.get_absolute_url()
    first = site.get(url)
    assert site.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    Article.objects.filter(pk=article.pk).update(updated_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert site.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_what_belongs_to_somebody_is_kept_by_their_browser_alone(site: Client, django_user_model: Any) -> None:
    site.force_login(django_user_model.objects.create_user("reader"))
    assert site.get("/")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/theme/", "/search/pins/"])
@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_a_form_without_a_token_is_taken_from_our_own_pages_only(
    site: Client, path: str, headers: dict[str, str], is_ours: bool
) -> None:
    make_article(1)
    index()
    answer = site.post(path, {"theme": "dark", "next": "/people/", "q": "quokka"}, headers=headers)
    assert answer.status_code == (302 if is_ours else 403)
    assert ("theme" in answer.cookies) == (is_ours and path == "/theme/")


def test_a_theme_is_not_chosen_by_following_a_link(site: Client) -> None:
    assert site.get("/theme/?theme=dark").status_code == 405
