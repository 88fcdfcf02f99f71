"""The result page: families as one story, pages that follow one another by date, what stays in its addresses."""

import re
from html import unescape

import pytest
from django.test import Client

from archive.models import Appearance, Article, Source, TextSketch
from archive.search import indexing
from tests.search.conftest import archive, article  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def wire(data_dir: object) -> list[Article]:
    """One wire story in four papers, one of which printed it twice under one text; and another story."""
    made = [
        article("Oil prices rise", "Oil rose on Monday.", day="1987-03-02", source=source)
        for source in ("reuters", "times", "post", "post")
    ]
    made.append(article("Oil tax", "A tax on oil.", day="1987-03-05", source="times"))
    for one in made[:4]:
        TextSketch.objects.create(article=one, version=1, state=b"", leader=made[0])
    herald = Source.objects.create(slug="herald", name="Herald")
    Appearance.objects.create(article=made[4], source=herald, external_id="7")
    indexing.drain()
    return made


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_nearly_the_same_texts_are_one_story_with_honest_counts(client: Client, wire: list[Article]) -> None:
    text = page(client, "/search/?q=oil")
    assert "5 articles in 2 stories" in text
    assert "also in 2 sources, 3 times" in text
    assert "also in 1 source" in text
    assert text.count("why?") == 2


def test_every_copy_can_be_listed_by_itself(client: Client, wire: list[Article]) -> None:
    text = page(client, "/search/?q=oil&copies=1")
    assert "5 articles :" in text.replace("articles:", "articles :")
    assert "stories" not in text
    assert text.count("why?") == 5
    assert "Nearly the same texts as one" in text


def test_copies_are_opened_in_place_without_javascript(client: Client, wire: list[Article]) -> None:
    content = client.get("/search/?q=oil").content.decode()
    (first, second) = re.findall(r'<details class="copies">.*?</details>', content, re.DOTALL)
    shown = set(re.findall(r'href="/articles/(\d+)/', first + second))
    # Three of the four are copies of the fourth; the appearance has no page but that of its article.
    assert len(shown - {str(wire[4].pk)}) == 3


def test_a_page_takes_as_many_queries_with_copies_as_without(
    client: Client, wire: list[Article], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture of pytest-django
        client.get("/search/?q=oil")


def test_next_pages_by_date_lead_through_all_hits_while_others_come_in(client: Client, data_dir: object) -> None:
    for number in range(45):
        article(f"Oil {number}", "oil", day=f"1990-{number // 28 + 1:02}-{number % 28 + 1:02}")
    indexing.drain()
    seen: list[str] = []
    address = "/search/?q=oil&sort=newest"
    for step in range(3):
        content = client.get(address).content.decode()
        seen += re.findall(r"<h2><a [^>]*>(?:<mark>)?Oil(?:</mark>)? (\d+)", content)
        if step == 0:
            article("Oil fresh", "oil", day="1999-01-01")
            indexing.drain()
        found = re.search(r'rel="next" href="([^"]+)"', content)
        address = "/search/" + unescape(found[1]) if found else ""
    assert seen == [str(number) for number in reversed(range(45))]
    assert not address
    for first in ("24", "44"):
        found = re.search(r'rel="prev" href="([^"]+)"', content)
        assert found
        address = "/search/" + unescape(found[1])
        if first == "44":
            # The first page is where the newest are, and these have come since.
            Article.objects.filter(title="Oil fresh").update(visibility="hidden")
        content = client.get(address).content.decode()
        assert re.search(r"<h2><a [^>]*>(?:<mark>)?Oil(?:</mark>)? (\d+)", content)[1] == first  # type: ignore[index]  # it is there
    assert "back=" not in address


def test_a_filter_begins_at_the_first_page(client: Client, wire: list[Article]) -> None:
    content = client.get("/search/?q=oil&sort=newest&after=5.5&page=3&copies=1").content.decode()
    links = re.findall(r'href="(\?[^"]*source=[^"]*)"', content)
    assert links
    assert not any("after=" in link or "page=" in link for link in links)
    assert all("copies=1" in link for link in links)


def test_values_of_a_facet_beyond_the_first_twenty_are_one_click_away(client: Client, data_dir: object) -> None:
    for number in range(23):
        article(f"Oil {number}", "oil", section=f"Section {number:02}", source=f"paper-{number:02}")
    indexing.drain()
    content = client.get("/search/?q=oil&sort=oldest").content.decode()
    assert (content.count("?q=oil&amp;sort=oldest&amp;section="), "Section 21" in content) == (20, False)
    (link,) = re.findall(r'href="([^"]*more=section[^"]*)"', content)
    content = client.get("/search/" + unescape(link).partition("#")[0]).content.decode()
    assert content.count("?q=oil&amp;sort=oldest&amp;section=") == 23
    assert content.count("?q=oil&amp;sort=oldest&amp;source=") == 20
    assert "more sections</a>" not in content
    assert 'id="facet-section"' in content


def test_fresh_is_an_order(client: Client, wire: list[Article]) -> None:
    assert "relevance, the newer a little more" in page(client, "/search/?q=oil&sort=fresh")
