"""The editors' desk: who may upload, what is refused, and what a run's page says."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from archive import uploads
from archive.audit import AuditEntry
from archive.choices import Act, RunStatus
from archive.models import IngestRun, Rejection, Source
from tests.roles import member

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/archive/ingestrun/upload/"
DUMP = b'{"id": "a1", "title": "A bridge opens", "body": "The bridge over the Ouse opened on Monday."}\n'


@pytest.fixture
def staff(client: Client, data_dir: Path) -> Client:
    client.force_login(User.objects.create_superuser("ada", password="a long pass phrase"))
    return client


def dump_file(content: bytes = DUMP, name: str = "bridge.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_stranger_is_sent_to_the_login_and_nothing_is_written(client: Client, data_dir: Path) -> None:
    response = client.post(UPLOAD, {"dumps": dump_file()})
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]
    assert not IngestRun.objects.exists()


def test_the_form_says_the_limit_before_anything_is_uploaded(staff: Client, settings: Any) -> None:
    settings.ARCHIVE_MAX_UPLOAD_BYTES = 5 * 1024**2
    assert "Up to 5.0\xa0MB each" in staff.get(UPLOAD).content.decode()


def test_an_upload_becomes_a_queued_run_and_its_page_is_shown(staff: Client) -> None:
    response = staff.post(UPLOAD, {"dumps": dump_file(), "new_source": "Ouse Times", "find_names": "on"}, follow=True)
    run = IngestRun.objects.get()
    assert response.redirect_chain[-1][0] == f"/admin/archive/ingestrun/{run.pk}/change/"
    assert run.status == RunStatus.QUEUED
    assert run.source == Source.objects.get(slug="ouse-times")
    assert run.dump is not None
    assert Path(run.dump.file.path).read_bytes() == DUMP
    assert DBTaskResult.objects.count() == 1
    acts = AuditEntry.objects.order_by("pk").values_list("act", "kind", "object_id")
    assert list(acts) == [(Act.UPLOAD, "dump", run.dump.pk), (Act.RUN, "ingestrun", run.pk)]
    assert "No background worker is running" in response.content.decode()


def test_an_upload_over_the_limit_is_refused_with_a_sentence(staff: Client, settings: Any) -> None:
    settings.ARCHIVE_MAX_UPLOAD_BYTES = 10
    response = staff.post(UPLOAD, {"dumps": dump_file()})
    assert response.status_code == 200
    assert "the most this site takes at a time" in response.content.decode()
    assert not IngestRun.objects.exists()


def test_an_empty_file_is_refused_with_a_sentence(staff: Client) -> None:
    response = staff.post(UPLOAD, {"dumps": dump_file(b"")})
    assert "This file is empty" in response.content.decode()


def test_a_source_is_chosen_or_named_but_not_both(staff: Client) -> None:
    source = Source.objects.create(slug="a", name="A")
    response = staff.post(UPLOAD, {"dumps": dump_file(), "source": source.pk, "new_source": "B"})
    assert "not both" in response.content.decode()


def test_hostile_file_names_and_bytes_are_shown_escaped(staff: Client) -> None:
    staff.post(UPLOAD, {"dumps": dump_file(name="<img src=x onerror=alert(1)>.jsonl")})
    run = IngestRun.objects.get()
    run.status, run.read, run.rejected = RunStatus.DONE, 1, 1
    run.save()
    Rejection.objects.create(
        run=run, record=1, locator="line 1, byte 0", code="bad-json", reason="<b>no</b>", excerpt=b"\xff<script>\x00"
    )
    page = staff.get(f"/admin/archive/ingestrun/{run.pk}/change/").content.decode()
    assert "<img src=x" not in page
    assert "<script>\\x00" not in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "\\xff&lt;script&gt;" in page


def test_who_may_not_upload_dumps_sends_small_files_only(client: Client, data_dir: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "SMALL_BYTES", 2_000)
    client.force_login(member("editor"))
    sent = {name: SimpleUploadedFile("names.txt", b"Ada Vale\n" * times) for name, times in (("few", 9), ("many", 999))}
    for name, is_taken in (("few", True), ("many", False)):
        page = client.post("/admin/names/batch/", {"file": sent[name]}).content.decode()
        assert ("Ada Vale" in page) is is_taken
        assert ("The file is too large" in page) is not is_taken


def test_staff_without_the_permission_may_not_upload(client: Client, data_dir: Path) -> None:
    client.force_login(User.objects.create_user("bob", password="x", is_staff=True))
    assert client.get(UPLOAD).status_code == 403
