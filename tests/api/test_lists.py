"""Lists of the API: keyset pages that neither repeat nor miss, whatever is stored meanwhile, in few queries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from archive.choices import RunStatus
from archive.models import Article, Entity, IngestRun, Quotation, Source
from tests.api.conftest import Ask
from tests.views.makers import index, make_article, make_person, make_source

pytestmark = pytest.mark.django_db


def walk(ask: Ask, path: str, **params: Any) -> list[Any]:
    """Every item of a list, page by page."""
    page = ask(path, **params)
    items = list(page["items"])
    while page["next"]:
        page = ask(page["next"].replace("http://testserver", "http://testserver"))
        items += page["items"]
    return items


def test_pages_of_articles_neither_repeat_nor_miss_and_end_with_the_undated(ask: Ask) -> None:
    same = datetime(2020, 5, 3, tzinfo=UTC)
    for number in range(1, 8):
        make_article(number, published_at=same if number % 2 else datetime(2020, number, 1, tzinfo=UTC))
    for number in range(8, 12):
        make_article(number, published_at=None)
    found = [one["id"] for one in walk(ask, "articles", limit=2)]
    assert found == list(Article.objects.published().latest_first().values_list("pk", flat=True))
    assert len(set(found)) == 11


def test_an_article_stored_meanwhile_does_not_shift_the_pages(ask: Ask) -> None:
    for number in range(1, 5):
        make_article(number, published_at=datetime(2020, number, 1, tzinfo=UTC))
    first = ask("articles", limit=2)
    make_article(9, published_at=datetime(2021, 1, 1, tzinfo=UTC))
    titles = [one["title"] for one in first["items"] + ask(first["next"])["items"]]
    assert titles == [f"Quokka census {number}" for number in (4, 3, 2, 1)]


def test_articles_are_narrowed_by_source_language_section_and_day(ask: Ask) -> None:
    make_article(1, language="de", section="Wildlife", published_at=datetime(2020, 3, 1, tzinfo=UTC))
    make_article(2, language="en", published_at=datetime(2020, 4, 1, tzinfo=UTC))
    for params in (
        {"language": "de"},
        {"section": "Wildlife"},
        {"published_to": "2020-03-31"},
        {"published_from": "2020-02-29", "published_to": "2020-03-01", "source": "island-post"},
    ):
        assert [one["title"] for one in ask("articles", **params)["items"]] == ["Quokka census 1"]
    assert ask("articles", updated_since="2999-01-01T00:00:00Z")["items"] == []
    assert len(ask("articles", updated_since="2001-01-01T00:00:00Z")["items"]) == 2


def test_a_hidden_article_is_in_no_answer(ask: Ask, site: Client) -> None:
    hidden, _ = make_article(1, visibility="hidden"), make_article(2, title="Terns", body=["Terns."])
    person = make_person("Ada Vale", hidden)
    Quotation.objects.create(article=hidden, speaker=person, start=0, end=6, text="Quokka")
    index()
    assert [one["title"] for one in ask("articles")["items"]] == ["Terns"]
    assert ask("search", q="quokka")["total"] == 0
    assert [one["article_count"] for one in ask("sources")["items"]] == [1]
    for part in ("", "/articles", "/quotes"):
        assert site.get(f"/api/v1/entities/person/ada-vale{part}").status_code == 404
    for part in ("", "/versions", "/entities", "/provenance", "/ledger"):
        assert site.get(f"/api/v1/articles/{hidden.pk}{part}").status_code == 404


def test_a_source_for_some_readers_is_there_for_them_alone(ask: Ask, site: Client, django_user_model: Any) -> None:
    article = make_article(1)
    make_person("Ada Vale", article)
    other = make_article(2, title="Terns")
    Article.objects.filter(pk=other.pk).update(source=make_source("Other Post"))
    group = Group.objects.create(name="desk")
    Source.objects.filter(pk=article.source_id).update(only_for=group)
    index()
    paths = (f"articles/{article.pk}", "entities/person/ada-vale", "sources/island-post")
    assert [site.get(f"/api/v1/{path}").status_code for path in paths] == [404, 404, 404]
    assert ask("search", q="quokka")["total"] == 1
    member = django_user_model.objects.create_user("bo")
    member.groups.add(group)
    site.force_login(member)
    assert [site.get(f"/api/v1/{path}").status_code for path in paths] == [200, 200, 200]
    assert ask("search", q="quokka")["total"] == 2
    assert len(ask("articles")["items"]) == 2


def test_names_are_listed_by_count_and_by_name_page_by_page(ask: Ask) -> None:
    for number, name in enumerate(("Ada Vale", "Bo Reed", "Cy Moss", "Di Finch", "Ed Lark")):
        person = make_person(name)
        Entity.objects.filter(pk=person.pk).update(article_count=1 + number // 2)
    by_count = walk(ask, "entities", limit=2, kind="person")
    assert [one["name"] for one in by_count] == ["Ed Lark", "Cy Moss", "Di Finch", "Ada Vale", "Bo Reed"]
    by_name = walk(ask, "entities", limit=2, sort="name")
    assert [one["name"] for one in by_name] == ["Ada Vale", "Bo Reed", "Cy Moss", "Di Finch", "Ed Lark"]
    assert [one["name"] for one in ask("entities", name="moss")["items"]] == ["Cy Moss"]


def test_a_merged_name_answers_as_what_it_became_and_a_hidden_one_not(ask: Ask, site: Client) -> None:
    kept, gone = make_person("Ada Vale", make_article()), make_person("A. Vale")
    Entity.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert ask("entities/person/a-vale")["slug"] == "ada-vale"
    Entity.objects.filter(pk=kept.pk).update(is_hidden=True)
    assert site.get("/api/v1/entities/person/ada-vale").status_code == 404


def test_quotes_of_a_person_come_with_their_article(ask: Ask) -> None:
    article = make_article()
    person = make_person("Ada Vale", article)
    for start in (0, 7):
        Quotation.objects.create(article=article, speaker=person, start=start, end=start + 6, text="census"[:6])
    found = walk(ask, "entities/person/ada-vale/quotes", limit=1)
    assert [(one["start"], one["article"]["id"]) for one in found] == [(7, article.pk), (0, article.pk)]


def test_a_search_answers_as_the_page_does_with_facets_and_all_its_pages(ask: Ask) -> None:
    articles = [make_article(number) for number in range(1, 8)]
    make_person("Ada Vale", *articles[:3])
    index()
    answer = ask("search", q="quokkas", facets="true", limit=3)
    assert (answer["total"], answer["understood_as"]) == (7, "quokkas, in titles and text")
    people = next(one for one in answer["facets"] if one["name"] == "person")
    assert people["values"] == [{"value": "ada-vale", "label": "Ada Vale", "count": 3}]
    assert "<mark>Quokka</mark>" in answer["items"][0]["title_html"]
    assert len({one["article"]["id"] for one in walk(ask, "search", q="quokkas", limit=3)}) == 7
    assert ask("search", q="quokkas", person="ada-vale")["total"] == 3
    assert ask("search", q="quokkas", **{"not-person": "ada-vale"})["total"] == 4


def test_a_search_by_date_repeats_nothing_when_articles_are_stored_meanwhile(ask: Ask) -> None:
    for number in range(1, 10):
        make_article(number, published_at=datetime(2020, 1, number, tzinfo=UTC))
    make_article(10, published_at=None)
    index()
    first = ask("search", q="quokka", sort="newest", limit=5)
    for number in range(11, 16):
        make_article(number, published_at=datetime(2021, 1, number, tzinfo=UTC))
    index()
    second = ask(first["next"])
    found = [one["article"]["title"] for one in first["items"] + second["items"]]
    assert found == [f"Quokka census {number}" for number in (9, 8, 7, 6, 5, 4, 3, 2, 1, 10)]
    assert second["next"] is None


def test_a_search_takes_what_the_box_takes(ask: Ask) -> None:
    make_article(1)
    index()
    assert ask("search", q="quokka " + "OR quokka " * 190, sort="fresh")["total"] == 1


def test_runs_are_shown_to_those_who_may_see_them_in_the_admin(site: Client, django_user_model: Any) -> None:
    run = IngestRun.objects.create(status=RunStatus.DONE, read=2, stored=2)
    assert site.get("/api/v1/runs").status_code == 401
    site.force_login(django_user_model.objects.create_user("reader"))
    assert site.get("/api/v1/runs").status_code == 403
    site.force_login(django_user_model.objects.create_superuser("ada"))
    assert site.get("/api/v1/runs").json()["items"][0]["stored"] == 2
    assert site.get(f"/api/v1/runs/{run.pk}").json()["status"] == "done"
    assert site.get(f"/api/v1/runs/{run.pk + 1}").status_code == 404


@pytest.mark.parametrize("many", [10, 1_000])
def test_each_address_asks_as_often_for_a_thousand_rows_as_for_ten(
    many: int, site: Client, django_assert_num_queries: Any, django_user_model: Any
) -> None:
    source = make_article(1).source
    day = datetime(2020, 2, 1, tzinfo=UTC)
    articles = Article.objects.bulk_create(
        Article(source=source, title=f"Quokka {n}", external_id=f"b{n}", text_hash=f"b{n}", body=["Quokkas."],
                published_at=day, published_on=day.date())
        for n in range(many)
    )  # fmt: skip
    person = make_person("Ada Vale", *articles)
    Quotation.objects.bulk_create(
        Quotation(article=one, speaker=person, start=0, end=6, text="Quokka") for one in articles
    )
    IngestRun.objects.bulk_create(IngestRun(status=RunStatus.DONE) for _ in range(many))
    index()
    queries = {
        "articles?limit=5": 1,
        f"articles/{articles[0].pk}": 2,
        f"articles/{articles[0].pk}/versions": 2,
        f"articles/{articles[0].pk}/entities": 2,
        f"articles/{articles[0].pk}/ledger": 3,
        "entities?limit=5": 1,
        "entities/person/ada-vale": 3,
        "entities/person/ada-vale/articles?limit=5": 3,
        "entities/person/ada-vale/quotes?limit=5": 3,
        "sources": 1,
        "sources/island-post": 1,
    }
    for path, count in queries.items():
        with django_assert_num_queries(count):
            assert site.get(f"/api/v1/{path}").status_code == 200, path
    site.get("/api/v1/search?q=quokkas&facets=true")
    with django_assert_num_queries(7):
        assert site.get("/api/v1/search?q=quokkas&facets=true&limit=5").status_code == 200
    site.force_login(django_user_model.objects.create_superuser("ada"))
    with django_assert_num_queries(3):
        assert site.get("/api/v1/runs?limit=5").status_code == 200
