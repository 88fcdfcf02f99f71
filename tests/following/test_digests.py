"""Followed searches: a mail names the query and the words, repeats no article, reports a broken query once."""

import json
import smtplib
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from archive.choices import DigestStatus
from archive.digest_mail import send, stop_token
from archive.errors import IndexUnavailable
from archive.following import due, gather
from archive.models import Article, Digest, SavedSearch, Source
from archive.search.packing import pack, unpack
from tests.views.makers import index, make_article, make_person, make_source

pytestmark = pytest.mark.django_db
Run = Callable[..., dict[str, int]]


@pytest.fixture
def ada(client: Client, data_dir: Path, django_user_model: Any) -> Client:
    """Ada, who follows "quokkas" when one article of them is there."""
    client.force_login(django_user_model.objects.create_user("ada", "ada@example.org"))
    make_article(1)
    index()
    answer = client.post("/following/add/", {"q": "quokkas", "name": "Quokka news", "rhythm": "daily"})
    assert answer.status_code == 302
    return client


@pytest.fixture
def run() -> Run:
    """`send_digests` some days later than it ran before."""

    def run(*flags: str, exit_status: int = 0) -> dict[str, int]:
        SavedSearch.objects.filter(looked_at__isnull=False).update(looked_at=timezone.now() - timedelta(days=8))
        out = StringIO()
        try:
            call_command("send_digests", "--json", *flags, stdout=out, stderr=StringIO())
            status = 0
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        assert status == exit_status
        return json.loads(out.getvalue()) if out.getvalue() else {}

    return run


def test_packed_numbers_come_back_in_their_order() -> None:
    assert unpack(pack([5, 3, 2**40])) == (5, 3, 2**40)
    assert unpack(b"") == ()


def test_only_what_is_new_is_mailed_with_the_query_and_the_words(ada: Client, run: Run) -> None:
    assert run() == {"sent": 0, "waiting": 0, "interrupted": 0}
    fresh = make_article(2)
    make_article(3, title="Terns", body=["Terns."])
    index()
    assert run()["sent"] == 1
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert sent.subject == "1 new article: Quokka news"
    body = str(sent.body)
    assert "searched: quokkas, in titles and text" in body
    assert "Quokka census 2" in body
    assert "Quokka census 1" not in body
    assert "found by: Quokka, quokkas" in body
    assert f"http://localhost:8000{fresh.get_absolute_url()}" in body
    assert "&#" not in body


def test_no_article_is_mailed_twice_however_often_it_runs(ada: Client, run: Run) -> None:
    fresh = make_article(2)
    index()
    assert [run()["sent"], run()["sent"]] == [1, 0]
    fresh.title = "Quokka census, corrected"
    fresh.save()
    Article.objects.filter(pk=fresh.pk).update(visibility="hidden")
    index()
    assert run()["sent"] == 0
    Article.objects.filter(pk=fresh.pk).update(visibility="public")
    index()
    assert run()["sent"] == 0
    assert len(mail.outbox) == 1


def test_one_mail_holds_all_searches_and_each_article_once(ada: Client, run: Run) -> None:
    ada.post("/following/add/", {"q": "rangers", "name": "Rangers", "rhythm": "weekly"})
    make_article(2)
    make_article(3, title="Rangers meet", body=["Rangers met."])
    index()
    run()
    (sent,) = mail.outbox
    assert sent.subject == "2 new articles: Quokka news, Rangers"
    assert str(sent.body).count("Quokka census 2") == 1


def test_a_search_is_looked_after_as_often_as_its_reader_chose(ada: Client) -> None:
    saved = SavedSearch.objects.get()
    for rhythm, days, is_due in (("never", 30, False), ("daily", 1, True), ("weekly", 3, False), ("weekly", 7, True)):
        looked = timezone.now() - timedelta(days=days)
        SavedSearch.objects.filter(pk=saved.pk).update(rhythm=rhythm, looked_at=looked)
        call_command("send_digests", stdout=StringIO())
        saved.refresh_from_db()
        assert (saved.looked_at != looked) == is_due, (rhythm, days)


def test_a_query_that_is_no_longer_understood_is_reported_once(ada: Client, run: Run) -> None:
    person = make_person("Ada Vale", Article.objects.get())
    index()
    ada.post("/following/add/", {"q": 'person:"Ada Vale"', "name": "Vale", "rhythm": "daily"})
    assert run()["sent"] == 0
    person.is_hidden = True
    person.save()
    make_article(1_000)
    index()
    run()
    assert sum("no longer understood" in str(one.body) for one in mail.outbox) == 1
    assert "Ada Vale" in str(mail.outbox[-1].body)
    run()
    assert sum("no longer understood" in str(one.body) for one in mail.outbox) == 1


