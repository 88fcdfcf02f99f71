"""A rule for every article of a source: seen before it is applied, obeyed by ingest, taken back without a trace."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from archive.audit import AuditEntry
from archive.choices import Act, LineVerb, RunStatus
from archive.ingest import habit_counts
from archive.ingest.account import account_of
from archive.ingest.editing import decide_lines, reference
from archive.ingest.entities.decisions import By
from archive.ingest.reclean import reclean
from archive.ingest.rule_runs import rule_name, work_off_rule
from archive.ingest.source_rules import RuleRefused, make_rule, preview, withdraw_rule
from archive.models import Article, IndexTask, RuleTally, Source, SourceRule
from tests.ingest.support import LONG, counts, ingest, story, write_dump

pytestmark = pytest.mark.django_db
LINE = "The Ouse Times is printed in York."
OTHER = LONG.replace("bridge", "ferry")


@pytest.fixture(autouse=True)
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the source repeats would be cut without any rule: see test_habits.py."""
    monkeypatch.setattr(habit_counts, "all_habits", dict)


@pytest.fixture
def source(tmp_path: Path, data_dir: Path) -> Source:
    """Six articles: in four the line ends the text, in one it stands between paragraphs, in one it is not."""
    bodies = [f"{LONG} {n}\n\n{OTHER}\n\n{LINE}\n\nShare" for n in range(4)]
    bodies += [f"{LONG} 4\n\n{LINE}\n\n{OTHER} 4", f"{LONG} 5\n\n{OTHER} 5"]
    ingest(write_dump(tmp_path / "a.jsonl", [story(n, body=body) for n, body in enumerate(bodies)]))
    ingest(write_dump(tmp_path / "b.jsonl", [story(9, body=f"{OTHER}\n\n{LINE}")]), source="another-paper")
    return Source.objects.get(slug="ouse-times")


@pytest.fixture
def ada(db: None) -> By:
    return By(User.objects.create_user("ada", is_staff=True), "printer's mark")


def texts(source: Source) -> list[str]:
    return [text for article in Article.objects.filter(source=source).order_by("pk") for text in article.body]


def applied(source: Source, ada: By, verb: LineVerb = LineVerb.CUT, line: str = LINE) -> SourceRule:
    rule = make_rule(source, verb, line, preview(source, verb, line).articles, ada)
    work_off_rule(rule.runs.get())
    return rule


def test_a_preview_counts_shows_examples_and_the_worst_and_changes_nothing(source: Source) -> None:
    before = texts(source)
    seen = preview(source, LineVerb.CUT, LINE)
    assert (seen.articles, seen.lines, len(seen.examples)) == (5, 5, 3)
    assert seen.worst[0].article.title == "Story 4"
    assert (seen.worst[0].above, seen.worst[0].below) == (f"{LONG} 4", f"{OTHER} 4")
    assert texts(source) == before
    assert not SourceRule.objects.exists()


def test_an_applied_rule_cuts_the_line_everywhere_and_only_there(source: Source, ada: By) -> None:
    IndexTask.objects.all().delete()
    rule = applied(source, ada)
    assert LINE not in texts(source)
    assert len(texts(source)) == 12
    assert LINE in texts(Source.objects.get(slug="another-paper"))
    assert Article.objects.filter(source=source, version=2).count() == 5
    assert IndexTask.objects.count() == 5
    assert rule_name(rule) == f"source-rule-{rule.pk}"
    assert sum(RuleTally.objects.filter(rule=rule_name(rule)).values_list("cuts", flat=True)) == 5
    assert rule.runs.get().status == RunStatus.DONE
    assert rule.runs.get().counts["changed"] == 5
    assert (rule.made_by, rule.reason) == (ada.user, "printer's mark")


def test_ingest_obeys_the_rule_from_then_on(source: Source, ada: By, tmp_path: Path) -> None:
    rule = applied(source, ada)
    ingest(write_dump(tmp_path / "c.jsonl", [story(20, body=f"{LONG} 20\n\n{LINE.upper()}")]))
    article = Article.objects.get(external_id="s20")
    assert article.body == [f"{LONG} 20"]
    assert list(article.cuts.values_list("rule", "reason")) == [(rule_name(rule), "was body")]


