"""Taking down: each degree, what it changes where, and that what was erased is nowhere, in no byte, and stays away."""

import gzip
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files import File
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from archive import tasks
from archive.audit import AuditEntry
from archive.choices import Act, ContentKind, Degree, Visibility
from archive.ingest import serialise, store
from archive.ingest.families import update_families
from archive.ingest.intake import receive
from archive.ingest.parts import append, begin
from archive.ingest.records import Locator
from archive.ingest.takedown import TakedownRefused, end, end_embargoes, preview, take_down
from archive.ingest.traces import pending
from archive.management.commands import worker
from archive.management.examination import examine
from archive.models import Article, Dump, RawRecord, Takedown
from archive.search.indexing import drain
from archive.search.run import search
from archive.tasks import destroy_traces
from tests.desk.wolverines import FILLER, OLD, OLD_RECORDS, RECORDS, SENTENCE, asked, dump_of, ingest, page
from tests.roles import member


@pytest.mark.django_db
class TestDegrees:
    def test_a_delisted_article_opens_at_its_address_and_is_in_no_list(self, wolverines: Article) -> None:
        take_down(wolverines.pk, asked(Degree.DELIST), None)
        drain()
        assert page(wolverines.get_absolute_url())[0] == 200
        assert search("wolverines").total == 0
        assert "Wolverines" not in page("/")[1] + page("/feeds/latest/")[1] + page("/sitemap-articles.xml")[1]

    def test_a_tombstone_says_the_notice_with_410_wherever_the_article_was(self, wolverines: Article) -> None:
        take_down(wolverines.pk, asked(Degree.TOMBSTONE, notice="Withdrawn at request."), None)
        drain()
        base = f"/articles/{wolverines.pk}/"
        for url in (wolverines.get_absolute_url(), base, f"{base}source/", f"{base}versions/1/", f"{base}cite.bib"):
            status, body = page(url)
            assert (status, "Withdrawn at request." in body, "olverine" in body.replace(url, "")) == (
                410,
                True,
                False,
            ), url
        assert search("wolverines").total == 0

    def test_an_embargo_hides_until_its_day_and_ends_by_itself(self, wolverines: Article) -> None:
        made = take_down(wolverines.pk, asked(Degree.EMBARGO, until=timezone.now() + timedelta(hours=1)), None)
        drain()
        assert page(wolverines.get_absolute_url())[0] == 404
        assert end_embargoes() == 0
        Takedown.objects.filter(pk=made.pk).update(until=timezone.now())
        assert end_embargoes() == 1
        drain()
        assert search("wolverines").total == 1

    def test_what_is_not_for_good_can_be_ended_and_what_stands_beside_it_still_holds(self, wolverines: Article) -> None:
        first = take_down(wolverines.pk, asked(Degree.DELIST), None)
        second = take_down(wolverines.pk, asked(Degree.TOMBSTONE), None)
        end(second, None)
        assert Article.objects.get(pk=wolverines.pk).visibility == Visibility.DELISTED
        end(first, None)
        assert Article.objects.get(pk=wolverines.pk).visibility == Visibility.PUBLIC
        with pytest.raises(TakedownRefused):
            end(first, None)

    def test_a_new_text_from_a_dump_does_not_bring_a_hidden_article_back(
        self, wolverines: Article, outside: Path
    ) -> None:
        take_down(wolverines.pk, asked(Degree.HIDE), None)
        changed = [{**RECORDS[1], "body": FILLER + "All about wolverines."}]
        assert ingest(dump_of(outside / "new.jsonl", changed)).counts.updated == 1
        assert search("wolverines").total == 0

    @pytest.mark.parametrize(
        ("degree", "fields"),
        [
            (Degree.EMBARGO, {}),
            (Degree.EMBARGO, {"until": timezone.now() - timedelta(days=1)}),
            (Degree.ANONYMISE, {"names": ("…",)}),
        ],
    )
    def test_what_lacks_something_is_refused_in_a_sentence(
        self, wolverines: Article, degree: Degree, fields: Any
    ) -> None:
        with pytest.raises(TakedownRefused):
            take_down(wolverines.pk, asked(degree, **fields), None)
        assert not Takedown.objects.exists()


