"""Collections: made, filled, ordered, annotated, taken away, shared and revoked; each belongs to one reader."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from archive import shelves
from archive.access import ANYBODY
from archive.models import Article, Collection
from tests.views.makers import make_article, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client, data_dir: Path, django_user_model: Any) -> Client:
    client.force_login(django_user_model.objects.create_user("ada"))
    return client


def titles(answer: Any) -> list[str]:
    return [item.article.title for item in answer.context["page"]]


def collect(client: Client, *articles: Article, name: str = "Quokkas", **fields: str) -> Collection:
    answer = client.post("/collections/add/", {"article": [one.pk for one in articles], "name": name, **fields})
    assert answer.status_code == 302, answer.content
    return Collection.objects.get(name=name)


def test_a_stranger_is_asked_to_sign_in_and_led_back(client: Client, data_dir: Path) -> None:
    answer = client.get("/collections/add/?article=1&article=2")
    assert answer.status_code == 302
    assert answer["Location"].endswith("next=/collections/add/%3Farticle%3D1%26article%3D2")


def test_ticked_articles_go_into_a_new_collection_once_and_in_their_order(ada: Client) -> None:
    first, second, third = (make_article(number) for number in (1, 2, 3))
    page = ada.get(f"/collections/add/?article={second.pk}&article={first.pk}&article=x&article=99999").content.decode()
    assert "Put 2 articles into a collection" in page
    made = collect(ada, second, first, note="for Sunday")
    collect(ada, first, third)
    answer = ada.get(made.get_absolute_url())
    assert titles(answer) == [second.title, first.title, third.title]
    assert answer.content.decode().count("for Sunday</p>") == 2


def test_an_item_is_moved_noted_and_removed(ada: Client) -> None:
    made = collect(ada, *(make_article(number) for number in (1, 2, 3)))
    item = made.items.get(position=3)
    url = made.get_absolute_url()
    ada.post(url, {"verb": "move", "item": item.pk, "place": "1"})
    assert titles(ada.get(url))[0] == item.article.title
    ada.post(url, {"verb": "move", "item": item.pk, "place": "999"})
    assert titles(ada.get(url))[2] == item.article.title
    ada.post(url, {"verb": "note", "item": item.pk, "note": "<b>see page 7</b>"})
    assert "&lt;b&gt;see page 7&lt;/b&gt;" in ada.get(url).content.decode()
    ada.post(url, {"verb": "remove", "item": item.pk})
    assert len(titles(ada.get(url))) == 2


def test_two_collections_of_one_name_are_refused_in_words(ada: Client) -> None:
    made = collect(ada, make_article())
    assert "You have a collection of this name" in ada.post("/collections/", {"name": "Quokkas"}).content.decode()
    other = ada.post("/collections/", {"name": "Terns", "note": ""})["Location"]
    page = ada.post(other, {"verb": "rename", "name": "Quokkas", "note": ""}).content.decode()
    assert "You have a collection of this name" in page
    assert "<h1>Terns</h1>" in page
    ada.post(other, {"verb": "delete"})
    assert list(Collection.objects.all()) == [made]


def test_a_collection_is_nobody_elses(ada: Client, django_user_model: Any) -> None:
    made = collect(ada, make_article())
    other = Client()
    other.force_login(django_user_model.objects.create_user("bo"))
    url = made.get_absolute_url()
    assert [other.get(url).status_code, other.post(url, {"verb": "delete"}).status_code] == [404, 404]
    assert other.get(f"{url}export.csv").status_code == 404
    make_article(2)
    other.post("/collections/add/", {"article": Article.objects.last().pk, "collection": made.pk})  # type: ignore[union-attr]
    assert made.items.count() == 1
    foreign = Collection.objects.create(owner=django_user_model.objects.get(username="bo"), name="Bo's")
    shelves.add(foreign, [made.items.get().article_id], ANYBODY)
    assert ada.post(url, {"verb": "remove", "item": foreign.items.get().pk}).status_code == 404


def test_where_readers_must_sign_in_a_shared_link_asks_for_that_too(ada: Client, settings: Any) -> None:
    settings.ARCHIVE_SIGN_IN = True
    made = Collection.objects.create(owner=get_user_model().objects.get(username="ada"), name="Ships", token="t" * 43)
    for link in (f"/shared/{made.token}/", f"/shared/{made.token}/export.jsonl"):
        assert Client().get(link).status_code == 302
        assert ada.get(link).status_code == 200


def test_a_shared_link_shows_it_to_anybody_until_it_is_revoked(ada: Client) -> None:
    made = collect(ada, make_article(), note="a note")
    url, stranger = made.get_absolute_url(), Client()
    ada.post(url, {"verb": "share"})
    made.refresh_from_db()
    assert made.token
    link = f"/shared/{made.token}/"
    answer = stranger.get(link)
    assert "a note" in answer.content.decode()
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "csrf" not in answer.content.decode()
    assert "ada" not in answer.content.decode().replace("readable", "")
    assert stranger.get(f"{link}export.csv").status_code == 200
    assert stranger.post(link, {"verb": "delete"}).status_code == 405
    ada.post(url, {"verb": "share"})
    assert stranger.get(link).status_code == 404, "a new link revokes the old"
    ada.post(url, {"verb": "revoke"})
    made.refresh_from_db()
    assert made.token is None
    assert [stranger.get(one).status_code for one in (link, "/shared/None/", "/shared/x/")] == [404, 404, 404]


def test_what_is_hidden_later_is_in_no_collection_or_export_of_it(ada: Client) -> None:
    seen, hidden = make_article(1), make_article(2, title="Secret")
    made = collect(ada, seen, hidden)
    shelves.share(made)
    Article.objects.filter(pk=hidden.pk).update(visibility="hidden")
    for url in (made.get_absolute_url(), f"/shared/{made.token}/"):
        page = ada.get(url).content.decode()
        assert "Secret" not in page
        assert "<b>1 article</b>" in page
        assert b"Secret" not in b"".join(ada.get(f"{url}export.csv").streaming_content)  # type: ignore[arg-type]


def test_an_export_keeps_order_and_notes(ada: Client) -> None:
    first, second = make_article(1), make_article(2)
    made = collect(ada, second, note="=cmd|' /C calc'!A0")
    collect(ada, first, note="plain")
    base = f"{made.get_absolute_url()}export."
    text = b"".join(ada.get(f"{base}csv").streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text)))
    assert [(row[2], row[-1]) for row in rows[1:-1]] == [
        ("Quokka census 2", "'=cmd|' /C calc'!A0"),
        ("Quokka census 1", "plain"),
    ]
    assert b"N1  - plain" in b"".join(ada.get(f"{base}ris").streaming_content)  # type: ignore[arg-type]
    assert b"note = {plain}" in b"".join(ada.get(f"{base}bib").streaming_content)  # type: ignore[arg-type]


@pytest.mark.parametrize("many", [10, 1_000])
def test_a_collection_asks_as_often_for_a_thousand_articles_as_for_ten(
    many: int, ada: Client, django_assert_num_queries: Any, django_user_model: Any
) -> None:
    day = datetime(2020, 2, 1, tzinfo=UTC)
    source = make_source()
    articles = Article.objects.bulk_create(
        Article(source=source, title=f"Q {n}", external_id=f"{n}", text_hash=f"{n}", published_at=day, published_on=day)
        for n in range(many)
    )
    made = Collection.objects.create(owner=django_user_model.objects.get(), name="Many")
    shelves.add(made, [one.pk for one in articles], ANYBODY)
    shelves.share(made)
    for url in (f"{made.get_absolute_url()}?all=1", "/collections/"):
        ada.get(url)
    with django_assert_num_queries(6):
        assert len(titles(ada.get(f"{made.get_absolute_url()}?all=1"))) == many
    with django_assert_num_queries(3):
        assert len(titles(Client().get(f"/shared/{made.token}/?all=1"))) == many
