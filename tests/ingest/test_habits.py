"""What ingest learns of a source while it stores its articles, and what it does with that."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from archive.choices import ContentKind, LinePlace
from archive.ingest import habit_counts, standing
from archive.ingest.cleaning import clean
from archive.ingest.date_decisions import read_date, set_date
from archive.ingest.entities.decisions import By
from archive.ingest.habits import NO_HABITS, Habits, countable, is_repeated, order_of, with_day_order, without_repeated
from archive.ingest.reclean import reclean
from archive.ingest.records import CleanArticle, Locator, RawRecord
from archive.models import Article, Cut, IndexTask, SourceHabits, SourceLine
from tests.ingest.cleaning.test_page_text import PARAGRAPHS
from tests.ingest.support import ingest

FOOT = "The Emlyn Courier is printed on paper from the mill at Abergwyn"


def record(*lines: str) -> RawRecord:
    return RawRecord(Locator(1), ContentKind.FIELDS, "\n\n".join(lines), title="A vote", published="2019-11-19")


def cleaned(*lines: str) -> CleanArticle:
    return clean(record(*lines))


def habits(line: str, articles: int = 60) -> Habits:
    return Habits(200, {line.lower(): articles})


def test_a_line_of_many_articles_of_the_source_is_cut_with_its_count() -> None:
    article = without_repeated(cleaned(*PARAGRAPHS, FOOT), habits(FOOT), ContentKind.FIELDS)
    assert [(cut.text, cut.rule, cut.reason) for cut in article.removed] == [
        (FOOT, "repeated-in-source", "in 60 of 200 articles of this source")
    ]
    assert article.paragraphs == PARAGRAPHS


@pytest.mark.parametrize("line", ["What happens next", "“We shall not be moved”", "Why does it matter?"])
def test_a_subhead_a_quotation_and_a_question_stay(line: str) -> None:
    lines = (*PARAGRAPHS[:2], line, *PARAGRAPHS[2:])
    article = cleaned(*lines)
    assert line in without_repeated(article, habits(line), ContentKind.FIELDS).paragraphs


def test_an_article_of_repeated_lines_alone_keeps_them() -> None:
    article = cleaned(FOOT)
    assert without_repeated(article, habits(FOOT), ContentKind.FIELDS).paragraphs == (FOOT,)


def test_paragraphs_between_paragraphs_are_not_counted() -> None:
    assert countable(cleaned(*PARAGRAPHS, FOOT), ContentKind.FIELDS)[-1] == FOOT.lower()
    assert PARAGRAPHS[1].lower() not in countable(cleaned(*PARAGRAPHS, FOOT), ContentKind.FIELDS)


@pytest.mark.parametrize(
    ("articles", "of", "first", "last", "expected"),
    [
        (3, 100, date(2020, 1, 1), date(2020, 1, 2), True),
        (2, 2, date(2020, 1, 1), date(2020, 1, 2), False),
        (4, 1_000, date(2020, 1, 1), date(2020, 1, 2), False),
        (50, 100, date(2020, 1, 1), date(2020, 1, 1), False),
        (50, 100, None, None, True),
    ],
    ids=["enough", "too few articles", "too small a share", "all on one day", "days unknown"],
)
def test_what_is_enough_to_be_the_sources_own(
    articles: int, of: int, first: date | None, last: date | None, expected: bool
) -> None:
    assert is_repeated(articles, of, first, last) is expected


def test_three_plain_dates_say_the_order_and_contradictions_do_not() -> None:
    assert order_of(3, 0) is True
    assert order_of(0, 40) is False
    assert order_of(2, 0) is None
    assert order_of(40, 4) is None
    assert order_of(40, 2) is True


def test_a_date_of_unknown_order_is_read_as_its_source_writes_dates() -> None:
    article = clean(RawRecord(Locator(1), ContentKind.FIELDS, "Body.", title="T", published="03/04/2019"))
    british = with_day_order(article, Habits(day_first=True)).published
    american = with_day_order(article, Habits(day_first=False)).published
    assert british is not None
    assert american is not None
    assert (british.value.month, american.value.month) == (4, 3)
    assert british.rule == "date field: numbers, day first as the source writes"
    assert with_day_order(article, NO_HABITS) is article


def dump(path: Path, numbers: range, day: str = "2019-11-{:02}", foot: str = FOOT) -> Path:
    rows = [
        {
            "id": f"a{n}",
            "title": f"Meeting {n}",
            "source": "Emlyn Courier",
            "date": day.format(n % 28 + 1),
            "text": f"{PARAGRAPHS[n % 4]} It was meeting number {n}.\n\n{PARAGRAPHS[(n + 1) % 4]}\n\n{foot}",
        }
        for n in numbers
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return path


@pytest.mark.django_db
def test_ingest_learns_the_lines_of_a_source_and_the_next_dump_is_cleaned_by_them(
    tmp_path: Path, data_dir: Path
) -> None:
    ingest(dump(tmp_path / "a.jsonl", range(6)))
    line = SourceLine.objects.get(key=FOOT.lower())
    assert (line.articles, line.source.habits.articles) == (6, 6)
    ingest(dump(tmp_path / "b.jsonl", range(6, 9)))
    cuts = Cut.objects.filter(rule="repeated-in-source")
    assert {cut.article.external_id for cut in cuts} == {"a6", "a7", "a8"}
    assert cuts[0].reason == "in 6 of 6 articles of this source"
    assert all(FOOT not in cut.article.body for cut in cuts)


@pytest.mark.django_db
def test_the_same_articles_again_are_unchanged_though_the_statistics_grew(tmp_path: Path, data_dir: Path) -> None:
    ingest(dump(tmp_path / "a.jsonl", range(6)))
    again = dump(tmp_path / "again.jsonl", range(6))
    again.write_text(again.read_text("utf-8") + "\n", "utf-8")  # another file: not passed over as the same dump
    report = ingest(again)
    assert (report.counts.unchanged, report.counts.updated) == (6, 0)
    assert SourceHabits.objects.get().articles == 6


@pytest.mark.django_db
def test_reclean_cuts_what_was_learnt_since_and_a_second_time_changes_nothing(tmp_path: Path, data_dir: Path) -> None:
    ingest(dump(tmp_path / "a.jsonl", range(6)))
    assert reclean(Article.objects.all()).changed == 6
    assert not any(FOOT in article.body for article in Article.objects.all())
    assert reclean(Article.objects.all()).changed == 0
    report = ingest(dump(tmp_path / "again.jsonl", range(7)))
    assert (report.counts.unchanged, report.counts.stored) == (6, 1)


@pytest.mark.django_db
def test_the_order_of_day_and_month_is_learnt_from_plain_dates(tmp_path: Path, data_dir: Path) -> None:
    ingest(dump(tmp_path / "a.jsonl", range(20, 24), day="{:02}/11/2019"))
    assert standing.rule_book().habits_of("emlyn-courier").day_first is True
    ingest(dump(tmp_path / "b.jsonl", range(2, 3), day="{:02}/04/2019"))
    article = Article.objects.get(external_id="a2")
    assert article.published_on == date(2019, 4, 3)
    assert "day first as the source writes" in article.published_rule


@pytest.mark.django_db
def test_reclean_reads_dates_again_in_the_order_that_was_learnt_since_but_for_those_somebody_judged(
    tmp_path: Path, data_dir: Path, client: Client
) -> None:
    ingest(dump(tmp_path / "first.jsonl", range(2, 4), day="{:02}/04/2019"))
    doubtful, judged = (Article.objects.get(external_id=each) for each in ("a2", "a3"))
    assert (doubtful.published_on, doubtful.published_confidence) == (date(2019, 3, 4), 0.4)
    set_date(judged.pk, read_date("1987"), By())
    ingest(dump(tmp_path / "plain.jsonl", range(20, 24), day="{:02}/11/2019"))
    IndexTask.objects.all().delete()
    assert reclean(Article.objects.all()).read == 6
    doubtful.refresh_from_db()
    judged.refresh_from_db()
    assert (doubtful.published_on, judged.published_on) == (date(2019, 4, 3), date(1987, 1, 1))
    assert IndexTask.objects.filter(article_id=doubtful.pk).exists()
    assert reclean(Article.objects.all()).unchanged == 6
    assert "Dates in numbers are read day first" in client.get(doubtful.source.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_lines_of_next_to_no_articles_are_forgotten_in_large_sources(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(dump(tmp_path / "a.jsonl", range(6)))
    monkeypatch.setattr(habit_counts, "MANY_LINES", 3)
    habit_counts.forget_rare()
    assert set(SourceLine.objects.values_list("key", flat=True)) >= {FOOT.lower()}
    assert all(line.articles >= 2 for line in SourceLine.objects.all())


def test_the_cut_line_stays_in_the_account() -> None:
    article = cleaned(*PARAGRAPHS, FOOT)
    after = without_repeated(article, habits(FOOT), ContentKind.FIELDS)
    assert [line.text for line in after.lines] == [line.text for line in article.lines]
    assert after.lines[-1].place == LinePlace.REMOVED
