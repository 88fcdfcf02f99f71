"""The preview before a run, and its rejected records: seen, downloaded, retried."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from archive.choices import RunStatus
from archive.ingest.pipeline import can_be_shared, run_queued
from archive.models import Article, Dump, IngestRun, Source

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/archive/ingestrun/upload/"
RUNS = "/admin/archive/ingestrun/"
STORY = {"id": "a1", "Headline": "A bridge opens", "body": "The bridge opened on Monday.\n\nMany came."}
DUMP = f"{json.dumps(STORY)}\n".encode()
HALF_BAD = DUMP + b'{"id": "a2", "title": \xff<script>\n{"id": "a3"}\n'


@pytest.fixture
def staff(client: Client, data_dir: Path, settings: Any) -> Client:
    settings.FILE_UPLOAD_TEMP_DIR = data_dir
    client.force_login(User.objects.create_superuser("ada", password="a long pass phrase"))
    return client


def upload(staff: Client, content: bytes = DUMP, button: str = "preview", **more: str) -> Any:
    return staff.post(UPLOAD, {"dumps": SimpleUploadedFile("bridge.jsonl", content), button: "1", **more})


def done_run(staff: Client, content: bytes = HALF_BAD) -> IngestRun:
    upload(staff, content, button="ingest")
    run = IngestRun.objects.get()
    run_queued(run)
    run.refresh_from_db()
    return run


def test_a_dump_is_looked_at_before_anything_is_stored(staff: Client) -> None:
    response = upload(staff, new_source="Ouse Times", find_names="on")
    page = staff.get(response["Location"]).content.decode()
    for shown in (
        "JSON, one record a line",
        "A bridge opens",
        "The bridge opened on Monday.",
        "<strong>title</strong>",
        "ouse-times",
    ):
        assert shown in page
    assert not IngestRun.objects.exists()
    assert not Article.objects.exists()
    assert not Source.objects.exists()


def test_a_preview_that_was_looked_at_becomes_a_run_as_it_was_shown(staff: Client) -> None:
    address = upload(staff)["Location"]
    page = staff.post(address, {"map": "title=nothing", "again": "1"}).content.decode()
    assert "(no headline)" in page
    assert not IngestRun.objects.exists()
    staff.post(address, {"map": "title=Headline", "new_source": "Ouse Times"})
    run = IngestRun.objects.get()
    assert run.source == Source.objects.get(slug="ouse-times")
    assert DBTaskResult.objects.count() == 1
    run_queued(run)
    assert [(each.title, each.source.slug) for each in Article.objects.all()] == [("A bridge opens", "ouse-times")]
    assert Source.objects.get().field_map == {"title": "Headline"}


def test_a_preview_of_a_dump_that_cannot_be_is_of_none(staff: Client) -> None:
    assert staff.get(f"{RUNS}preview/", {"dump": "9" * 30}).status_code == 200


def test_a_preview_says_what_is_wrong_with_a_mapping(staff: Client) -> None:
    page = staff.post(upload(staff)["Location"], {"map": "heading"}).content.decode()
    assert "is not of the form title=Headline" in page
    assert not IngestRun.objects.exists()


def test_a_preview_of_what_is_no_dump_says_so_and_one_of_a_lost_dump_too(staff: Client) -> None:
    address = upload(staff, b"\x7fELF\x00\x01\x02\x00" * 100)["Location"]
    assert "no format that the archive reads" in staff.get(address).content.decode()
    Path(Dump.objects.get().file.path).unlink()
    assert "There is no kept dump" in staff.get(address).content.decode()


def test_rejected_records_are_listed_by_reason_and_shown_byte_by_byte(staff: Client) -> None:
    run = done_run(staff)
    assert (run.read, run.stored, run.rejected) == (3, 1, 2)
    page = staff.get(f"{RUNS}{run.pk}/rejections/").content.decode()
    assert "2 of 3 records" in page
    codes = {rejection.code for rejection in run.rejections.all()}
    assert len(codes) == 2
    assert all(code in page for code in codes)
    first = run.rejections.order_by("record").first()
    assert first is not None
    assert first.locator not in staff.get(f"{RUNS}{run.pk}/rejections/?code=empty").content.decode()
    shown = staff.get(f"{RUNS}{run.pk}/rejections/{first.pk}/").content.decode()
    assert "ff 3c 73 63 72 69 70 74 3e" in shown
    assert "\\xff&lt;script&gt;" in shown
    assert "<script>\n" not in shown
    assert "all of it" in shown


def test_rejected_records_are_downloaded_as_a_dump_of_the_same_format(staff: Client) -> None:
    run = done_run(staff)
    response = staff.get(f"{RUNS}{run.pk}/rejections/download/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == f'attachment; filename="rejected-of-run-{run.pk}.jsonl"'
    assert b"".join(response.streaming_content) == HALF_BAD[len(DUMP) :]  # type: ignore[attr-defined]  # a FileResponse


def test_retrying_reads_the_rejected_records_alone(staff: Client) -> None:
    run = done_run(staff)
    response = staff.post(f"{RUNS}{run.pk}/rejections/retry/")
    again = IngestRun.objects.exclude(pk=run.pk).get()
    assert response["Location"] == f"{RUNS}{again.pk}/change/"
    run_queued(again)
    again.refresh_from_db()
    assert (again.read, again.rejected) == (2, 2)
    assert staff.get(f"{RUNS}{run.pk}/rejections/retry/").status_code == 405


def test_a_dump_that_is_not_kept_can_be_neither_downloaded_nor_retried(staff: Client) -> None:
    run = done_run(staff)
    assert run.dump is not None
    Path(run.dump.file.path).unlink()
    page = staff.get(f"{RUNS}{run.pk}/rejections/").content.decode()
    assert "not kept here" in page
    assert "Download rejected" not in page
    assert staff.get(f"{RUNS}{run.pk}/rejections/download/").status_code == 302
    assert staff.post(f"{RUNS}{run.pk}/rejections/retry/").status_code == 302
    assert IngestRun.objects.count() == 1
    first = run.rejections.order_by("record").first()
    assert first is not None
    assert "the first" in staff.get(f"{RUNS}{run.pk}/rejections/{first.pk}/").content.decode()


def test_pages_of_runs_ask_the_database_no_more_for_more_rejections(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    run = done_run(staff, DUMP + b"{broken\n" * 40)
    with django_assert_max_num_queries(10):
        staff.get(f"{RUNS}{run.pk}/rejections/")


def test_staff_without_the_permission_see_neither_preview_nor_rejections(client: Client, staff: Client) -> None:
    run = done_run(staff)
    client.force_login(User.objects.create_user("bob", password="x", is_staff=True))
    first = run.rejections.first()
    assert first is not None
    for page in (
        "preview/",
        f"{run.pk}/rejections/",
        f"{run.pk}/rejections/download/",
        f"{run.pk}/rejections/{first.pk}/",
    ):
        assert client.get(RUNS + page).status_code == 403
    assert client.post(f"{RUNS}{run.pk}/rejections/retry/").status_code == 403


def test_a_run_under_way_says_how_far_it_is_and_how_long_it_will_take(staff: Client) -> None:
    run = done_run(staff, DUMP * 3)
    assert run.dump is not None
    if not can_be_shared():  # of a run that several workers share nobody knows how far the dump is read
        assert run.position == run.dump.size
    status = f"{RUNS}{run.pk}/status/"
    assert "left" not in staff.get(status).content.decode()
    began = timezone.now() - timedelta(minutes=10)
    under_way = {"status": RunStatus.RUNNING, "started_at": began, "finished_at": None}
    IngestRun.objects.filter(pk=run.pk).update(**under_way, position=run.dump.size // 4)
    said = re.search(
        r"(\d+) % of the dump is read and stored; about (\d+)\sminutes left", staff.get(status).content.decode()
    )
    assert said
    assert (said[1] in ("24", "25"), said[2] in ("30", "31")) == (True, True)


def test_the_next_upload_begins_as_the_last_was_read_and_a_new_name_goes_before_it(staff: Client) -> None:
    upload(staff, button="ingest", new_source="Ouse Times")
    ouse = Source.objects.get(name="Ouse Times")
    page = staff.get(UPLOAD).content.decode()
    assert f'<option value="{ouse.pk}" selected>Ouse Times</option>' in page
    assert not re.search(r"<input[^>]*find_names[^>]*checked", page)
    assert "that of your last upload" in page
    address = upload(staff, source=str(ouse.pk), new_source="Nene Post")["Location"]
    assert "new_source=Nene+Post" in address
    assert "source=" not in address.replace("new_source=", "")
    other = Source.objects.create(slug="nene", name="Nene")
    refused = upload(staff, source=str(other.pk), new_source="Nene Post")
    assert "not both" in refused.content.decode()
