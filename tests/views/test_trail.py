"""The list that a reader came from, carried in the address of the article: where it stands there, and what is beside it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from archive.errors import IndexUnavailable
from archive.models import Article
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def trail(page: str) -> str:
    return page.partition('<nav class="trail"')[2].partition("</nav>")[0]


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', trail(page))
    return found and found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=quokkas&sort=oldest",
        "/search/?q=quokkas",
        "/search/?person=ada-vale&sort=newest",
        "/people/ada-vale/",
        "/sources/island-post/",
        "/dates/2020/",
        "/",
    ],
)
def test_a_reader_goes_through_a_list_article_by_article(site: Client, path: str) -> None:
    articles = [make_article(number) for number in range(1, 9)]
    make_person("Ada Vale", *articles)
    index()
    page = site.get(path).content.decode()
    links = [one.replace("&amp;", "&") for one in re.findall(r'<h[23]><a href="(/articles/[^"]+at=\d+)"', page)]
    assert len(links) == 8
    url, walked = links[0], []
    while url:
        walked.append(url)
        page = site.get(url).content.decode()
        assert f"{len(walked)} of 8" in trail(page)
        assert link(page, "prev") == (walked[-2] if len(walked) > 1 else None)
        url = link(page, "next") or ""
    assert [one.partition("?")[0] for one in walked] == [one.partition("?")[0] for one in links]


def test_the_way_back_leads_to_the_page_of_the_list_that_holds_the_article(site: Client) -> None:
    for number in range(1, 31):
        make_article(number)
    index()
    page = site.get("/search/?q=quokkas&sort=newest&page=2").content.decode()
    found = re.search(r'<h2><a href="([^"]+at=23)"', page)
    assert found
    article = site.get(found[1].replace("&amp;", "&")).content.decode()
    assert 'href="/search/?q=quokkas&amp;sort=newest&amp;page=2"' in trail(article)


@pytest.mark.parametrize("at", ["0", "-1", "3", "99", "x", "９", "9" * 400, ""])
def test_a_place_that_is_not_the_articles_is_not_shown(site: Client, at: str) -> None:
    article = make_article(1)
    index()
    page = site.get(article.get_absolute_url(), {"q": "quokka", "at": at})
    assert page.status_code == 200
    assert not trail(page.content.decode())


def test_an_article_is_read_while_the_index_is_not(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_args: object, **_kwargs: object) -> None:
        raise IndexUnavailable("it is being rebuilt")

    article = make_article(1)
    monkeypatch.setattr("archive.views.trail.beside", unavailable)
    page = site.get(article.get_absolute_url() + "?q=quokka&at=1")
    assert "Rangers counted" in page.content.decode()


def test_a_hidden_article_is_passed_over_without_a_word(site: Client) -> None:
    make_article(1)
    second, hidden = make_article(2), make_article(3, title="Quokka secret")
    index()
    Article.objects.filter(pk=hidden.pk).update(visibility="hidden")
    page = site.get(second.get_absolute_url() + "?q=quokka&sort=oldest&at=2").content.decode()
    assert "2 of" in trail(page)
    assert "secret" not in page


def test_an_old_address_keeps_the_list_when_it_redirects(site: Client) -> None:
    article = make_article(1)
    response = site.get(f"/articles/{article.pk}/?q=quokka&at=1")
    assert response["Location"] == article.get_absolute_url() + "?q=quokka&at=1"
