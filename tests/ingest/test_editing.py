"""Lines put back and taken out by staff: only those lines change, and it outlasts every new cleaning."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from archive.audit import AuditEntry
from archive.choices import Act, LineVerb
from archive.ingest import name_articles
from archive.ingest.account import account_of
from archive.ingest.corrections import Correction, correct_article
from archive.ingest.editing import NotEditable, decide_lines, reference, undo_line
from archive.ingest.entities.decisions import By
from archive.ingest.records import TextNames
from archive.models import Article, IndexTask, LineDecision, RuleTally
from tests.ingest.support import LONG, ingest, story, write_dump

pytestmark = pytest.mark.django_db
SECOND = LONG.replace("Monday", "Sunday")
RAW = f"The old bridge over the Ouse will close\n\n{LONG}\n\nAdvertisement\n\n{SECOND}\n\nA sentence of somebody else's. Share\n\nShare\n"


@pytest.fixture
def article(tmp_path: Path, data_dir: Path) -> Article:
    (tmp_path / "a.txt").write_text(RAW, "utf-8")
    ingest(tmp_path / "a.txt")
    return Article.objects.get()


@pytest.fixture
def ada(db: None) -> By:
    return By(User.objects.create_user("ada", is_staff=True), "it is the story's own")


def line(text: str) -> str:
    """What a form would send to mean the first line of the article that says this."""
    return next(reference(each) for each in account_of(Article.objects.get()).lines if each.text == text)


def decide(text: str, verb: LineVerb, by: By = By()) -> LineDecision:  # noqa: B008 -- frozen
    (made,) = decide_lines(Article.objects.get().pk, [line(text)], verb, by)
    return made


def body() -> list[str]:
    return list(Article.objects.get().body)


def sums(rule: str) -> int:
    return sum(RuleTally.objects.filter(rule=rule).values_list("cuts", flat=True))


def test_a_restored_line_stands_in_its_place_as_a_new_version(article: Article, ada: By) -> None:
    IndexTask.objects.all().delete()
    decision = decide("Advertisement", LineVerb.KEEP, ada)
    now = Article.objects.get()
    assert now.body[:3] == [LONG, "Advertisement", SECOND]
    assert (now.version, now.versions.get().body[:2], now.named_at) == (2, [LONG, SECOND], None)
    assert [5, "body", "restored-by-hand"] in now.layout
    assert (decision.made_by, decision.reason, decision.rule) == (ada.user, "it is the story's own", "advertisement")
    assert list(IndexTask.objects.values_list("article_id", flat=True)) == [now.pk]
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.object_id) == (Act.CUT, "ada", now.pk)
    assert (now.text_hash, now.ingested_hash) == (article.text_hash, article.ingested_hash)


def test_a_line_taken_out_is_a_cut_that_can_be_undone(article: Article, ada: By) -> None:
    before = body()
    decision = decide(SECOND, LineVerb.CUT, ada)
    assert SECOND not in body()
    assert article.cuts.filter(rule="cut-by-hand", text=SECOND).exists()
    assert sums("cut-by-hand") == 1
    undo_line(decision.pk, ada)
    assert body() == before
    assert sums("cut-by-hand") == 0
    assert Article.objects.get().version == 3
    decision.refresh_from_db()
    assert decision.undone_by == ada.user


def test_undoing_a_restored_line_gives_it_back_to_its_rule(article: Article, ada: By) -> None:
    undo_line(decide("Advertisement", LineVerb.KEEP, ada).pk, ada)
    assert body() == list(article.body)
    assert article.cuts.filter(rule="advertisement").count() == 1
    assert sums("advertisement") == 1


def test_several_lines_at_once_make_one_version(article: Article, ada: By) -> None:
    made = decide_lines(article.pk, [line("Advertisement"), line("Share")], LineVerb.KEEP, ada)
    assert len(made) == 2
    assert body()[1] == "Advertisement"
    assert body()[-1] == "Share"
    assert Article.objects.get().version == 2


def test_the_opposite_of_a_decision_undoes_it(article: Article, ada: By) -> None:
    first = decide("Advertisement", LineVerb.KEEP, ada)
    decide("Advertisement", LineVerb.CUT, ada)
    first.refresh_from_db()
    assert first.undone_at is not None
    assert body() == list(article.body)


def test_a_decision_outlasts_the_same_page_from_another_dump(article: Article, ada: By, tmp_path: Path) -> None:
    decide("Advertisement", LineVerb.KEEP, ada)
    (tmp_path / "b.txt").write_text(RAW, "utf-8")
    ingest(tmp_path / "b.txt")
    assert "Advertisement" in body()


def test_a_decision_outlasts_a_changed_text_with_other_line_numbers(data_dir: Path, tmp_path: Path, ada: By) -> None:
    def dump(name: str, text: str) -> Path:
        return write_dump(tmp_path / name, [story(1, body=text)])

    ingest(dump("one.jsonl", f"{LONG}\n\nAdvertisement\n\n{SECOND}\n\nAdvertisement"))
    lines = [reference(each) for each in account_of(Article.objects.get()).lines if each.text == "Advertisement"]
    decide_lines(Article.objects.get().pk, lines[:1], LineVerb.KEEP, ada)
    assert body() == [LONG, "Advertisement", SECOND]
    more = LONG.replace("Monday", "Friday")
    ingest(dump("two.jsonl", f"{more}\n\n{LONG}\n\nAdvertisement\n\n{SECOND}\n\nAdvertisement"))
    assert body() == [more, LONG, "Advertisement", SECOND]
    assert Article.objects.get().named_at is None
    assert Article.objects.get().version == 3
    # and the same dump once more is nothing new
    ingest(dump("three.jsonl", f"{more}\n\n{LONG}\n\nAdvertisement\n\n{SECOND}\n\nAdvertisement\n"))
    assert Article.objects.get().version == 3


def test_a_decision_whose_line_is_gone_does_nothing(data_dir: Path, tmp_path: Path, ada: By) -> None:
    ingest(write_dump(tmp_path / "one.jsonl", [story(1, body=f"{LONG}\n\nAdvertisement\n\n{SECOND}")]))
    decide("Advertisement", LineVerb.KEEP, ada)
    ingest(write_dump(tmp_path / "two.jsonl", [story(1, body=f"{SECOND}\n\nShare\n\n{LONG}")]))
    assert body() == [SECOND, LONG]
    assert LineDecision.objects.get().undone_at is None


def test_a_part_cut_off_a_line_is_joined_to_it_again_and_cut_again(data_dir: Path, tmp_path: Path, ada: By) -> None:
    glued = f"{SECOND}Advertisement"
    (tmp_path / "a.txt").write_text(f"The old bridge over the Ouse will close\n\n{LONG}\n\n{glued}\n", "utf-8")
    ingest(tmp_path / "a.txt")
    assert body() == [LONG, SECOND]
    decision = decide("Advertisement", LineVerb.KEEP, ada)
    assert body() == [LONG, f"{SECOND} Advertisement"]
    undo_line(decision.pk, ada)
    assert body() == [LONG, SECOND]


def test_a_line_of_a_wrapped_paragraph_is_taken_out_of_it(data_dir: Path, tmp_path: Path, ada: By) -> None:
    lines = [
        "    " + LONG[:70],
        LONG[70:140],
        "CLICK HERE TO WIN A CAR IN OUR GREAT CONTEST OF THE YEAR",
        LONG[140:210],
    ]
    ingest(write_dump(tmp_path / "a.jsonl", [story(1, body="\n".join(lines))]))
    assert "CLICK" in body()[0]
    decision = decide(lines[2], LineVerb.CUT, ada)
    assert body() == [" ".join(LONG[:210].split())] or "CLICK" not in body()[0]
    undo_line(decision.pk, ada)
    assert "CLICK" in body()[0] or lines[2] in body()


def test_a_text_rewritten_by_hand_is_not_edited_line_by_line(article: Article, ada: By) -> None:
    correct_article(article.pk, Correction("Bridge", "", (), ("It closes.",), ""))
    correct_article(article.pk, Correction("Bridge", "At last", ("Ada Low",), ("It closes.",), "Home"))
    before = article.versions.get(number=2)
    assert (before.standfirst, before.byline, before.beside["section"]) == ("", [], "")
    assert (
        correct_article(article.pk, Correction("Bridge", "At last", ("Ada Low",), ("It closes.",), "Home")).version == 3
    )
    with pytest.raises(NotEditable, match="by hand"):
        decide_lines(article.pk, [line("Advertisement")], LineVerb.KEEP, ada)
    assert not LineDecision.objects.exists()


def test_the_whole_text_cannot_be_taken_out(article: Article, ada: By) -> None:
    with pytest.raises(NotEditable, match="Nothing of the text"):
        decide_lines(article.pk, [line(each) for each in article.body], LineVerb.CUT, ada)
    assert not LineDecision.objects.exists()


def test_lines_that_have_changed_since_the_form_was_made_are_not_touched(article: Article, ada: By) -> None:
    with pytest.raises(NotEditable, match="changed since"):
        decide_lines(article.pk, ["5-000000000000"], LineVerb.KEEP, ada)


def test_a_decided_text_that_a_dump_changed_is_named_again(
    data_dir: Path, tmp_path: Path, ada: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(write_dump(tmp_path / "one.jsonl", [story(1, body=f"{LONG}\n\nAdvertisement"), story(2)]))
    article = Article.objects.get(external_id="s1")
    restored = next(reference(each) for each in account_of(article).lines if each.text == "Advertisement")
    decide_lines(article.pk, [restored], LineVerb.KEEP, ada)
    monkeypatch.setattr(name_articles, "find_names", lambda texts, languages: [TextNames() for _ in texts])
    assert name_articles.name_decided() == 1
    ingest(write_dump(tmp_path / "two.jsonl", [story(1, body=f"{SECOND}\n\nAdvertisement")]))
    assert Article.objects.get(external_id="s1").named_at is None
    assert name_articles.name_decided() == 1
    assert Article.objects.get(external_id="s1").named_at is not None
    assert Article.objects.get(external_id="s2").named_at is None
