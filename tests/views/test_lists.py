"""Lists to browse in: whole however long, by name and by count, from page to page in both directions, narrowed by a box."""

import re
from pathlib import Path

import pytest
from django.test import Client

from archive.choices import EntityKind
from archive.keyset import leaf_of
from archive.models import Article, Entity, Source
from tests.views.makers import index, make_article

pytestmark = pytest.mark.django_db
MANY = 250


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def rows(page: str) -> list[str]:
    return re.findall(r"<li><a href=\"[^\"]+\"><span>([^<]+)</span>", page)


def turned(site: Client, address: str, rel: str) -> list[list[str]]:
    """The rows of a list page by page, as its links lead on (next) or back (prev)."""
    pages = []
    while address:
        page = site.get(address).content.decode()
        pages.append(rows(page))
        found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        address = f"{address.partition('?')[0]}{found[1].replace('&amp;', '&')}" if found else ""
    return pages


def last_page(site: Client, address: str) -> str:
    while found := re.search(r'rel="next" href="([^"]+)"', site.get(address).content.decode()):
        address = f"{address.partition('?')[0]}{found[1].replace('&amp;', '&')}"
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
