"""What a dump that comes again makes good: a copy that is not kept, a run that died, limits that were too low."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from archive.choices import RunStatus
from archive.models import Article, Dump, IngestRun
from tests.ingest.support import LONG, counts, ingest, story, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def test_a_dump_that_was_not_kept_the_first_time_is_kept_when_it_comes_again_and_when_its_copy_is_lost(
    tmp_path: Path,
) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1), "{broken"])
    ingest(path, keep=False)
    ingest(path)
    kept = Path(Dump.objects.get().file.path)
    assert kept.read_bytes() == path.read_bytes()
    kept.unlink()
    report = ingest(path)
    assert counts(report) == {"unchanged": 1, "rejected": 1}
    assert kept.read_bytes() == path.read_bytes()


def test_a_run_that_died_under_other_options_is_ended_by_the_next_of_its_dump(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1)])
    ingest(path, limit=1)
    IngestRun.objects.update(status=RunStatus.RUNNING, finished_at=None)
    report = ingest(path)
    dead, now = IngestRun.objects.order_by("pk")
    assert (now.pk, now.status) == (report.run, RunStatus.DONE)
    assert (dead.status, dead.finished_at is None) == (RunStatus.FAILED, False)
    assert dead.reason.startswith("The process that did this run died")


def test_limits_are_settings(tmp_path: Path, settings: Any) -> None:
    settings.ARCHIVE_MAX_RECORD_BYTES = 1_000
    path = write_dump(tmp_path / "a.jsonl", [story(1), story(2, body="long " * 1_000)])
    assert [each.code for each in ingest(path).rejections] == ["too-long"]
    path = tmp_path / "b.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(story(3)).encode() * 1_000))
    settings.ARCHIVE_MAX_TOTAL_BYTES = 10_000
    report = ingest(path)
    assert report.status == "rejected"
    assert "ARCHIVE_MAX_TOTAL_BYTES" in (report.reason or "")


def test_the_keywords_of_an_html_page_are_its_tags(tmp_path: Path) -> None:
    head = "<title>Bridge shut</title><meta name='keywords' content='bridges, Ouse'>"
    page = f"<html><head>{head}</head><body><article><h1>Bridge shut</h1><p>{LONG}</p><p>{LONG} Again.</p></article></body></html>"
    (tmp_path / "a.html").write_text(page)
    ingest(tmp_path / "a.html")
    assert Article.objects.get().tags == ["bridges", "Ouse"]
