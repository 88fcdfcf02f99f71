"""What was decided about an article's lines goes with the article, and says no name that was taken out of it."""

from pathlib import Path

import pytest

from archive.choices import Degree, LineVerb, TakedownReason
from archive.ingest.account import account_of
from archive.ingest.editing import decide_lines, reference
from archive.ingest.entities.decisions import By
from archive.ingest.reclean import begin, reclean, work_off
from archive.ingest.takedown import Request, take_down
from archive.models import Article, LineDecision, RecleanDifference, RuleTally
from tests.ingest.support import LONG, ingest, story, write_dump

pytestmark = pytest.mark.django_db
NAMED = "Perpetua Dunwiddie runs the ferry while the bridge is closed, and she is content with it."


@pytest.fixture
def article(tmp_path: Path, data_dir: Path) -> Article:
    body = f"{LONG}\n\n{NAMED}\n\nAdvertisement\n\n{LONG} so"
    ingest(write_dump(tmp_path / "a.jsonl", [story(1, body=body)]))
    found = Article.objects.get()
    chosen = [reference(line) for line in account_of(found).lines if line.text == NAMED]
    decide_lines(found.pk, chosen, LineVerb.CUT, By())
    return Article.objects.get()


def test_an_erased_article_leaves_no_decision_and_no_count(article: Article) -> None:
    take_down(article.pk, Request(Degree.ERASE, TakedownReason.PRIVACY), None)
    assert not LineDecision.objects.exists()
    assert sum(RuleTally.objects.values_list("cuts", flat=True)) == 0


def test_a_name_taken_out_is_taken_out_of_decisions_and_reports_and_they_still_hold(article: Article) -> None:
    run = begin(None, dry_run=True, by=By())
    work_off(run)
    RecleanDifference.objects.create(run=run, article=article, words=1, newly_cut=[NAMED])
    take_down(article.pk, Request(Degree.ANONYMISE, TakedownReason.PRIVACY, names=("Perpetua Dunwiddie",)), None)
    assert "Dunwiddie" not in LineDecision.objects.get().text
    assert not RecleanDifference.objects.exists()
    report = reclean(Article.objects.all())
    assert (report.corrected_by_hand, report.changed) == (0, 0)
    assert not any("ferry" in text for text in Article.objects.get().body)
