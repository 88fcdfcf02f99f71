"""What a run counts and keeps: identity, versions, appearances, rejections, going on, locks."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError

from archive.choices import RunStatus
from archive.ingest import intake, pipeline, store, workers
from archive.ingest.paths import Found
from archive.ingest.pipeline import Watch
from archive.ingest.report import DumpReport
from archive.locks import file_lock
from archive.models import Appearance, Article, ArticleVersion, Cut, Dump, IndexTask, IngestRun, RawRecord, Rejection
from tests.ingest.support import LONG, counts, ingest, story, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


@pytest.fixture
def few_in_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_RECORDS", 4)


def test_each_record_of_a_new_dump_is_stored_and_queued_for_the_index(tmp_path: Path) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), story(2)]))
    assert (report.status, report.format, counts(report)) == ("done", "jsonl", {"stored": 2})
    assert set(IndexTask.objects.values_list("article_id", flat=True)) == set(
        Article.objects.values_list("pk", flat=True)
    )
    assert RawRecord.objects.count() == 2
    article = Article.objects.get(external_id="s1")
    assert article.source.slug == "ouse-times"
    assert article.body == [f"{LONG} This is report number 1."]


def test_the_same_dump_again_is_unchanged_and_its_rejections_are_rejected_again(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1), "{broken", story(2)])
    first, second = ingest(path), ingest(path)
    assert counts(first) == {"stored": 2, "rejected": 1}
    assert counts(second) == {"unchanged": 2, "rejected": 1}
    assert [each.locator for each in second.rejections] == [each.locator for each in first.rejections]
    assert IndexTask.objects.count() == 2


def test_the_same_records_in_another_dump_are_unchanged(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1), story(2)]))
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [story(1), story(3)]))) == {"stored": 1, "unchanged": 1}


def test_a_changed_text_becomes_a_version_and_the_old_one_stays(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    report = ingest(write_dump(tmp_path / "b.jsonl", [story(1, body=f"{LONG} Corrected.")]))
    assert counts(report) == {"updated": 1}
    article = Article.objects.get()
    assert (article.version, article.body) == (2, [f"{LONG} Corrected."])
    old = ArticleVersion.objects.get()
    assert (old.article, old.number, old.body) == (article, 1, [f"{LONG} This is report number 1."])
    assert old.raw is not None
    assert old.raw.dump.name == "a.jsonl"
    assert IndexTask.objects.filter(article_id=article.pk).count() == 2


def test_a_changed_headline_alone_is_an_update(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [story(1, title="Another headline")]))) == {"updated": 1}


def test_curly_quotes_and_blanks_alone_are_no_change(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1, body=f'{LONG} "Shut it," he said.')]))
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [story(1, body=f"{LONG}  “Shut it,” he said.")]))) == {
        "unchanged": 1
    }


def test_the_older_dump_again_does_not_bring_its_old_text_back(tmp_path: Path) -> None:
    old, new = write_dump(tmp_path / "a.jsonl", [story(1), story(2)]), tmp_path / "b.jsonl"
    ingest(old)
    ingest(write_dump(new, [story(1, body=f"{LONG} Corrected.")]))
    assert counts(ingest(old)) == {"unchanged": 2}
    assert counts(ingest(old, limit=1)) == {"unchanged": 1}, "also when the records are looked at one by one"
    assert Article.objects.get(external_id="s1").body == [f"{LONG} Corrected."]


def test_a_text_that_was_replaced_may_come_back_in_a_newer_dump(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    ingest(write_dump(tmp_path / "b.jsonl", [story(1, body=f"{LONG} Corrected.")]))
    assert counts(ingest(write_dump(tmp_path / "c.jsonl", [story(1), story(9)]))) == {"updated": 1, "stored": 1}
    assert Article.objects.get(external_id="s1").version == 3


def test_the_same_text_from_another_source_is_a_further_appearance(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    wire = story(77, title="A headline of their own", body=story(1)["body"], source="Humber Post")
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [wire]))) == {"duplicates": 1}
    appearance = Appearance.objects.get()
    assert (appearance.article.external_id, appearance.source.slug) == ("s1", "humber-post")
    assert counts(ingest(write_dump(tmp_path / "c.jsonl", [wire, story(2)]))) == {"unchanged": 1, "stored": 1}


def test_an_appearance_whose_text_changes_becomes_an_article(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1), story(2, body=story(1)["body"])]))
    assert Appearance.objects.count() == 1
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [story(2)]))) == {"updated": 1}
    assert (Appearance.objects.count(), Article.objects.count()) == (0, 2)


def test_an_id_twice_in_one_dump_is_unchanged_or_updated(tmp_path: Path) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), story(1), story(1, body=f"{LONG} Later."), story(1)]))
    assert counts(report) == {"stored": 1, "unchanged": 1, "updated": 2}
    assert Article.objects.get().version == 3
    assert [v.number for v in ArticleVersion.objects.order_by("number")] == [1, 2]


def test_ids_that_differ_in_case_are_two(tmp_path: Path) -> None:
    assert counts(ingest(write_dump(tmp_path / "a.jsonl", [story(1, id="abc"), story(2, id="ABC")]))) == {"stored": 2}


def test_records_without_an_id_go_by_their_canonical_url(tmp_path: Path) -> None:
    url = "https://ouse.example/news/bridge"
    record = {"title": "Bridge", "body": LONG, "url": f"{url}?utm_source=feed#top"}
    ingest(write_dump(tmp_path / "a.jsonl", [record]))
    assert Article.objects.get().canonical_url == url
    again = {**record, "url": url}
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [again]))) == {"unchanged": 1}
    assert counts(ingest(write_dump(tmp_path / "c.jsonl", [{**again, "body": f"{LONG} Later."}]))) == {"updated": 1}


def test_a_page_without_identity_is_unchanged_in_its_dump_and_a_duplicate_in_another(tmp_path: Path) -> None:
    page = f"Old bridge to close\n\n{LONG}\n\nIt was built in 1863.\n"
    first, other = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(page)
    other.write_text(f"{page}\n")
    assert counts(ingest(first)) == {"stored": 1}
    assert counts(ingest(first)) == {"unchanged": 1}
    assert counts(ingest(first, limit=5)) == {"unchanged": 1}
    assert counts(ingest(other)) == {"duplicates": 1}
    assert counts(ingest(other, limit=5)) == {"unchanged": 1}


def test_a_headline_without_a_body_is_an_article_and_marked(tmp_path: Path) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [{"id": "1", "title": "Bridge shut"}, {"id": "2", "title": ""}]))
    assert counts(report) == {"stored": 1, "rejected": 1}
    assert report.rejections[0].code == "empty"
    assert Article.objects.get().is_headline_only


def test_cut_lines_and_kept_ones_are_kept_track_of(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Old bridge to close\n\n{LONG}\n\nAdvertisement\n\nIt was built in 1863 and repaired in 1920.\n")
    ingest(path)
    article = Article.objects.get()
    assert Cut.objects.get().text == "Advertisement"
    assert article.layout[0][:2] == [1, "title"]
    assert sorted([Cut.objects.get().line, *(number for number, _, _ in article.layout)]) == [1, 3, 5, 7]


def test_a_revised_text_loses_the_cuts_of_the_old_one(tmp_path: Path) -> None:
    body = f"<p>{LONG}</p><p>Bridge.</p><script>track()</script>"
    ingest(write_dump(tmp_path / "a.jsonl", [story(1, body=body)]))
    ingest(write_dump(tmp_path / "b.jsonl", [story(1)]))
    assert not Cut.objects.exists()


def test_a_rejection_says_where_and_why(tmp_path: Path) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), '{"id": 5, "title": "x'])).rejections[0]
    row = Rejection.objects.get()
    assert (report.record, row.record, row.offset) == (2, 2, (tmp_path / "a.jsonl").read_text().index('{"id": 5'))
    assert bytes(row.excerpt).startswith(b'{"id": 5')
    assert "line 2" in report.locator


def test_a_dump_that_is_none_is_rejected_with_a_sentence_and_a_run(tmp_path: Path) -> None:
    path = tmp_path / "photo.bin"
    path.write_bytes(bytes(range(256)) * 8)
    report = ingest(path)
    assert report.status == "rejected"
    assert report.reason
    assert IngestRun.objects.get().status == RunStatus.REJECTED


def test_a_stopped_run_goes_on_after_its_last_batch(tmp_path: Path, few_in_a_batch: None) -> None:
    path = write_dump(
        tmp_path / "a.jsonl", [*(story(n) for n in range(9)), "{broken", *(story(n) for n in range(9, 14))]
    )
    stopped = ingest(path, watch=Watch(stop=lambda: True))
    assert (stopped.status, counts(stopped)) == ("cancelled", {"stored": 4})
    assert stopped.reason is not None
    assert "after record 4" in stopped.reason
    report = ingest(path)
    assert (report.status, report.run) == ("done", stopped.run)
    assert counts(report) == {"stored": 14, "rejected": 1}
    assert Article.objects.count() == IndexTask.objects.count() == 14


def test_a_run_that_died_goes_on_as_itself(tmp_path: Path, few_in_a_batch: None) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(n) for n in range(10)])
    first = ingest(path, watch=Watch(stop=lambda: True))
    IngestRun.objects.update(status=RunStatus.RUNNING)
    report = ingest(path)
    assert report.run == first.run
    assert counts(report) == {"stored": 10}


def test_a_run_with_other_options_does_not_go_on_with_an_interrupted_one(tmp_path: Path, few_in_a_batch: None) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(n) for n in range(10)])
    ingest(path, watch=Watch(stop=lambda: True))
    assert counts(ingest(path, limit=6)) == {"unchanged": 4, "stored": 2}


def test_a_second_run_on_the_same_dump_refuses_while_the_first_is_at_work(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1)])
    sha256 = pipeline.intake.sha256_of(path)
    with file_lock(settings.DATA_DIR / "locks" / f"{sha256}.lock"):
        report = ingest(path)
    assert report.status == "rejected"
    assert report.reason is not None
    assert "Another process is ingesting this very dump" in report.reason
    assert not IngestRun.objects.exists()
    assert counts(ingest(path)) == {"stored": 1}


def test_a_failure_of_the_database_leaves_whole_batches_and_a_sentence(
    tmp_path: Path, few_in_a_batch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(n) for n in range(10)])
    real, calls = store.Cut.objects.bulk_create, iter(range(100))

    def full(*args: object, **kwargs: object) -> object:
        if next(calls) == 1:
            raise OperationalError("database or disk is full")
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(store.Cut.objects, "bulk_create", full)
        report = ingest(path)
    assert (report.status, counts(report)) == ("failed", {"stored": 4})
    assert report.reason is not None
    assert "after record 4: database or disk is full" in report.reason
    assert Article.objects.count() == RawRecord.objects.count() == IndexTask.objects.count() == 4
    assert counts(ingest(path)) == {"stored": 10}


def test_a_batch_that_meets_another_runs_articles_is_decided_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    real, calls = store.sameness.load, iter(range(100))

    def blind(*args: object) -> object:
        """At first as if the other run's article were not committed yet."""
        return store.sameness.Known() if next(calls) == 0 else real(*args)

    monkeypatch.setattr(store.sameness, "load", blind)
    assert counts(ingest(write_dump(tmp_path / "b.jsonl", [story(1), story(2)]))) == {"unchanged": 1, "stored": 1}