def test_what_the_mail_server_refuses_waits_and_is_sent_once_it_takes_it(
    ada: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article(2)
    index()
    with monkeypatch.context() as broken:

        def refuse(*_args: object) -> None:
            raise smtplib.SMTPServerDisconnected("come back later")

        broken.setattr("django.core.mail.message.EmailMessage.send", refuse)
        assert run(exit_status=1)["waiting"] == 1
    assert Digest.objects.get().problem == "come back later"
    assert run()["sent"] == 1
    assert len(mail.outbox) == 1


def test_a_mail_whose_sender_died_is_not_sent_again_unless_asked_for(ada: Client, run: Run) -> None:
    make_article(2)
    index()
    run()
    Digest.objects.update(status=DigestStatus.SENDING)
    mail.outbox.clear()
    assert run(exit_status=1) == {"sent": 0, "waiting": 0, "interrupted": 1}
    assert mail.outbox == []
    assert run("--retry")["sent"] == 1
    assert not send(Digest.objects.get()), "what is sent is sent"


def test_a_mail_shows_what_its_reader_may_see_when_it_is_sent(ada: Client, run: Run) -> None:
    made = make_article(2)
    Article.objects.filter(pk=made.pk).update(source=make_source("Closed Post"))
    Source.objects.filter(slug="closed-post").update(only_for=Group.objects.create(name="others"))
    index()
    assert run()["sent"] == 0
    shown = make_article(3)
    index()
    (searches,) = due(timezone.now() + timedelta(days=9))
    digest = gather(searches, timezone.now())
    assert digest is not None
    Article.objects.filter(pk=shown.pk).update(visibility="hidden")
    assert not send(digest)
    assert mail.outbox == []


def test_without_an_index_nothing_is_sent_or_forgotten(ada: Client, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article(2)
    index()
    with monkeypatch.context() as broken:

        def unavailable(*_args: object, **_kwargs: object) -> None:
            raise IndexUnavailable("the index is being rebuilt")

        broken.setattr("archive.following.result_ids", unavailable)
        run(exit_status=1)
    assert run()["sent"] == 1


def test_the_link_in_a_mail_stops_the_mails_of_its_reader_alone(ada: Client, django_user_model: Any) -> None:
    bo = django_user_model.objects.create_user("bo", "bo@example.org")
    SavedSearch.objects.create(owner=bo, name="x", rhythm="daily")
    owner = SavedSearch.objects.get(name="Quokka news").owner_id
    link = f"/following/stop/{stop_token(owner)}/"
    program = Client(enforce_csrf_checks=True)
    assert program.get(link).status_code == 200
    assert SavedSearch.objects.get(owner=owner).rhythm == "daily", "looking stops nothing"
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SavedSearch.objects.get(owner=owner).rhythm == "never"
    assert SavedSearch.objects.get(owner=bo).rhythm == "daily"
    assert program.post("/following/stop/made-up/").status_code == 404


def test_a_reader_changes_and_gives_up_their_own_searches_alone(ada: Client, django_user_model: Any) -> None:
    saved = SavedSearch.objects.get()
    other = Client()
    other.force_login(django_user_model.objects.create_user("bo"))
    assert other.post("/following/", {"search": saved.pk, "verb": "drop"}).status_code == 404
    ada.post("/following/", {"search": saved.pk, "rhythm": "weekly"})
    assert SavedSearch.objects.get().rhythm == "weekly"
    assert "Quokka news" in ada.get("/following/").content.decode()
    ada.post("/following/", {"search": saved.pk, "verb": "drop"})
    assert not SavedSearch.objects.exists()


def test_a_result_page_leads_to_following_with_its_filters(ada: Client) -> None:
    make_person("Ada Vale", Article.objects.get())
    index()
    page = ada.get("/search/?q=quokkas&person=ada-vale&sort=newest").content.decode()
    assert 'href="/following/add/?q=quokkas&amp;person=ada-vale"' in page
    form = ada.get("/following/add/?q=quokkas&person=ada-vale").content.decode()
    assert '<input type="hidden" name="person" value="ada-vale">' in form
    ada.post("/following/add/", {"q": "quokkas", "person": "ada-vale", "rhythm": "never"})
    assert SavedSearch.objects.latest("pk").filters == [["person", ["ada-vale"], False]]