def test_the_same_records_again_are_unchanged(source: Source, ada: By, tmp_path: Path) -> None:
    applied(source, ada)
    again = [story(n, body=f"{LONG} {n}\n\n{OTHER}\n\n{LINE}\n\nShare") for n in range(4)]
    assert counts(ingest(write_dump(tmp_path / "c.jsonl", again))) == {"unchanged": 4}
    report = reclean(Article.objects.filter(source=source))
    assert report.changed == 0


def test_a_withdrawn_rule_gives_its_lines_back(source: Source, ada: By) -> None:
    before = texts(source)
    rule = applied(source, ada)
    work_off_rule(withdraw_rule(rule, ada))
    assert texts(source) == before
    rule.refresh_from_db()
    assert rule.withdrawn_by == ada.user
    assert list(AuditEntry.objects.values_list("act", "actor")) == [(Act.SOURCE, "ada")] * 2
    assert sum(RuleTally.objects.filter(rule=rule_name(rule)).values_list("cuts", flat=True)) == 0
    assert reclean(Article.objects.all()).changed == 0


def test_a_line_restored_by_hand_stays_whatever_the_rule_says(source: Source, ada: By) -> None:
    rule = applied(source, ada)
    article = Article.objects.get(external_id="s4")
    line = next(reference(each) for each in account_of(article).lines if each.text == LINE)
    decide_lines(article.pk, [line], LineVerb.KEEP, ada)
    article.refresh_from_db()
    assert article.body == [f"{LONG} 4", LINE, f"{OTHER} 4"]
    assert reclean(Article.objects.filter(source=source)).changed == 0
    work_off_rule(withdraw_rule(rule, ada))
    again = applied(source, ada)
    article.refresh_from_db()
    assert LINE in article.body
    assert again.runs.get().counts["changed"] == 4


def test_a_line_that_no_rule_may_cut_comes_back_and_goes_again(source: Source, ada: By, tmp_path: Path) -> None:
    seen = preview(source, LineVerb.KEEP, "Share")
    assert (seen.articles, len(seen.examples)) == (4, 3)
    rule = applied(source, ada, LineVerb.KEEP, "Share")
    assert texts(source).count("Share") == 4
    ingest(write_dump(tmp_path / "c.jsonl", [story(20, body=f"{LONG} 20\n\n{OTHER}\n\nShare")]))
    assert Article.objects.get(external_id="s20").body[-1] == "Share"
    work_off_rule(withdraw_rule(rule, ada))
    assert "Share" not in texts(source)
    assert reclean(Article.objects.all()).changed == 0


def test_a_rule_is_refused_if_it_would_change_more_than_was_seen(source: Source, ada: By) -> None:
    with pytest.raises(RuleRefused, match="5 articles, not 3"):
        make_rule(source, LineVerb.CUT, LINE, 3, ada)
    assert not SourceRule.objects.exists()


def test_a_line_has_one_rule_in_a_source(source: Source, ada: By) -> None:
    applied(source, ada)
    with pytest.raises(RuleRefused, match="already"):
        make_rule(source, LineVerb.CUT, LINE, 0, ada)


def test_a_rule_that_would_leave_no_text_leaves_the_article_alone(source: Source, ada: By, tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "c.jsonl", [story(30, title="Notice", body=LINE)]))
    seen = preview(source, LineVerb.CUT, LINE)
    assert (seen.articles, seen.only_line) == (5, 1)
    applied(source, ada)
    assert Article.objects.get(external_id="s30").body == [LINE]


def test_a_rule_withdrawn_while_it_is_applied_stops(source: Source, ada: By) -> None:
    rule = make_rule(source, LineVerb.CUT, LINE, 5, ada)
    run = rule.runs.get()
    back = withdraw_rule(rule, ada)
    work_off_rule(run)
    work_off_rule(back)
    assert texts(source).count(LINE) == 5


def test_a_very_long_line_is_no_furniture(source: Source, ada: By) -> None:
    with pytest.raises(RuleRefused, match="1000 characters"):
        make_rule(source, LineVerb.CUT, "word " * 400, 0, ada)


def test_quotes_case_and_entities_make_no_other_line(source: Source) -> None:
    assert preview(source, LineVerb.CUT, f"  {LINE.upper()} ").articles == 5
