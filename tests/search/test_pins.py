"""A pinned search still says what was found then, and what is different now."""

from datetime import timedelta

import pytest
from django.test import Client

from archive.errors import IndexUnavailable
from archive.models import Article, SearchPin, queue_for_index
from archive.search import indexing
from archive.search.backends import get_backend
from archive.search.backends.base import Filter
from archive.search.filters import read
from archive.search.pins import compare, pin, pinned_ids
from archive.search.query import Sort
from archive.search.tokens import MAX_CHARACTERS
from archive.views import pins as pin_pages
from tests.search.conftest import article


def test_a_pin_says_that_nothing_has_changed(archive: dict[str, Article]) -> None:
    pinned = pin("oil", sort=Sort.NEWEST)
    assert pinned_ids(pinned) == (archive["gas"].pk, archive["oil"].pk)
    assert compare(pinned).is_same


def test_a_pin_keeps_the_old_result_without_what_is_hidden_since(archive: dict[str, Article]) -> None:
    pinned = pin("oil")
    then = pinned_ids(pinned)
    fresh = article("More oil", "Oil again.")
    Article.objects.filter(pk=archive["gas"].pk).update(visibility="hidden")
    queue_for_index([archive["gas"].pk])
    indexing.drain()
    found = compare(SearchPin.objects.get(pk=pinned.pk))
    assert (found.added, found.removed) == ((fresh.pk,), ())
    assert found.then == tuple(pk for pk in then if pk != archive["gas"].pk)


def test_a_changed_order_and_more_changes_than_are_shown_are_told(
    archive: dict[str, Article], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = pin("oil", sort=Sort.NEWEST)
    gas = archive["gas"]
    day = archive["oil"].published_at - timedelta(days=9)
    Article.objects.filter(pk=gas.pk).update(published_at=day, published_on=day.date())
    queue_for_index([gas.pk])
    indexing.drain()
    assert (compare(pinned).is_same, compare(pinned).is_reordered) == (True, True)
    page = client.get(pinned.get_absolute_url()).content.decode()
    assert "finds the same articles today, in another order" in page
    assert f"index {pinned.generation}" in page
    monkeypatch.setattr(pin_pages, "SHOWN_CHANGES", 2)
    for number in range(5):
        article(f"More oil {number}", "Oil again.")
    indexing.drain()
    page = client.get(pinned.get_absolute_url()).content.decode()
    assert "and 3 more" in page
    assert "What both find stands in another order." in page


def test_the_same_search_with_the_same_result_is_one_pin(archive: dict[str, Article]) -> None:
    assert pin("oil") == pin("oil")
    assert pin("oil").key != pin("oil", sort=Sort.OLDEST).key != pin("gas").key


def test_filters_are_pinned_with_the_query(archive: dict[str, Article]) -> None:
    filters = (Filter("source", ("times", "journal")), Filter("year", ("2019",), exclude=True))
    pinned = SearchPin.objects.get(key=pin("", filters=filters).key)
    assert read(pinned.filters) == filters
    assert pinned_ids(pinned) == (archive["uygur"].pk,)


def test_a_result_page_can_be_pinned_and_opened_again(
    archive: dict[str, Article], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Pin this result" in client.get("/search/", {"q": "oil", "source": "reuters"}).content.decode()
    address = client.post("/search/pins/", {"q": "oil", "source": "reuters", "sort": "newest"})["Location"]
    page = client.get(address).content.decode()
    assert "finds the same articles today" in page
    assert "/search/?q=oil&amp;sort=newest&amp;source=reuters" in page
    assert page.index("Gas holds") < page.index("Oil prices rise")
    article("More oil", "Oil again.")
    indexing.drain()
    page = client.get(address).content.decode()
    assert "+1 −0" in page
    assert "More oil" in page

    def fail(*args: object, **kwargs: object) -> None:
        raise IndexUnavailable("gone")

    monkeypatch.setattr(type(get_backend()), "search", fail)
    assert "not compared" in client.get(address).content.decode()
    assert client.post("/search/pins/", {"q": "oil"}).status_code == 503
    assert client.get("/search/pins/").status_code == 405


def test_no_more_of_a_query_is_kept_than_a_search_reads(archive: dict[str, Article], client: Client) -> None:
    client.post("/search/pins/", {"q": "oil " * 100_000})
    assert len(SearchPin.objects.get().query) == MAX_CHARACTERS
