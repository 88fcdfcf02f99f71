"""Uploads piece by piece: they go on after any interruption, and are dumps like any other once they are whole."""

import errno
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive.audit import AuditEntry
from archive.ingest import parts
from archive.models import Dump, IngestRun
from tests.roles import member

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/archive/ingestrun/upload/"
LINE = b'{"id": "a1", "title": "A bridge opens", "body": "The bridge over the Ouse opened on Monday."}\n'
BYTES = LINE * 100


@pytest.fixture
def staff(client: Client, data_dir: Path) -> Client:
    client.force_login(member("archivist"))
    return client


def begin(client: Client, *, size: int = len(BYTES), name: str = "bridge.jsonl", **more: Any) -> Any:
    about = {"name": name, "size": size, "fingerprint": "f", **more}
    return client.post(f"{UPLOAD}parts/", json.dumps(about), content_type="application/json")


def put(client: Client, url: str, offset: int, piece: bytes) -> Any:
    headers = {"Upload-Offset": str(offset)}
    return client.put(url, piece, content_type="application/octet-stream", headers=headers)


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in (folder / "uploads").rglob("*") if path.is_file())


def test_a_file_in_pieces_becomes_a_dump_and_the_form_a_run_of_it(staff: Client, data_dir: Path) -> None:
    begun = begin(staff).json()
    assert begun["offset"] == 0
    assert put(staff, begun["url"], 0, BYTES[:5000]).json() == {"offset": 5000}
    done = put(staff, begun["url"], 5000, BYTES[5000:]).json()
    dump = Dump.objects.get()
    assert (done["dump"], done["seen"]) == (dump.pk, None)
    assert dump.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert Path(dump.file.path).read_bytes() == BYTES
    assert files_below(data_dir) == []
    assert AuditEntry.objects.get().details == {"dump": dump.sha256, "was_here": False}
    shown = staff.post(UPLOAD, {"dump": dump.pk, "preview": "1", "new_source": "Ouse Times"})
    assert f"dump={dump.pk}" in shown["Location"]
    staff.post(UPLOAD, {"dump": dump.pk})
    assert IngestRun.objects.get().dump == dump