def test_an_error_that_does_not_pass_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(store, "store_batch", broken)
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    assert report.status == "failed"
    assert "no such table" in (report.reason or "")


def test_the_dump_is_kept_by_its_hash_and_once(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1)])
    ingest(path, limit=1)
    ingest(path)
    dump = Dump.objects.get()
    assert Path(dump.file.path).read_bytes() == path.read_bytes()
    assert dump.file.name == f"dumps/{dump.sha256[:2]}/{dump.sha256}"
    assert [f.name for f in Path(dump.file.path).parent.iterdir()] == [dump.sha256]


def test_no_copy_is_kept_where_none_is_wanted_or_it_is_too_large(tmp_path: Path, settings: object) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]), keep=False)
    settings.ARCHIVE_KEEP_MAX_BYTES = 10  # type: ignore[attr-defined]  # pytest-django's own settings
    ingest(write_dump(tmp_path / "b.jsonl", [story(2)]))
    assert not any(dump.file for dump in Dump.objects.all())


def queued(file: SimpleUploadedFile) -> IngestRun:
    """What the admin does with an upload."""
    return intake.queue(intake.receive(file, None), source=None, user=None, options={"format": "", "entities": False})


def test_a_queued_run_is_worked_off_from_the_kept_dump(tmp_path: Path) -> None:
    content = write_dump(tmp_path / "a.jsonl", [story(1), story(2)]).read_bytes()
    run = queued(SimpleUploadedFile("up.jsonl", content))
    (tmp_path / "a.jsonl").unlink()
    report = pipeline.run_queued(run)
    assert (report.run, report.status, counts(report)) == (run.pk, "done", {"stored": 2})


