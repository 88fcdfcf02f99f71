"""Similar articles: by rare names and words of the headline, with the reason, and never what a reader may not see."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from archive.access import ANYBODY
from archive.models import Entity
from archive.views.similar import similar
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def test_an_article_that_shares_rare_names_and_words_is_similar_and_the_reason_is_said(site: Client) -> None:
    one = make_article(1, title="Lighthouse keeper retires")
    other = make_article(2, title="New lighthouse at Saint Orran")
    hidden = make_article(3, title="Lighthouse secret", visibility="hidden")
    for number in range(4, 12):
        make_article(number, title="Harbour news")
    make_person("Ada Vale", one, other, hidden)
    make_person("Jon Brook", one, hidden)
    index()
    found = similar(one, Entity.objects.all(), (), ANYBODY)
    assert [(each.article, set(each.shared)) for each in found] == [(other, {"Ada Vale", "lighthouse"})]
    page = site.get(one.get_absolute_url()).content.decode()
    assert "<h2>Similar</h2>" in page
    assert "Ada Vale" in page.partition("<h2>Similar</h2>")[2].partition("</section>")[0]
    assert not similar(one, Entity.objects.all(), (other.pk,), ANYBODY)


def test_articles_that_a_reader_may_not_see_take_nobodys_place(site: Client) -> None:
    one, other = make_article(1, title="Lighthouse"), make_article(2, title="Lighthouse")
    hidden = [make_article(number, title="Lighthouse", visibility="hidden") for number in range(3, 16)]
    make_person("Ada Vale", one, other, *hidden)
    make_person("Jon Brook", one, other, *hidden)
    index()
    assert [each.article for each in similar(one, Entity.objects.all(), (), ANYBODY)] == [other]


def test_the_rarer_what_is_shared_the_more_it_counts(site: Client) -> None:
    one, rare, common = (make_article(n, title="News") for n in range(1, 4))
    others = [make_article(number, title="News") for number in range(4, 30)]
    make_person("Ada Vale", one, rare)
    make_person("Jon Brook", one, common, *others)
    make_person("Eve Moss", one, rare, common, *others)
    index()
    found = similar(one, Entity.objects.all(), (), ANYBODY)
    assert found[0].article == rare
    assert found[0].shared[0] == "Ada Vale"


@pytest.mark.parametrize("many", [10, 400])
def test_similar_articles_cost_the_same_few_questions(site: Client, many: int, django_assert_num_queries: Any) -> None:
    articles = [make_article(number, title=f"Lighthouse {number}") for number in range(1, many + 1)]
    make_person("Ada Vale", *articles[:5])
    make_person("Jon Brook", *articles)
    index()
    named = list(Entity.objects.all())
    similar(articles[0], named, (), ANYBODY)
    with django_assert_num_queries(3):
        assert similar(articles[0], named, (), ANYBODY)