def _bytes_found(folder: Path, *texts: str) -> list[str]:
    """Files below the folder in which one of the texts stands, in one of these encodings, compressed or not."""
    wanted = [text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le")]
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        contents = [path.read_bytes()]
        if contents[0][:2] == b"\x1f\x8b":
            contents.append(gzip.decompress(contents[0]))
        if contents[0][:2] == b"PK":
            with zipfile.ZipFile(path) as archive:
                contents += [archive.read(name) for name in archive.namelist()]
        if any(text in content for text in wanted for content in contents):
            found.append(str(path.relative_to(folder)))
    return found


def _rows_found(*texts: str) -> list[str]:
    """Tables in whose rows one of the texts stands, raw records unpacked."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                if any(text in f"{row}" for text in texts) or any(
                    text.encode() in bytes(cell) for text in texts for cell in row if isinstance(cell, bytes)
                ):
                    found.append(table)
    for raw in RawRecord.objects.all():
        record = serialise.loads(bytes(raw.payload), Locator(raw.number), ContentKind(raw.kind))
        if any(text in repr(record) for text in texts):
            found.append("payload of archive_rawrecord")
    return sorted(set(found))


WORDS = (
    "Wolverines: ask",
    "wolverines: ask",
    SENTENCE,
    OLD,
    "Wolverines of P. Dunwiddie",
    "wolverines behind the brewery",
)


@pytest.mark.django_db
class TestErasing:
    @pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz", "dump.zip", "dump.json"])
    def test_after_erasing_no_byte_of_it_is_left_and_the_same_dump_brings_nothing_back(
        self, data_dir: Path, outside: Path, name: str
    ) -> None:
        ingest(dump_of(outside / "old.jsonl", OLD_RECORDS))
        path = dump_of(outside / name, RECORDS)
        ingest(path)
        article = Article.objects.get(external_id="b")
        LogEntry.objects.create(
            user=member("editor"),
            object_id=str(article.pk),
            object_repr=str(article),
            action_flag=2,
            content_type=_content_type(article),
        )
        assert _bytes_found(data_dir, *WORDS)
        assert _rows_found(*WORDS)
        take_down(article.pk, asked(Degree.ERASE, notice="Erased."), None)
        destroy_traces.func()
        assert _rows_found(*WORDS) == []
        assert _bytes_found(data_dir, *WORDS) == []
        assert page(f"/articles/{article.pk}/")[0] == 410
        again = ingest(path, limit=None)
        assert (again.counts.stored, again.counts.updated, again.counts.duplicates) == (0, 0, 0)
        fresh = dump_of(outside / "fresh.jsonl", [*RECORDS, {"id": "n", "title": "New", "body": FILLER + "New."}])
        report = ingest(fresh)
        assert (report.counts.stored, report.counts.unchanged) == (1, 3)
        assert _rows_found(*WORDS) == []
        assert _bytes_found(data_dir, *WORDS) == []

    def test_what_is_kept_beside_it_is_still_whole_and_what_is_nearly_the_same_is_told_before(
        self, wolverines: Article
    ) -> None:
        Article.objects.filter(external_id="a").update(body=[*wolverines.body, "More."])
        update_families()
        told = dict(preview(wolverines, asked(Degree.ERASE)))["Nearly the same articles"]
        assert Article.objects.get(external_id="a").get_absolute_url() in told
        take_down(wolverines.pk, asked(Degree.ERASE), None)
        destroy_traces.func()
        dump = Dump.objects.get(name="dump.jsonl")
        lines = Path(dump.file.path).read_bytes().splitlines()
        assert dump.is_redacted
        assert [json.loads(line).get("id") for line in lines] == ["a", None, "c"]

    def test_it_goes_out_of_dumps_that_brought_nothing_new_or_were_never_ingested_and_of_uploads(
        self, data_dir: Path, outside: Path
    ) -> None:
        ingest(dump_of(outside / "one.jsonl", RECORDS))
        two = dump_of(outside / "two.jsonl", [RECORDS[2], RECORDS[1]])
        assert ingest(two).counts.unchanged == 2
        three = dump_of(outside / "three.jsonl", [{**RECORDS[1], "id": ""}, {**RECORDS[0], "id": "new"}])
        with three.open("rb") as file:
            receive(File(file, "three.jsonl"), None)  # type: ignore[arg-type]  # a plain file has chunks() as well
        archivist = member("archivist")
        part = begin(archivist, "four.jsonl", 10_000, "f")
        append(archivist, part.key, 0, io.BytesIO(two.read_bytes()), two.stat().st_size)
        take_down(Article.objects.get(external_id="b").pk, asked(Degree.ERASE), None)
        destroy_traces.func()
        assert _bytes_found(data_dir, *WORDS) == []
        dumps = {dump.name: dump for dump in Dump.objects.all()}
        assert all(dump.is_redacted for dump in dumps.values())
        assert b"harbour wall" in Path(dumps["three.jsonl"].file.path).read_bytes()

    def test_what_was_left_when_a_process_died_or_somebody_read_is_done_later(
        self, wolverines: Article, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = take_down(wolverines.pk, asked(Degree.ERASE), None)
        assert _bytes_found(data_dir / "media", *WORDS)
        Takedown.objects.update(made_at=timezone.now() - timedelta(hours=2))
        assert "1 takedowns for good" in str(list(examine()))
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "_is_packed_anew", lambda: False)
            destroy_traces.func()
        assert DBTaskResult.objects.filter(task_path=destroy_traces.module_path, run_after__isnull=False).count() == 1
        assert [each.pk for each in pending()] == [made.pk]
        DBTaskResult.objects.all().delete()
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_index_until", lambda stop: None)
            patch.setattr(worker, "call_command", lambda *args, **kwargs: None)
            worker.Command()._work(batch=True)
        assert [each.task_path for each in DBTaskResult.objects.all()] == [destroy_traces.module_path]
        destroy_traces.func()
        assert not pending().exists()

    def test_a_dump_that_brings_it_again_is_blanked_before_it_is_counted(
        self, wolverines: Article, outside: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_down(wolverines.pk, asked(Degree.ERASE), None)
        destroy_traces.func()
        path = dump_of(outside / "fresh.jsonl", [*RECORDS, {"id": "n", "title": "New", "body": FILLER + "New."}])
        with monkeypatch.context() as patch:
            patch.setattr(store, "redact", lambda dump, places: (_ for _ in ()).throw(OSError("killed")))
            report = ingest(path)
        assert (report.status, report.counts.read) == ("failed", 0)
        assert _bytes_found(data_dir / "media", *WORDS)
        assert ingest(path).counts.read == 4
        assert _bytes_found(data_dir / "media", *WORDS) == []

    def test_an_erased_article_is_erased_once(self, wolverines: Article) -> None:
        take_down(wolverines.pk, asked(Degree.ERASE), None)
        with pytest.raises(TakedownRefused):
            take_down(wolverines.pk, asked(Degree.DELIST), None)


def _content_type(article: Article) -> Any:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(type(article))


@pytest.mark.usefixtures("empty_archive")
def test_no_byte_of_it_is_left_in_a_database_file_either(tmp_path: Path, manage: Any, outside: Path) -> None:
    path = dump_of(outside / "dump.jsonl", RECORDS)
    assert manage("ingest", str(path), "--no-entities").returncode == 0
    assert _bytes_found(tmp_path / "var", "wolverines behind the brewery")
    code = (
        "from archive.ingest.takedown import *; from archive.tasks import destroy_traces;"
        "article = Article.objects.get(external_id='b');"
        "take_down(article.pk, Request(Degree.ERASE, TakedownReason.PRIVACY), None);"
        # A reader holds the database as it was: not all is gone yet, and nobody says so.
        "import sqlite3; reader = sqlite3.connect(connection.settings_dict['NAME'], isolation_level=None);"
        "reader.execute('BEGIN'); reader.execute('SELECT count(*) FROM archive_article').fetchone();"
        "connection.cursor().execute('PRAGMA busy_timeout = 10'); destroy_traces.func();"
        "assert Takedown.objects.get().traces is not None; reader.close(); destroy_traces.func();"
        "assert Takedown.objects.get().traces is None"
    )
    done = manage("shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    assert _bytes_found(tmp_path / "var", "wolverines", "Dunwiddie") == []


@pytest.mark.django_db
class TestDesk:
    def test_an_archivist_restricts_in_three_steps_and_the_public_log_names_nobody(
        self, wolverines: Article, client: Client
    ) -> None:
        client.force_login(member("archivist"))
        url = f"/admin/archive/takedown/restrict/{wolverines.pk}/"
        assert "How far" in client.get(url).content.decode() or client.get(url).status_code == 200
        form = {"degree": "tombstone", "reason": "privacy", "notice": "Withdrawn.", "requester": "Perpetua Dunwiddie"}
        shown = client.post(url, {**form, "preview": "1"}).content.decode()
        assert "410 with the notice" in shown
        assert not Takedown.objects.exists()
        response = client.post(url, {**form, "confirm": "1"})
        made = Takedown.objects.get()
        assert response["Location"] == f"/admin/archive/takedown/{made.pk}/change/"
        assert "Perpetua Dunwiddie" in client.get(response["Location"]).content.decode()
        log = page("/takedowns/")[1]
        assert "A notice in its place" in log
        assert "Dunwiddie" not in log
        assert "olverine" not in log
        assert client.post(f"/admin/archive/takedown/{made.pk}/end/").status_code == 302
        assert list(AuditEntry.objects.values_list("act", flat=True)) == [Act.RESTORE, Act.TAKEDOWN]

    def test_an_editor_may_not(self, wolverines: Article, client: Client) -> None:
        client.force_login(member("editor"))
        for path in (f"restrict/{wolverines.pk}/", ""):
            assert client.get(f"/admin/archive/takedown/{path}").status_code == 403
