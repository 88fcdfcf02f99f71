"""The queue of dates to judge, and the evidence on the article's page."""

import html
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Article
from tests.ingest.support import LONG, ingest, story, write_dump


@pytest.fixture
def articles(tmp_path: Path, data_dir: Path, db: None) -> list[Article]:
    records = [
        story(1, url="https://ouse.example/2019/11/05/bridge"),
        story(2, body=f"{LONG} Two.", published="<soon>"),
        story(3, body=f"{LONG} Three.", published="03/04/2019"),
        story(4, body=f"{LONG} Four.", published="2019-04-05T10:00:00+02:00"),
    ]
    ingest(write_dump(tmp_path / "a.jsonl", records))
    return list(Article.objects.order_by("pk"))


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    user = User.objects.create_user("ada", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    client.force_login(user)
    return client


def read(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def test_the_queue_is_for_staff_who_may_change_articles(client: Client, articles: list[Article]) -> None:
    assert client.get("/dates/unknown/").status_code == 302
    client.force_login(User.objects.create_user("bob", is_staff=True))
    assert client.get("/dates/unknown/").status_code == 403


def test_undated_articles_stand_in_the_queue_with_what_speaks_for_a_date(
    editor: Client, articles: list[Article]
) -> None:
    page = read(editor, "/dates/unknown/")
    assert "2 articles" in page
    assert "5 November 2019</button>" in page
    assert "in its address: “2019/11/05”" in page
    assert "its record says “<soon>”" in page
    assert "Nothing in its record or around it says when." in page
    assert "<soon>" not in editor.get("/dates/unknown/").content.decode()


def test_doubtful_dates_have_a_queue_of_their_own(editor: Client, articles: list[Article]) -> None:
    page = read(editor, "/dates/unknown/?show=doubtful")
    assert "Story 3" in page
    assert "Story 4" not in page
    assert "4 March 2019</button>" in page or "3 April 2019</button>" in page


def test_a_suggestion_is_accepted_and_undone(editor: Client, articles: list[Article]) -> None:
    key = "2019-11-05 day in its address"
    page = editor.post("/dates/unknown/", {"article": articles[0].pk, "accept": key}, follow=True).content.decode()
    assert "5 November 2019, as suggested" in page
    articles[0].refresh_from_db()
    assert articles[0].published_on == date(2019, 11, 5)
    assert "1 article." in page
    one = f"/dates/unknown/?article={articles[0].pk}"
    assert "judged by ada" in read(editor, one)
    editor.post(one, {"article": articles[0].pk, "undo": "1"})
    articles[0].refresh_from_db()
    assert articles[0].published_on is None


def test_a_date_is_set_by_hand_or_left(editor: Client, articles: list[Article]) -> None:
    editor.post("/dates/unknown/", {"article": articles[0].pk, "set": "1", "date": "March 1987", "reason": "a guess"})
    articles[0].refresh_from_db()
    assert (articles[0].published_on, articles[0].published_precision) == (date(1987, 3, 1), "month")
    editor.post("/dates/unknown/", {"article": articles[1].pk, "leave": "1"})
    page = read(editor, "/dates/unknown/")
    assert "There is nothing to judge here." in page
    assert "Story 2" in read(editor, "/dates/unknown/?show=left")


def test_a_typed_date_that_is_none_is_refused_in_words(editor: Client, articles: list[Article]) -> None:
    data = {"article": articles[0].pk, "set": "1", "date": "<b>soon"}
    page = editor.post("/dates/unknown/", data, follow=True).content.decode()
    assert "“&lt;b&gt;soon” is no day, month or year" in page


def test_nonsense_is_not_found_or_does_nothing(editor: Client, articles: list[Article]) -> None:
    assert editor.post("/dates/unknown/", {"article": "x"}).status_code == 404
    assert editor.post("/dates/unknown/", {"article": articles[0].pk, "accept": "2019"}).status_code == 302
    assert editor.post("/dates/unknown/", {"article": articles[0].pk}).status_code == 302
    assert editor.post("/dates/unknown/", {"article": articles[0].pk, "undo": "1"}).status_code == 404


def test_the_queue_takes_a_constant_number_of_queries(
    editor: Client, articles: list[Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        read(editor, "/dates/unknown/")


def test_the_articles_page_says_how_its_date_is_known(client: Client, articles: list[Article]) -> None:
    page = read(client, articles[3].get_absolute_url())
    assert "Its record says “2019-04-05T10:00:00+02:00”." in page
    assert "time zone +02:00" in page
    assert "known to the minute" in page
    assert "Judge its date" not in page
    assert "Language: <a" in page
    page = read(client, articles[1].get_absolute_url())
    assert "No rule read a date: its record says “<soon>”" in page


def test_staff_are_led_from_the_article_to_its_date(editor: Client, articles: list[Article]) -> None:
    assert f"/dates/unknown/?article={articles[1].pk}" in read(editor, articles[1].get_absolute_url())
