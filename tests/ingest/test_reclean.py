"""`reclean`: a newer chain over stored records, without losing what was cited or corrected by hand."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.choices import DateVerb, LineVerb, RunStatus
from archive.ingest import prepare, standing
from archive.ingest.account import account_of
from archive.ingest.cleaning import clean
from archive.ingest.corrections import Correction, correct_article
from archive.ingest.editing import decide_lines, reference
from archive.ingest.entities.decisions import By
from archive.ingest.reclean import begin, reclean, work_off
from archive.ingest.records import CleanArticle, RawRecord
from archive.locks import file_lock
from archive.models import Appearance, Article, Cut, DateDecision, IndexTask, LineDecision
from tests.ingest.support import LONG, ingest, story, write_dump

pytestmark = pytest.mark.django_db
RAW = f"The old bridge over the Ouse will close\n\n{LONG}\n\nAdvertisement\n\n{LONG.replace('Monday', 'Sunday')}\n\nShare\n"


@pytest.fixture
def article(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    """An article stored by an older chain, which knew no advertisements."""

    def older(record: RawRecord) -> CleanArticle:
        return clean(
            RawRecord(record.locator, record.kind, record.text.replace("Advertisement", "Words of an advertiser."))
        )

    path = tmp_path / "a.txt"
    path.write_text(RAW, "utf-8")
    monkeypatch.setattr(prepare, "clean", older)
    ingest(path)
    monkeypatch.undo()
    return Article.objects.get()


def test_a_newer_chain_makes_a_new_version_and_keeps_the_old(article: Article) -> None:
    IndexTask.objects.all().delete()
    report = reclean(Article.objects.all())
    assert (report.read, report.changed, report.lines_newly_cut) == (1, 1, 1)
    now = Article.objects.get()
    assert now.version == 2
    assert "Words of an advertiser." not in now.body
    assert "Words of an advertiser." in now.versions.get().body
    assert set(Cut.objects.values_list("rule", flat=True)) == {"advertisement", "share"}
    assert now.named_at is None
    assert IndexTask.objects.exists()


def test_a_rehearsal_stores_nothing(article: Article) -> None:
    report = reclean(Article.objects.all(), dry_run=True)
    assert report.changed == 1
    assert report.worst[0].newly_cut == ("Words of an advertiser.",)
    assert Article.objects.get().version == 1


def test_a_second_run_changes_nothing(article: Article) -> None:
    reclean(Article.objects.all())
    report = reclean(Article.objects.all())
    assert (report.changed, report.account_changed, report.unchanged) == (0, 0, 1)


def test_what_was_corrected_by_hand_stays(article: Article) -> None:
    wanted = Correction("Bridge closes", "", (), ("The bridge closes.",), "")
    correct_article(article.pk, wanted)
    report = reclean(Article.objects.all())
    assert (report.changed, report.corrected_by_hand) == (0, 1)
    assert Article.objects.get().body == ["The bridge closes."]


def test_a_change_of_rule_names_alone_makes_no_version(article: Article) -> None:
    reclean(Article.objects.all())
    Cut.objects.filter(rule="share").update(rule="an-older-name")
    report = reclean(Article.objects.all())
    assert (report.changed, report.account_changed) == (0, 1)
    assert Article.objects.get().version == 2
    assert set(Cut.objects.values_list("rule", flat=True)) == {"advertisement", "share"}


def test_the_command_prints_its_report_and_knows_its_sources(article: Article) -> None:
    out = io.StringIO()
    call_command("reclean", "--dry-run", "--json", "--source", article.source.slug, stdout=out)
    report = json.loads(out.getvalue())
    assert report["changed"] == 1
    assert report["worst"][0]["article"] == article.pk
    out = io.StringIO()
    call_command("reclean", stdout=out)
    assert "1 changed" in out.getvalue()
    assert "- Words of an advertiser." in out.getvalue()
    with pytest.raises(CommandError):
        call_command("reclean", "--source", "nobody")


def test_decisions_about_lines_are_kept_and_the_rest_is_cleaned_anew(article: Article) -> None:
    share = next(reference(line) for line in account_of(article).lines if line.text == "Share")
    decide_lines(article.pk, [share], LineVerb.KEEP, By())
    report = reclean(Article.objects.all())
    assert (report.changed, report.corrected_by_hand) == (1, 0)
    now = Article.objects.get()
    assert now.body[-1] == "Share"
    assert "Words of an advertiser." not in now.body
    assert reclean(Article.objects.all()).unchanged == 1


def test_a_date_that_somebody_judged_is_kept(article: Article) -> None:
    DateDecision.objects.create(article=article, verb=DateVerb.LEAVE, rule="left undated by an editor")
    reclean(Article.objects.all())
    now = Article.objects.get()
    assert (now.version, now.published_at, now.published_rule) == (2, None, "left undated by an editor")


@pytest.fixture
def many(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(record: RawRecord) -> CleanArticle:
        return clean(replace(record, text=record.text.replace("Advertisement", "Words of an advertiser.")))

    monkeypatch.setattr(prepare, "clean", older)
    ingest(
        write_dump(
            tmp_path / "many.jsonl", [story(n, body=f"{LONG} {n}\n\n{LONG} so!\n\nAdvertisement") for n in range(12)]
        )
    )
    monkeypatch.undo()
    monkeypatch.setattr("archive.ingest.reclean._BATCH", 5)


def test_a_stopped_run_goes_on_where_it_was(many: None) -> None:
    run = begin(None, dry_run=False, by=By())
    report = work_off(run, stop=lambda: True)
    assert (report.read, run.status) == (5, RunStatus.CANCELLED)
    again = begin(None, dry_run=False, by=By())
    assert again.pk == run.pk
    report = work_off(again)
    assert (report.read, report.changed, again.status) == (12, 12, RunStatus.DONE)
    assert len(report.worst) == 12
    assert again.worst.count() == 12
    assert set(Article.objects.values_list("version", flat=True)) == {2}
    assert begin(None, dry_run=False, by=By()).pk != run.pk


def test_a_rehearsal_is_not_gone_on_with_as_the_real_thing(many: None) -> None:
    rehearsal = begin(None, dry_run=True, by=By())
    work_off(rehearsal, stop=lambda: True)
    assert begin(None, dry_run=False, by=By()).pk != rehearsal.pk
    assert set(Article.objects.values_list("version", flat=True)) == {1}


def test_what_somebody_changed_after_it_was_read_is_not_written_over(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Article.objects.order_by("pk")[0]
    asked = standing.lines

    def overtaking(ids: list[int]) -> dict[int, list[LineDecision]]:
        found = asked(ids)
        monkeypatch.undo()
        decide_lines(first.pk, [reference(account_of(first).lines[1])], LineVerb.CUT, By())
        return found

    monkeypatch.setattr(standing, "lines", overtaking)
    work_off(begin(None, dry_run=False, by=By()))
    first.refresh_from_db()
    assert LineDecision.objects.filter(undone_at=None).count() == 1
    assert first.body == [f"{LONG} 0"]


def test_a_text_that_appeared_elsewhere_is_the_same_text_afterwards(many: None, tmp_path: Path) -> None:
    first = Article.objects.order_by("pk")[0]
    Appearance.objects.create(article=first, source=first.source, external_id="x", text_hash=first.text_hash)
    work_off(begin(None, dry_run=False, by=By()))
    first.refresh_from_db()
    assert Appearance.objects.get().text_hash == first.text_hash


def test_the_command_goes_on_and_says_so(many: None) -> None:
    work_off(begin(None, dry_run=False, by=By()), stop=lambda: True)
    out, err = io.StringIO(), io.StringIO()
    call_command("reclean", "--workers", "2", stdout=out, stderr=err)
    assert "Going on with run" in err.getvalue()
    assert "12 articles read: 12 changed" in out.getvalue()


def test_two_runs_at_once_are_refused(many: None, data_dir: Path) -> None:
    with file_lock(data_dir / "locks" / "reclean.lock"), pytest.raises(CommandError, match="Another reclean"):
        call_command("reclean")
