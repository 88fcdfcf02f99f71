"""Taking a run back: exactly what it brought goes, what it replaced stands again, and nothing that rests on it breaks."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from archive.audit import AuditEntry
from archive.choices import Act, RunStatus
from archive.ingest.undoing import UndoRefused, cancel, undo_run, undoing
from archive.models import Appearance, Article, ArticleVersion, Cut, IngestRun, RawRecord
from archive.search.indexing import drain, verify
from archive.search.run import search
from tests.desk.wolverines import FILLER, RECORDS, dump_of, ingest
from tests.roles import member

pytestmark = pytest.mark.django_db
SECOND = [
    {**RECORDS[0], "body": FILLER + "First, changed."},
    {"id": "n", "title": "New", "body": FILLER + "New.", "source": "Courier", "date": "2020-02-01"},
    {"id": "x", "title": "Tram again", "body": RECORDS[2]["body"], "source": "Herald", "date": "2020-02-02"},
]


def state() -> Any:
    """All that a run writes, without what only tells when."""
    skipped = {"updated_at", "created_at", "named_at", "replaced_at"}
    rows = []
    for model in (Article, ArticleVersion, Appearance, Cut, RawRecord):
        names = [field.attname for field in model._meta.concrete_fields if field.name not in skipped]
        rows.append(list(model.objects.order_by("pk").values_list(*names)))
    return rows


@pytest.fixture
def runs(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, IngestRun]:
    """A first run, the state it left, and a second that stored, updated and found a duplicate."""
    outside = tmp_path_factory.mktemp("outside")
    ingest(dump_of(outside / "first.jsonl", RECORDS))
    before = state()
    report = ingest(dump_of(outside / "second.jsonl", SECOND))
    assert (report.counts.stored, report.counts.updated, report.counts.duplicates) == (1, 1, 1)
    return outside, before, IngestRun.objects.get(pk=report.run)


def test_after_undoing_a_run_everything_is_as_before_and_the_dump_can_come_again(runs: Any) -> None:
    outside, before, run = runs
    plan = undoing(run)
    assert (len(plan.removed), len(plan.restored), plan.copies) == (1, 1, 1)
    undo_run(run.pk, None)
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
