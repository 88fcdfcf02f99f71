"""The rules page and the way of a source's rule: proposed from a line, seen, made, applied, withdrawn."""

import html
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.choices import LineVerb, Visibility
from archive.ingest.account import account_of
from archive.ingest.cleaning.rules import ALL_RULES
from archive.ingest.editing import decide_lines, reference
from archive.ingest.entities.decisions import By
from archive.ingest.reclean import begin, work_off
from archive.ingest.rule_runs import work_off_rule
from archive.models import Article, Cut, RecleanRun, Source, SourceRule
from tests.ingest.support import LONG, ingest, story, write_dump

LINE = "The Ouse Times is printed in York."


@pytest.fixture
def article(tmp_path: Path, data_dir: Path, db: None) -> Article:
    bodies = [f"{LONG} {n}\n\n{LONG} so {n}\n\n{LINE}\n\nShare\n\nAdvertisement" for n in range(4)]
    ingest(write_dump(tmp_path / "a.jsonl", [story(n, body=body) for n, body in enumerate(bodies)]))
    return Article.objects.order_by("pk")[0]


@pytest.fixture
def archivist(client: Client, db: None) -> Client:
    user = User.objects.create_user("ada", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_article", "change_source"]))
    client.force_login(user)
    return client


def line(article: Article, text: str) -> str:
    return next(reference(each) for each in account_of(article).lines if each.text == text)


def read(client: Client, path: str, **asked: object) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_readers_see_every_rule_with_its_counts_and_examples(client: Client, article: Article) -> None:
    page = read(client, "/rules/")
    assert [rule.name for rule in ALL_RULES if f">{rule.name}</a>" not in page and "source-" not in rule.name] == []
    assert '<td class="n" data-label="Lines">4</td>' in page
    assert "#line-7" in page
    assert "Latest runs" not in page


def test_counts_leave_out_what_a_reader_may_not_see(client: Client, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(visibility=Visibility.HIDDEN)
    page = read(client, "/rules/")
    assert '<td class="n" data-label="Lines">3</td>' in page
    assert "3 in 3" in read(client, "/rules/share/")
    Source.objects.update(only_for=Group.objects.create(name="The few"))
    assert '<td class="n" data-label="Lines">3</td>' not in read(client, "/rules/")
    assert "Where it cuts most" not in read(client, "/rules/share/")


def test_the_share_that_people_put_back_is_seen(client: Client, article: Article) -> None:
    decide_lines(article.pk, [line(article, "Share")], LineVerb.KEEP, By())
    page = read(client, "/rules/", sort="restored")
    assert "1 (25.0 %)" in page
    assert page.index(">share</a>") < page.index(">advertisement</a>")
    page = read(client, "/rules/share/")
    assert "Put back by editors" in page
    assert "3 lines in 3 articles; editors put 1 back (25.0 %)." in page


def test_the_page_takes_the_same_few_queries_however_many_cuts_there_are(
    client: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Cut.objects.bulk_create([Cut(article=article, line=n, text="x", rule=f"old-{n % 40}") for n in range(400)])
    with django_assert_max_num_queries(6):
        read(client, "/rules/")


def test_hidden_articles_are_no_examples(client: Client, article: Article) -> None:
    Article.objects.update(visibility="hidden")
    assert "#line-" not in read(client, "/rules/")
    assert "<del>" not in read(client, "/rules/share/")


def test_an_unknown_rule_and_an_unknown_source_are_not_found(client: Client, article: Article) -> None:
    assert client.get("/rules/no-such-rule/").status_code == 404
    assert client.get("/rules/", {"source": "nobody"}).status_code == 404


def test_a_rule_goes_from_a_line_through_a_preview_to_its_end(archivist: Client, article: Article) -> None:
    source_page = f"/articles/{article.pk}/source/"
    asked = {"lines": [line(article, LINE)], "everywhere": "cut"}
    answer = archivist.post(source_page, asked, follow=True)
    page = html.unescape(answer.content.decode())
    assert "<b>4 articles</b> would change, 4 lines" in page
    assert page.count("would be removed") == 3 + 4
    assert not SourceRule.objects.exists()
    form = {"article": article.pk, "line": line(article, LINE), "verb": "cut", "seen": "4", "reason": "printer"}
    page = html.unescape(archivist.post("/rules/new/", form, follow=True).content.decode())
    rule = SourceRule.objects.get()
    assert f"source-rule-{rule.pk}" in page
    assert "printer" in page
    run = RecleanRun.objects.get()
    work_off_rule(run)
    assert "4 lines in 4 articles" in read(archivist, f"/rules/source-rule-{rule.pk}/")
    assert "Done" in read(archivist, f"/rules/runs/{run.pk}/")
    archivist.post(f"/rules/source-rule-{rule.pk}/")
    work_off_rule(RecleanRun.objects.first())  # type: ignore[arg-type]  # there is one
    article.refresh_from_db()
    assert LINE in article.body
    assert "Withdrawn by ada" in read(archivist, f"/rules/source-rule-{rule.pk}/")


def test_what_changed_since_the_preview_is_shown_again(archivist: Client, article: Article) -> None:
    form = {"article": article.pk, "line": line(article, LINE), "verb": "cut", "seen": "3"}
    page = html.unescape(archivist.post("/rules/new/", form).content.decode())
    assert "would change 4 articles, not 3" in page
    assert not SourceRule.objects.exists()


def test_readers_and_editors_neither_propose_nor_withdraw(client: Client, article: Article) -> None:
    assert client.get("/rules/new/", {"article": article.pk}).status_code == 302
    user = User.objects.create_user("bob", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    client.force_login(user)
    assert client.get("/rules/new/", {"article": article.pk}).status_code == 403
    assert client.post("/rules/share/").status_code == 403
    assert client.get("/rules/runs/1/").status_code == 403
    assert "Cut it everywhere" not in read(client, f"/articles/{article.pk}/source/")


def test_a_reader_does_not_learn_who_made_a_rule_or_why(archivist: Client, article: Article) -> None:
    form = {"article": article.pk, "line": line(article, LINE), "verb": "keep", "seen": "0", "reason": "secret"}
    archivist.post("/rules/new/", form)
    rule = SourceRule.objects.get()
    archivist.logout()
    page = read(archivist, f"/rules/source-keep-{rule.pk}/")
    assert "secret" not in page
    assert "ada" not in page.replace("data", "")


def test_a_run_of_reclean_has_a_report(archivist: Client, article: Article) -> None:
    run = begin(None, dry_run=True, by=By())
    work_off(run)
    page = read(archivist, f"/rules/runs/{run.pk}/")
    assert "rehearsed" in page
    assert "4 of 4" in page
    assert f"/rules/runs/{run.pk}/" in read(archivist, "/rules/")