def test_a_rehearsal_counts_like_the_run_and_stores_nothing(tmp_path: Path, few_in_a_batch: None) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1), story(2)]))
    path = write_dump(
        tmp_path / "b.jsonl",
        [
            story(1),
            story(2, body=f"{LONG} Later."),
            *(story(n) for n in range(3, 9)),
            story(3),
            story(40, body=story(4)["body"]),
            "{",
        ],
    )
    before = Article.objects.count(), IngestRun.objects.count(), Dump.objects.count()
    with pipeline.Workers(1, pipeline.Preparation("ouse-times", entities=False)) as pool:
        rehearsed = pipeline.rehearse_dump(path, pipeline.IngestOptions("ouse-times", entities=False), pool)
    assert (Article.objects.count(), IngestRun.objects.count(), Dump.objects.count()) == before
    real = ingest(path)
    assert rehearsed.counts == real.counts
    assert counts(real) == {"unchanged": 2, "updated": 1, "stored": 6, "duplicates": 1, "rejected": 1}
    assert rehearsed.rejections == real.rejections


def ingest_all(*paths: Path) -> list[DumpReport]:
    files = [Found(path, str(path), path.stat().st_size) for path in paths]
    options = pipeline.IngestOptions("ouse-times", entities=False)
    with pipeline.Workers(1, pipeline.Preparation("ouse-times", entities=False)) as pool:
        return [report for _, report in pipeline.ingest_files(files, options, pool)]