def test_an_interrupted_upload_goes_on_in_another_process_from_the_byte_where_it_stopped(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(staff).json()
    put(staff, begun["url"], 0, BYTES[:5000])
    monkeypatch.setattr(parts, "_digests", parts._Digests())
    assert f"{5000 * 100 // len(BYTES)} % is here" in staff.get(UPLOAD).content.decode()
    again = begin(staff).json()
    assert again == {"url": begun["url"], "offset": 5000}
    assert "dump" in put(staff, again["url"], 5000, BYTES[5000:]).json()
    assert Dump.objects.get().sha256 == hashlib.sha256(BYTES).hexdigest()


def test_a_piece_for_another_place_is_refused_with_the_right_one(staff: Client) -> None:
    url = begin(staff).json()["url"]
    put(staff, url, 0, BYTES[:100])
    refused = put(staff, url, 0, BYTES[:100])
    assert (refused.status_code, refused.json()["offset"]) == (409, 100)
    assert put(staff, url, 100, BYTES).status_code == 413
    assert staff.put(url, b"x", content_type="application/octet-stream").status_code == 411


def test_a_file_that_was_here_is_told_by_its_ends_before_it_is_sent_and_by_its_hash_after(staff: Client) -> None:
    url = begin(staff).json()["url"]
    dump = put(staff, url, 0, BYTES).json()["dump"]
    staff.post(UPLOAD, {"dump": dump})
    path = Path(Dump.objects.get().file.path)
    alike = {"fingerprint": parts.fingerprint_of(path), "name": "again.jsonl"}
    seen = begin(staff, **alike).json()["seen"]
    assert seen["dump"] == dump
    assert "as bridge.jsonl; run" in seen["says"]
    url = begin(staff, **alike, anyway=True).json()["url"]
    assert put(staff, url, 0, BYTES).json()["seen"]["dump"] == dump
    assert Dump.objects.count() == 1


def test_what_is_too_large_empty_or_nonsense_is_refused_before_it_is_sent(staff: Client, settings: Any) -> None:
    settings.ARCHIVE_MAX_UPLOAD_BYTES = 100
    refused = begin(staff)
    assert refused.status_code == 413
    assert "100\xa0bytes is the most" in refused.json()["error"]
    assert begin(staff, size=0).status_code == 400
    for nonsense in ("", "[]", "{}", '{"name": "a", "size": "x", "fingerprint": "f"}'):
        assert staff.post(f"{UPLOAD}parts/", nonsense, content_type="application/json").status_code == 400
    assert put(staff, f"{UPLOAD}parts/none/", 0, b"x").status_code == 404


@pytest.mark.parametrize("asked", ['{"name": "a", "size": 1e999, "fingerprint": "f"}', "[" * 100_000])
def test_what_is_no_question_at_all_is_refused_too(staff: Client, asked: str) -> None:
    assert staff.post(f"{UPLOAD}parts/", asked, content_type="application/json").status_code == 400


def test_a_name_that_no_page_and_no_database_takes_is_mended(staff: Client) -> None:
    begun = begin(staff, name="br\ud800id\0ge.jsonl").json()
    assert put(staff, begun["url"], 0, BYTES[:50]).status_code == 200
    assert "br\ufffdid\ufffdge.jsonl" in staff.get(UPLOAD).content.decode()
    put(staff, begun["url"], 50, BYTES[50:])
    assert Dump.objects.get().name == "br\ufffdid\ufffdge.jsonl"


def test_a_full_disk_is_said_before_and_in_the_middle_and_what_came_stays(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begin(staff).json()["url"]
    put(staff, url, 0, BYTES[:5000])

    def full(file: Any, piece: bytes) -> None:
        file.write(piece[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(parts, "_write", full)
        refused = put(staff, url, 5000, BYTES[5000:])
    assert (refused.status_code, refused.json()["offset"]) == (507, 5010)
    assert "The server's disk is full" in refused.json()["error"]
    assert "dump" in put(staff, url, 5010, BYTES[5010:]).json()
    assert Dump.objects.get().sha256 == hashlib.sha256(BYTES).hexdigest()
    monkeypatch.setattr(parts.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
    refused = begin(staff, name="other.jsonl")
    assert (refused.status_code, "too little for other.jsonl" in refused.json()["error"]) == (507, True)


def test_unfinished_uploads_are_bounded_removable_and_gone_after_a_day(staff: Client, data_dir: Path) -> None:
    begun = [begin(staff, name=f"{number}.jsonl") for number in range(parts.OPEN_AT_ONCE)]
    assert begin(staff, name="one-more.jsonl").status_code == 429
    staff.post(begun[0].json()["url"])
    assert AuditEntry.objects.get().summary == "an unfinished upload thrown away"
    assert begin(staff, name="one-more.jsonl").status_code == 200
    long_ago = time.time() - parts.KEPT_SECONDS - 1
    for path in (data_dir / "uploads" / "parts").rglob("*.part"):
        os.utime(path, (long_ago, long_ago))
    staff.get(UPLOAD)
    assert files_below(data_dir) == []


def test_nobody_adds_to_the_upload_of_another_or_without_the_permission(staff: Client, client: Client) -> None:
    url = begin(staff).json()["url"]
    client.force_login(User.objects.create_superuser("eve", password="a long pass phrase"))
    assert put(client, url, 0, BYTES[:100]).status_code == 404
    client.force_login(member("editor"))
    assert put(client, url, 0, BYTES[:100]).status_code == 403
    assert begin(client).status_code == 403


def test_a_forged_request_without_the_token_adds_nothing(data_dir: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member("archivist"))
    assert begin(strict).status_code == 403
    assert put(strict, f"{UPLOAD}parts/x/", 0, b"x").status_code == 403


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\dumps\\..\\a.jsonl", "a\nb/..", "x" * 3000, "\u202egpj.exe"])
def test_no_name_leads_out_of_the_data_folder(staff: Client, data_dir: Path, name: str) -> None:
    url = begin(staff, name=name).json()["url"]
    put(staff, url, 0, BYTES)
    dump = Dump.objects.get()
    assert "/" not in dump.name
    assert Path(dump.file.path).is_relative_to(data_dir / "media")
