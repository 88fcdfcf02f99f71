"""`reclean`: a newer chain over stored records, without losing what was cited or corrected by hand."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.ingest import prepare
from archive.ingest.cleaning import clean
from archive.ingest.corrections import Correction, correct_article
from archive.ingest.reclean import reclean
from archive.ingest.records import CleanArticle, RawRecord
from archive.models import Article, Cut, IndexTask
from tests.ingest.support import LONG, ingest

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
    wanted = Correction("Bridge closes", "", (), ("The bridge closes.",), "", article.visibility)
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