def test_a_folder_of_small_dumps_is_cleaned_together_and_counted_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write_dump(tmp_path / f"{n}.jsonl", [story(n), "{broken", story(n + 100)]) for n in range(5)]
    paths[2].write_bytes(b"")
    asked = []
    real = workers.prepare
    monkeypatch.setattr(workers, "prepare", lambda records, how: asked.append(len(records)) or real(records, how))
    reports = ingest_all(*paths)
    assert [counts(report) for report in reports] == [{"stored": 2, "rejected": 1}] * 2 + [{}] + [
        {"stored": 2, "rejected": 1}
    ] * 2
    assert [report.status for report in reports] == ["done", "done", "rejected", "done", "done"]
    assert asked == [12]
    assert {report.format for report in reports} == {"jsonl", ""}
    assert [dump.format for dump in Dump.objects.order_by("name")] == ["jsonl", "jsonl", "", "jsonl", "jsonl"]


def test_what_went_through_already_is_not_cleaned_ahead_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_dump(tmp_path / f"{n}.jsonl", [story(n)]) for n in range(3)]
    ingest_all(*paths)
    monkeypatch.setattr(workers, "prepare", lambda records, how: [] if not records else pytest.fail("cleaned"))
    assert [counts(report) for report in ingest_all(*paths)] == [{"unchanged": 1}] * 3


def test_a_file_twice_in_one_command_is_unchanged_the_second_time(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1)])
    assert [counts(report) for report in ingest_all(path, path)] == [{"stored": 1}, {"unchanged": 1}]


def test_a_file_that_changed_after_it_was_read_ahead_is_read_again(tmp_path: Path) -> None:
    first, second = (write_dump(tmp_path / f"{n}.jsonl", [story(n)]) for n in (1, 2))
    files = [Found(path, str(path), path.stat().st_size) for path in (first, second)]
    with pipeline.Workers(1, pipeline.Preparation("ouse-times", entities=False)) as pool:
        reports = pipeline.ingest_files(files, pipeline.IngestOptions("ouse-times", entities=False), pool)
        next(reports)
        write_dump(second, [story(3), story(4)])
        assert counts(next(reports)[1]) == {"stored": 2}
    assert set(Article.objects.values_list("external_id", flat=True)) == {"s1", "s3", "s4"}


def test_a_queued_run_that_is_refused_says_so_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    file = SimpleUploadedFile("up.jsonl", write_dump(tmp_path / "a.jsonl", [story(1)]).read_bytes())
    run = queued(file)
    assert run.dump is not None
    with file_lock(settings.DATA_DIR / "locks" / f"{run.dump.sha256}.lock"):
        assert pipeline.run_queued(run).status == "rejected"
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert "Another process" in run.reason
    assert pipeline.run_queued(run).status == "done"


def test_a_run_that_cannot_even_begin_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(pipeline.intake, "dump_of", full)
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    assert report.status == "failed"
    assert "could not begin: database or disk is full" in (report.reason or "")


def test_no_lock_is_left_behind(tmp_path: Path) -> None:
    ingest(write_dump(tmp_path / "a.jsonl", [story(1)]))
    assert list((settings.DATA_DIR / "locks").iterdir()) == []
