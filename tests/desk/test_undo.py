"""Taking a run back: exactly what it brought goes, what it replaced stands again, and nothing that rests on it breaks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from archive.audit import AuditEntry
from archive.choices import Act, DateVerb, RunStatus
from archive.ingest import undoing as undoing_module
from archive.ingest.undoing import UndoRefused, cancel, undo_run, undoing
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Collection,
    CollectionItem,
    Cut,
    DateDecision,
    IngestRun,
    RawRecord,
    RuleTally,
    SourceHabits,
    SourceLine,
)
from archive.search.indexing import drain, verify
from archive.search.run import search
from archive.tasks import undo_long_run
from tests.desk.wolverines import FILLER, RECORDS, dump_of, ingest
from tests.roles import member

pytestmark = pytest.mark.django_db
FIRST = [
    {
        **RECORDS[0],
        "body": f"{FILLER}First.\n\nA short last line\n\nShare this article on Facebook",
        "date": "2020-02-01T22:30:00-05:00",
        "section": "Harbour",
        "tags": "walls",
    },
    *RECORDS[1:],
]
SECOND = [
    {**FIRST[0], "body": FILLER + "First, changed.", "date": "2020-03-04", "section": "Home", "tags": "news"},
    {
        "id": "n",
        "title": "New",
        "body": f"{FILLER}New.\n\nA short last line\n\nShare this article on Facebook",
        "source": "Courier",
        "date": "2020-02-01",
    },
    {"id": "x", "title": "Tram again", "body": RECORDS[2]["body"], "source": "Herald", "date": "2020-02-02"},
]


def state() -> Any:
    """All that a run writes, without what only tells when."""
    skipped = {"updated_at", "created_at", "named_at", "replaced_at"}
    rows = []
    for model in (Article, ArticleVersion, Appearance, Cut, RawRecord):
        names = [field.attname for field in model._meta.concrete_fields if field.name not in skipped]
        names = names[1:] if model is Cut else names  # written anew
        rows.append(list(model.objects.order_by("pk").values_list(*names)))
    tallies = RuleTally.objects.order_by("source", "rule").values_list("source", "rule")
    rows.append([one for one in tallies.annotate(Sum("cuts"), Sum("articles")) if one[2]])
    rows.append(list(SourceLine.objects.order_by("source", "key").values_list("source", "key", "articles")))
    rows.append(list(SourceHabits.objects.filter(articles__gt=0).order_by("pk").values()))
    return rows


@pytest.fixture
def runs(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, IngestRun]:
    """A first run, the state it left, and a second that stored, updated and found a duplicate."""
    outside = tmp_path_factory.mktemp("outside")
    ingest(dump_of(outside / "first.jsonl", FIRST))
    before = state()
    report = ingest(dump_of(outside / "second.jsonl", SECOND))
    assert (report.counts.stored, report.counts.updated, report.counts.duplicates) == (1, 1, 1)
    return outside, before, IngestRun.objects.get(pk=report.run)


def test_after_undoing_a_run_everything_is_as_before_and_the_dump_can_come_again(runs: Any) -> None:
    outside, before, run = runs
    plan = undoing(run)
    assert (plan.removed, plan.restored, plan.copies) == (1, 1, 1)
    changed = Article.objects.get(external_id="a")
    assert (changed.section, changed.published_on, RuleTally.objects.count() > 0) == ("Home", date(2020, 3, 4), True)
    undo_run(run.pk, None)
    changed.refresh_from_db()
    assert (changed.section, changed.tags, changed.published_on) == ("Harbour", ["walls"], date(2020, 2, 1))
    drain()
    assert state() == before
    assert verify().is_clean
    assert search("changed").total == 0
    again = ingest(outside / "second.jsonl")
    assert (again.counts.stored, again.counts.updated, again.counts.duplicates) == (1, 1, 1)


def test_a_run_on_which_a_later_one_rests_is_not_undone(runs: Any) -> None:
    outside, _, run = runs
    ingest(dump_of(outside / "third.jsonl", [{**SECOND[1], "body": FILLER + "Newer."}]))
    now = state()
    with pytest.raises(UndoRefused, match="changed since, by later runs or by hand"):
        undo_run(run.pk, None)
    assert state() == now


def test_copies_that_others_brought_stand_in_the_way_too(runs: Any) -> None:
    outside, _, run = runs
    ingest(dump_of(outside / "third.jsonl", [{**SECOND[1], "id": "elsewhere", "source": "Herald"}]))
    with pytest.raises(UndoRefused, match="copies of its articles"):
        undo_run(run.pk, None)


def test_what_staff_decided_since_stands_in_the_way_and_what_readers_collected_is_told(
    runs: Any, client: Client
) -> None:
    _, _, run = runs
    new = Article.objects.get(external_id="n")
    decision = DateDecision.objects.create(article=new, verb=DateVerb.LEAVE)
    with pytest.raises(UndoRefused, match=f"decided about dates of articles {new.pk} since"):
        undo_run(run.pk, None)
    decision.undone_at = timezone.now()
    decision.save()
    shelf = Collection.objects.create(owner=member("editor"), name="Harbour")
    CollectionItem.objects.create(collection=shelf, article=new, position=1, note="for Sunday")
    client.force_login(member("archivist"))
    page = client.get(f"/admin/archive/ingestrun/{run.pk}/undo/").content.decode()
    assert "1 place of these articles in readers' collections" in page


def test_a_run_of_many_articles_is_undone_in_pieces_by_the_worker(
    runs: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, before, run = runs
    monkeypatch.setattr(undoing_module, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(undoing_module, "_CHUNK", 1)
    archivist = member("archivist")
    client.force_login(archivist)
    client.post(f"/admin/archive/ingestrun/{run.pk}/undo/")
    assert state() != before
    undo_long_run.func(run.pk, archivist.pk)
    assert state() == before
    assert AuditEntry.objects.get(act=Act.UNDO_RUN).actor_id == archivist.pk


def test_a_run_is_undone_once(runs: Any) -> None:
    _, _, run = runs
    undo_run(run.pk, None)
    with pytest.raises(UndoRefused, match="undone already"):
        undo_run(run.pk, None)


def test_an_archivist_sees_what_undoing_does_and_then_does_it(runs: Any, client: Client) -> None:
    _, before, run = runs
    client.force_login(member("archivist"))
    url = f"/admin/archive/ingestrun/{run.pk}/undo/"
    assert "1 article that it changed: the text before stands again" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert state() == before
    assert AuditEntry.objects.filter(act=Act.UNDO_RUN, object_id=run.pk).count() == 1


def test_a_queued_run_that_is_cancelled_never_begins(data_dir: Path) -> None:
    from archive.ingest.pipeline import run_queued

    run = IngestRun.objects.create(path="x")
    cancel(run.pk, None)
    run.refresh_from_db()
    assert run_queued(run).status == RunStatus.CANCELLED
    with pytest.raises(UndoRefused):
        cancel(run.pk, None)


def test_a_running_run_that_is_cancelled_finishes_its_batch_and_can_go_on(
    data_dir: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.ingest import pipeline, sharing, store
    from archive.ingest.intake import dump_of as row_of
    from archive.ingest.intake import keep, sha256_of

    monkeypatch.setattr(pipeline, "BATCH_RECORDS", 2)
    monkeypatch.setattr(sharing, "SHARE", 2)
    path = dump_of(tmp_path_factory.mktemp("outside") / "some.jsonl", [*RECORDS, SECOND[1]])
    dump = row_of(path, sha256_of(path), path.name)
    keep(dump, path)
    dump.save()
    run = IngestRun.objects.create(dump=dump, path=path.name, options={"entities": False})
    stored = store.store_batch

    def store_and_be_cancelled(at_work: IngestRun, batch: Any) -> None:
        stored(at_work, batch)
        cancel(run.pk, None)

    with monkeypatch.context() as patch:
        for module in (store, sharing):  # alone, and as a database that several may write to has it
            patch.setattr(module, "store_batch", store_and_be_cancelled)
        report = pipeline.run_queued(run)
    assert (report.status, report.counts.read, Article.objects.count()) == (RunStatus.CANCELLED, 2, 2)
    again = ingest(path)
    assert (again.run, again.counts.stored, Article.objects.count()) == (run.pk, 4, 4)
