"""Lists to browse in: whole however long, by name and by count, from page to page in both directions, narrowed by a box."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from archive.choices import EntityKind
from archive.keyset import leaf_of
from archive.models import Article, Entity, Source
from tests.views.makers import index, make_article, make_person, make_source

pytestmark = pytest.mark.django_db
MANY = 250


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def rows(page: str) -> list[str]:
    return re.findall(r"<li><a href=\"[^\"]+\"><span>([^<]+)</span>", page)


def places(page: str) -> list[tuple[int, str]]:
    """(place in the list, headline) of the articles of a page."""
    return [(int(at), title) for at, title in re.findall(r'<h3><a href="[^"]+at=(\d+)">([^<]+)</a>', page)]


def turned(site: Client, address: str, rel: str, rows: Callable[[str], list[Any]] = rows) -> list[list[Any]]:
    """The rows of a list page by page, as its links lead on (next) or back (prev)."""
    pages = []
    while address:
        page = site.get(address).content.decode()
        pages.append(rows(page))
        found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        address = f"{address.partition('?')[0]}{found[1].replace('&amp;', '&')}" if found else ""
    return pages


def next_page(site: Client, address: str) -> str:
    found = re.search(r'rel="next" href="([?][^"]+)"', site.get(address).content.decode())
    return f"{address.partition('?')[0]}{found[1].replace('&amp;', '&')}" if found else ""


def last_page(site: Client, address: str) -> str:
    while further := next_page(site, address):
        address = further
    return address


@pytest.mark.parametrize(
    "address", ["/people/", "/people/?sort=name", "/sources/", "/sources/?sort=name", "/sections/"]
)
def test_a_long_list_is_whole_from_page_to_page_and_the_same_backwards(site: Client, address: str) -> None:
    # Counts that tie over the ends of pages, and names that differ from the order of their ids.
    Entity.objects.bulk_create(
        Entity(
            kind=EntityKind.PERSON,
            name=f"N{n * 7 % MANY:03}",
            slug=f"n{n}",
            sort_name=f"n{n}",
            article_count=1 + n // 90,
        )
        for n in range(MANY)
    )
    sources = Source.objects.bulk_create(Source(slug=f"s{n}", name=f"S{n * 7 % MANY:03}") for n in range(MANY))
    Article.objects.bulk_create(
        Article(source=one, title="x", external_id=str(n), text_hash=str(n), section=f"Part {n}")
        for n, one in enumerate(sources)
    )
    index()
    forwards = turned(site, address, "next")
    assert [len(page) for page in forwards] == [120, 120, 10]
    assert len({name for page in forwards for name in page}) == MANY
    backwards = turned(site, last_page(site, address), "prev")
    assert [name for page in reversed(backwards) for name in page] == [name for page in forwards for name in page]


@pytest.mark.parametrize(
    "address", ["/sources/island-post/", "/people/ada-vale/", "/people/ada-vale/?sort=oldest", "/dates/2020/"]
)
def test_articles_are_listed_whole_from_page_to_page_and_the_same_backwards(site: Client, address: str) -> None:
    first = datetime(2020, 3, 1, tzinfo=UTC)
    # Times that tie over the end of a page, and undated articles from before the end of one on.
    times = [None if n >= 55 else first + timedelta(days=n * 7 % 55 // 5) for n in range(70)]
    undated_too = "dates" not in address
    articles = Article.objects.bulk_create(
        Article(
            source=make_source(),
            title=f"Quokka {n}",
            body=["Ada Vale was pleased."],
            external_id=str(n),
            text_hash=str(n),
            published_at=time,
            published_on=time.date() if time else None,
        )
        for n, time in enumerate(times)
    )
    make_person("Ada Vale", *articles)
    index()
    forwards = turned(site, address, "next", places)
    assert [len(page) for page in forwards] == ([30, 30, 10] if undated_too else [30, 25])
    walked = [one for page in forwards for one in page]
    shown = [one for one in articles if one.published_at or undated_too]
    far, sign = datetime(9999, 1, 1, tzinfo=UTC), 1 if "oldest" in address else -1
    ordered = sorted(
        shown,
        key=lambda one: (one.published_at is None, sign * (one.published_at or far).timestamp(), sign * one.pk),
    )
    assert walked == [(at, one.title) for at, one in enumerate(ordered, start=1)]
    backwards = turned(site, last_page(site, address), "prev", places)
    assert [one for page in reversed(backwards) for one in page] == walked
    second = next_page(site, address)
    assert f"31 to {min(len(shown), 60)} of {len(shown)}" in site.get(second).content.decode()
    # An address of the time when pages had numbers, and one that says nothing of its place.
    joined = "&" if "?" in address else "?"
    assert places(site.get(f"{address}{joined}page=2").content.decode()) == walked[:30]
    assert "page=" not in next_page(site, f"{address}{joined}page=2")
    untold = places(site.get(re.sub(r"&?at=\d+", "", second)).content.decode())
    assert untold == ([] if undated_too else walked[30:])


def test_a_key_that_is_no_row_of_the_list_leads_to_its_beginning(site: Client) -> None:
    make_article(1)
    for ends in ("after=999", "before=999", "after=x", "after=-1", f"after={'9' * 40}", "before=%00"):
        assert rows(site.get(f"/sources/?{ends}").content.decode()) == ["Island Post"], ends


def test_values_at_hand_turn_like_rows() -> None:
    first = leaf_of("abcde", str, 2)
    second = leaf_of("abcde", str, 2, after=first.after)
    assert (first.rows, first.before, second.rows, second.before, second.after) == ("ab", "", "cd", "c", "d")
    assert leaf_of("abcde", str, 2, before="c") == first
    assert leaf_of("abcde", str, 2, before="b").rows == "ab"


def test_sections_are_counted_filtered_by_a_box_and_lead_to_their_articles(site: Client) -> None:
    for number, section in enumerate(("Arts & Books", "Arts & Books", "sport", ""), start=1):
        make_article(number, section=section)
    index()
    page = site.get("/sections/").content.decode()
    assert rows(page) == ["Arts &amp; Books", "sport"]
    assert rows(site.get("/sections/?sort=name&filter=SPO").content.decode()) == ["sport"]
    url = re.search(r'href="([^"]+)"><span>Arts', page)
    assert url
    assert "<b>2 articles</b>" in site.get(url[1].replace("&amp;", "&")).content.decode()


def test_names_under_no_letter_have_a_place_of_their_own(site: Client) -> None:
    for name in ("50 Cent", "Zhao", "习近平"):
        Entity.objects.create(
            kind=EntityKind.PERSON, name=name, slug=f"x{len(name)}", sort_name=name.lower(), article_count=1
        )
    assert set(rows(site.get("/people/?letter=%23").content.decode())) == {"50 Cent", "习近平"}
