"""Rejected records come back out as a dump of the same format, and can be tried again."""

import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from archive.errors import DumpError
from archive.ingest import workers
from archive.ingest.rejections import export
from archive.ingest.report import DumpReport
from archive.models import IngestRun
from tests.ingest.support import counts, ingest, story, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def exported(report: DumpReport, target: Path) -> tuple[int, int]:
    """How many records were written, and how many could not be."""
    done = export(IngestRun.objects.get(pk=report.run), target)
    return done.written, done.unplaced


def test_broken_lines_come_out_as_lines_can_be_repaired_and_ingested(tmp_path: Path) -> None:
    broken = '{"id": "s7", "title": "Bridge", "body": "It is shut."'
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), broken, story(2), "{also broken"]))
    out = tmp_path / "out.jsonl"
    assert exported(report, out) == (2, 0)
    assert out.read_text() == f"{broken}\n{{also broken\n"
    out.write_text(f"{broken}}}\n")
    assert counts(ingest(out)) == {"stored": 1}


def test_records_of_a_json_array_come_out_as_an_array(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    records = [story(1), {"id": "2", "note": "no text"}, story(3), {"id": "4"}]
    path.write_text(json.dumps(records, indent=1))
    report = ingest(path)
    assert counts(report) == {"stored": 2, "rejected": 2}
    assert exported(report, tmp_path / "out.json")[0] == 2
    assert json.loads((tmp_path / "out.json").read_text()) == [records[1], records[3]]


def test_rows_of_a_csv_keep_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,title,body\n1,Bridge shut,"It was shut,\non Monday."\n2,,\n3,Bridge open,"Open again."\n4,,\n')
    report = ingest(path)
    assert counts(report) == {"stored": 2, "rejected": 2}
    assert exported(report, tmp_path / "out.csv")[0] == 2
    assert (tmp_path / "out.csv").read_text() == "id,title,body\n2,,\n4,,\n"


def test_records_out_of_an_archive_come_as_a_zip_of_its_members(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/one.jsonl", f"{json.dumps(story(1))}\n{{broken\n")
        archive.writestr("two.jsonl", f"{json.dumps(story(2))}\n")
        archive.writestr("three.jsonl", "{broken too\n" + json.dumps(story(3)) + "\n")
        archive.writestr("four.csv", 'id,title,body\n7,Bridge shut,"It was shut on Monday."\n8,,\n')
        archive.writestr("five.csv", 'title,id,body\n,9,\nBridge open,10,"Open again since."\n')
    report = ingest(path)
    assert counts(report) == {"stored": 5, "rejected": 4}
    exported(report, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "x/one.jsonl": b"{broken\n",
            "three.jsonl": b"{broken too\n",
            "four.csv": b"id,title,body\n8,,\n",
            "five.csv": b"title,id,body\n,9,\n",
        }


def test_an_export_holds_one_record_at_a_time(tmp_path: Path) -> None:
    broken = f'{{"body": "{"x" * 400_000}'
    report = ingest(write_dump(tmp_path / "a.jsonl", [broken] * 20), keep=True)
    run = IngestRun.objects.get(pk=report.run)
    tracemalloc.start()
    export(run, tmp_path / "out.jsonl")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "out.jsonl").read_text() == f"{broken}\n" * 20
    assert most < 4_000_000
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out.jsonl"]


def test_without_the_kept_dump_it_says_so(tmp_path: Path) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), "{broken"]), keep=False)
    with pytest.raises(DumpError, match="not kept here"):
        exported(report, tmp_path / "out")


def test_a_retry_reads_only_what_was_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1), story(2), story(3), "{broken"])
    real = workers.prepare

    def faulty(records: object, how: object) -> object:
        """A program that cannot clean the second record yet."""
        from archive.ingest.records import BadRecord, RawRecord

        return real(
            [
                BadRecord(r.locator, "cleaning-failed", "a fault")
                if isinstance(r, RawRecord) and r.external_id == "s2"
                else r
                for r in records  # type: ignore[attr-defined]  # a list
            ],
            how,  # type: ignore[arg-type]  # what it was given
        )

    with monkeypatch.context() as patch:
        patch.setattr(workers, "prepare", faulty)
        first = ingest(path)
    assert counts(first) == {"stored": 2, "rejected": 2}
    again = ingest(path, retry=first.run)
    assert counts(again) == {"stored": 1, "rejected": 1}
    assert [each.record for each in again.rejections] == [4]


def test_the_commands_do_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = ingest(write_dump(tmp_path / "a.jsonl", [story(1), "{broken"]))
    call_command("rejections", str(report.run))
    assert "line 2, byte" in capsys.readouterr().out
    call_command("rejections", str(report.run), "--export", str(tmp_path / "out.jsonl"))
    assert (tmp_path / "out.jsonl").read_text() == "{broken\n"
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        call_command("ingest", "--retry", str(report.run), "--json", "--no-entities", "--no-index")
    assert left.value.code == 1
    totals = json.loads(capsys.readouterr().out)["totals"]
    assert (totals["read"], totals["rejected"]) == (1, 1)


def test_the_export_of_a_compressed_dump_is_not_called_compressed(tmp_path: Path, data_dir: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"{broken\n" + json.dumps(story(1)).encode() + b"\n"))
    report = ingest(path)
    done = export(IngestRun.objects.get(pk=report.run), tmp_path / "out")
    assert done.name == f"rejected-of-run-{report.run}.jsonl"
    assert (tmp_path / "out").read_bytes() == b"{broken\n"
