"""The source page: what it shows to whom, and how staff decide about lines with nothing but a form."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.ingest.account import account_of
from archive.ingest.corrections import Correction, correct_article
from archive.ingest.editing import reference
from archive.models import Article, LineDecision
from tests.ingest.support import LONG, ingest

RAW = f"The old bridge over the Ouse will close\n\n{LONG}\n\nAdvertisement\n\n{LONG.replace('Monday', 'Sunday')}Advertisement\n"


@pytest.fixture
def article(tmp_path: Path, data_dir: Path, db: None) -> Article:
    (tmp_path / "a.txt").write_text(RAW, "utf-8")
    ingest(tmp_path / "a.txt")
    return Article.objects.get()


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    user = User.objects.create_user("ada", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    client.force_login(user)
    return client


def page(client: Client, article: Article) -> str:
    return client.get(f"/articles/{article.pk}/source/").content.decode()


def words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def decide(client: Client, article: Article, text: str, verb: str) -> str:
    line = next(reference(each) for each in account_of(article).lines if each.text == text)
    path = f"/articles/{article.pk}/source/"
    data = {"lines": [line], "verb": verb, "reason": "a <test> reason"}
    return client.post(path, data, follow=True).content.decode()


def test_readers_see_the_account_and_no_form(client: Client, article: Article) -> None:
    html = page(client, article)
    assert "<del>Advertisement</del>" in html
    assert "removed: advertisement" in words(html)
    assert 'name="lines"' not in html
    assert 'name="verb"' not in html


def test_what_was_done_to_make_sense_of_the_bytes_and_other_titles_stand_beside_the_proof(
    client: Client, tmp_path: Path, data_dir: Path, db: None
) -> None:
    broken = LONG.replace("The council", "The café’s council").encode().decode("cp1252")
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "title": "A vote", "body": broken, "source": "ouse"}))
    ingest(tmp_path / "a.jsonl")
    article = Article.objects.get()
    article.alternative_titles = ["The bridge <closes>"]
    article.save()
    html = page(client, article)
    assert "mojibake undone" in html
    assert "The bridge &lt;closes&gt;" in html


def test_readers_cannot_decide(client: Client, article: Article) -> None:
    assert client.post(f"/articles/{article.pk}/source/", {"verb": "keep"}).status_code == 403
    client.force_login(User.objects.create_user("bob", is_staff=True))
    assert client.post(f"/articles/{article.pk}/source/", {"verb": "keep"}).status_code == 403


def test_staff_put_a_line_back_see_who_did_it_and_undo_it(staff: Client, article: Article) -> None:
    html = decide(staff, article, "Advertisement", "keep")
    assert "1 line put back into the text." in html
    assert "body: restored by hand" in words(html)
    assert "by ada" in html
    assert "a &lt;test&gt; reason" in html
    decision = LineDecision.objects.get()
    html = staff.post(f"/articles/{article.pk}/source/", {"undo": decision.pk}, follow=True).content.decode()
    assert "Undone" in html
    assert Article.objects.get().body == article.body


def test_readers_see_that_an_editor_decided_but_not_who_or_why(staff: Client, article: Article) -> None:
    decide(staff, article, "Advertisement", "keep")
    staff.logout()
    html = page(staff, article)
    assert "restored by hand" in html
    assert "by ada" not in html
    assert "reason&gt;" not in html
    assert "&lt;test" not in html


def test_a_line_whose_part_was_cut_shows_both_parts(staff: Client, article: Article) -> None:
    html = page(staff, article)
    assert html.count("<del>Advertisement</del>") == 2
    assert "removed: glued advertisement" in words(html)
    assert "ten minutes.Advertisement" not in html


def test_the_title_is_no_line_to_decide_about(staff: Client, article: Article) -> None:
    assert page(staff, article).count('name="lines"') == 4


def test_a_refusal_says_why(staff: Client, article: Article) -> None:
    correct_article(article.pk, Correction("Bridge", "", (), ("It closes.",), ""))
    assert "rewritten by hand" in decide(staff, article, "Advertisement", "keep")


def test_no_verb_and_a_foreign_decision_do_nothing(staff: Client, article: Article) -> None:
    path = f"/articles/{article.pk}/source/"
    assert staff.post(path, {"verb": "burn"}).status_code == 302
    assert staff.post(path, {"undo": "9" * 30}).status_code == 302
    assert staff.post(path, {"undo": "999"}).status_code == 404


def test_the_page_takes_a_constant_number_of_queries(
    client: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        page(client, article)
