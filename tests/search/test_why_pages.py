"""The pages that explain, and the completions, as a browser asks for them."""

import pytest
from django.test import Client

from archive.errors import IndexUnavailable
from archive.models import Article
from archive.search.backends import get_backend


def test_every_hit_links_to_why_it_is_one(archive: dict[str, Article], client: Client) -> None:
    page = client.get("/search/", {"q": "oil", "source": "reuters"}).content.decode()
    link = f"/search/why/?q=oil&amp;source=reuters&amp;article={archive['oil'].pk}"
    assert link in page
    why = client.get(link.replace("&amp;", "&")).content.decode()
    assert "Why this article is found" in why
    assert "“Oil” in the title" in why
    priced = client.get(link.replace("&amp;", "&").replace("q=oil", "q=price")).content.decode()
    assert '“prices” in the title <span class="quiet">(another form of the word)</span>' in priced
    assert "100 %" in why


def test_a_missing_article_is_asked_for_by_its_address(archive: dict[str, Article], client: Client) -> None:
    asked = {"q": "oil", "source": "times", "article": archive["oil"].get_absolute_url()}
    assert "The chosen source does not include it." in client.get("/search/why/", asked).content.decode()
    back = client.get("/search/why/", {**asked, "sort": "newest"}).content.decode()
    assert "/search/?q=oil&amp;source=times&amp;sort=newest" in back
    nowhere = client.get("/search/why/", {"q": "oil", "article": "<script>alert(1)</script>"}).content.decode()
    assert "&lt;script&gt;" in nowhere
    assert "<script>alert" not in nowhere


def test_other_spellings_can_be_switched_off_with_one_click(archive: dict[str, Article], client: Client) -> None:
    page = client.get("/search/", {"q": "uygur", "source": "times", "sort": "newest"}).content.decode()
    assert "Also searched: Uyghur, Uighur" in page
    assert "?q=%3Duygur&amp;source=times&amp;sort=newest" in page


def test_a_better_spelling_keeps_filters_and_sort(archive: dict[str, Article], client: Client) -> None:
    page = client.get("/search/", {"q": "prises", "source": "reuters", "sort": "oldest", "page": "1"}).content.decode()
    assert "?q=prices&amp;source=reuters&amp;sort=oldest" in page


def test_completions_are_json_and_never_fail(
    archive: dict[str, Article], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = client.get("/search/complete/", {"q": "bake"}).json()["completions"]
    assert found == {"kind": "person", "label": "James Baker", "url": "/people/james-baker/", "count": 1}

    def fail(*args: object, **kwargs: object) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(type(get_backend()), "search", fail)
    assert client.get("/search/complete/", {"q": "oil"}).json() == {"completions": []}
    assert client.get("/search/why/", {"q": "oil", "article": str(archive["oil"].pk)}).status_code == 503
