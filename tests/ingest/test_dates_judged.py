"""Dates that people judge: what is suggested and why, and that a judgement outlasts every later dump."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from archive.audit import AuditEntry
from archive.choices import ContentKind, DatePrecision, DateVerb
from archive.ingest import serialise
from archive.ingest.date_decisions import NoDate, leave_undated, read_date, set_date, undo_date
from archive.ingest.date_suggestions import suggestions
from archive.ingest.entities.decisions import By
from archive.ingest.reclean import reclean
from archive.models import Article, DateDecision, IndexTask
from tests.ingest.support import LONG, ingest, story, write_dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> By:
    return By(User.objects.create_user("ada", is_staff=True), "the printed page says so")


def stored(tmp_path: Path, *records: dict[str, object], name: str = "a.jsonl") -> list[Article]:
    ingest(write_dump(tmp_path / name, records))
    return list(Article.objects.select_related("source", "raw__dump").order_by("pk"))


def said(article: Article) -> list[tuple[date, str, str]]:
    return [(each.day, each.found.precision, each.where) for each in suggestions([article])[article.pk]]


def test_what_the_address_says_is_suggested(tmp_path: Path, data_dir: Path) -> None:
    one, two = stored(
        tmp_path,
        story(1, url="https://ouse.example/2019/11/05/bridge-closes"),
        story(2, body=f"{LONG} Two.", url="https://ouse.example/news/2019/11/ferry"),
    )
    assert said(one) == [(date(2019, 11, 5), DatePrecision.DAY, "in its address")]
    assert said(two) == [(date(2019, 11, 1), DatePrecision.MONTH, "in its address")]


def test_a_day_that_the_text_names_is_suggested_with_little_confidence(tmp_path: Path, data_dir: Path) -> None:
    (article,) = stored(tmp_path, story(1, body=f"{LONG} It closes on 5 March 2019, and not on March 7, 2019."))
    found = suggestions([article])[article.pk]
    assert [each.day for each in found] == [date(2019, 3, 5), date(2019, 3, 7)]
    assert [each.found.raw for each in found] == ["5 March 2019", "March 7, 2019"]
    assert all(each.found.confidence <= 0.3 for each in found)


def test_a_date_string_in_an_unknown_order_is_suggested_in_both(tmp_path: Path, data_dir: Path) -> None:
    (article,) = stored(tmp_path, story(1, published="03/04/2019"))
    assert {each[0] for each in said(article)} == {date(2019, 3, 4), date(2019, 4, 3)}


def test_the_records_around_it_and_its_file_are_evidence(tmp_path: Path, data_dir: Path) -> None:
    records = [
        story(1, published="2019-03-05"),
        story(2, body=f"{LONG} Two."),
        story(3, body=f"{LONG} Three.", published="2019-03-05"),
    ]
    articles = stored(tmp_path, *records, name="ouse-20190307.jsonl")
    found = said(articles[1])
    assert (date(2019, 3, 5), DatePrecision.DAY, "its place in the dump") in found
    assert (date(2019, 3, 7), DatePrecision.DAY, "in the name of its file") in found


def test_nothing_is_suggested_where_nothing_speaks_for_a_date_least_of_all_today(
    tmp_path: Path, data_dir: Path
) -> None:
    (article,) = stored(tmp_path, story(1, published="yesterday", body=f"{LONG} 1.2.3 and 99/99/2019 and 20191399."))
    assert said(article) == []


def test_suggestions_take_two_queries_for_any_number_of_articles(
    tmp_path: Path, data_dir: Path, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    articles = stored(tmp_path, *[story(n, body=f"{LONG} {n}.") for n in range(20)])
    with django_assert_num_queries(2):
        suggestions(articles)


def test_an_accepted_date_says_its_evidence_and_reaches_the_index(tmp_path: Path, data_dir: Path, ada: By) -> None:
    (article,) = stored(tmp_path, story(1, url="https://ouse.example/2019/11/05/bridge-closes"))
    IndexTask.objects.all().delete()
    decision = set_date(article.pk, suggestions([article])[article.pk][0].found, ada)
    now = Article.objects.get()
    assert (now.published_on, now.published_precision) == (date(2019, 11, 5), DatePrecision.DAY)
    assert now.published_rule == "accepted by an editor: year, month, day"
    assert now.published_raw == "/2019/11/05/".strip("/")
    assert IndexTask.objects.count() == 1
    assert (decision.made_by, decision.reason) == (ada.user, "the printed page says so")
    assert AuditEntry.objects.get().object_id == article.pk


def test_a_judgement_outlasts_a_changed_text_and_cleaning_anew(tmp_path: Path, data_dir: Path, ada: By) -> None:
    (article,) = stored(tmp_path, story(1, published="3 March 2020"))
    set_date(article.pk, read_date("1987-06"), ada)
    stored(tmp_path, story(1, published="4 March 2020", body=f"{LONG} Changed."), name="b.jsonl")
    now = Article.objects.get()
    assert now.version == 2
    assert (now.published_on, now.published_precision) == (date(1987, 6, 1), DatePrecision.MONTH)
    reclean(Article.objects.all())
    assert Article.objects.get().published_on == date(1987, 6, 1)


def test_what_is_left_undated_stays_so(tmp_path: Path, data_dir: Path, ada: By) -> None:
    (article,) = stored(tmp_path, story(1))
    leave_undated(article.pk, ada)
    stored(tmp_path, story(1, published="4 March 2020", body=f"{LONG} Changed."), name="b.jsonl")
    now = Article.objects.get()
    assert (now.published_on, now.published_rule) == (None, "left undated by an editor")


def test_undoing_reads_the_record_again(tmp_path: Path, data_dir: Path, ada: By) -> None:
    (article,) = stored(tmp_path, story(1, published="3 March 2020"))
    decision = set_date(article.pk, read_date("1987"), ada)
    undo_date(decision, ada)
    now = Article.objects.get()
    assert (now.published_on, now.published_raw) == (date(2020, 3, 3), "3 March 2020")
    decision.refresh_from_db()
    assert decision.undone_by == ada.user


def test_a_second_judgement_takes_the_place_of_the_first(tmp_path: Path, data_dir: Path, ada: By) -> None:
    (article,) = stored(tmp_path, story(1))
    set_date(article.pk, read_date("1987"), ada)
    set_date(article.pk, read_date("1988-02-03"), ada)
    assert DateDecision.objects.get(undone_at=None).day == date(1988, 2, 3)
    assert DateDecision.objects.filter(verb=DateVerb.SET).count() == 2


@pytest.mark.parametrize("typed", ["", "soon", "2999-01-01", "0001", "03/04/2019", "x" * 10_000])
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NoDate, match=r"2024-03-05"):
        read_date(typed)


def test_hostile_records_suggest_nothing_and_take_no_time(tmp_path: Path, data_dir: Path) -> None:
    (article,) = stored(tmp_path, story(1))
    assert article.raw is not None
    record = serialise.loads(bytes(article.raw.payload), None, ContentKind.FIELDS)  # type: ignore[arg-type]  # its place does not matter
    assert record
    article.canonical_url = "https://e.example/" + "1/2" * 5000
    article.published_raw = "1" * 300
    assert said(article) == []
