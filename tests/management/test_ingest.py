"""`manage.py ingest` as scripts see it: JSON, exit status, folders, standard input, two at once."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from archive.models import Article
from tests.ingest.support import story, write_dump

Manage = Callable[..., subprocess.CompletedProcess[str]]
QUICK = ("--no-entities", "--no-index", "--workers", "1")
here = pytest.mark.usefixtures("db", "data_dir")


def run(*args: str) -> tuple[int, str, str]:
    """The command in this process: exit status, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("ingest", *args, stdout=out, stderr=err)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def as_json(*args: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(*args, "--json", *QUICK)[1])
    return result


@here
def test_the_report_has_the_shape_that_scripts_depend_on(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1), "{broken", story(2)])
    status, out, _ = run(str(path), "--json", *QUICK)
    assert status == 1
    report = json.loads(out)
    assert set(report["totals"]) == {"read", "stored", "updated", "unchanged", "duplicates", "rejected", "seconds"}
    (dump,) = report["dumps"]
    assert dump["path"] == str(path)
    assert (dump["format"], dump["status"], dump["reason"]) == ("jsonl", "done", None)
    assert len(dump["sha256"]) == 64
    assert (dump["read"], dump["stored"], dump["rejected"]) == (3, 2, 1)
    (rejection,) = dump["rejections"]
    assert set(rejection) == {"record", "locator", "code", "reason"}
    assert rejection["record"] == 2


@here
def test_the_summary_goes_to_stdout_and_problems_to_stderr(tmp_path: Path) -> None:
    status, out, err = run(str(write_dump(tmp_path / "a.jsonl", [story(1), "{broken"])), *QUICK)
    assert status == 1
    assert "1 stored, 0 updated, 0 unchanged, 0 duplicates, 1 rejected" in out
    assert err.count("line 2, byte") == 1


@here
def test_a_folder_is_every_file_below_it_sorted(tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    (folder / "b").mkdir(parents=True)
    write_dump(folder / "b" / "z.jsonl", [story(1)])
    write_dump(folder / "a.jsonl", [story(2)])
    (folder / "README.md").write_text("About these dumps.")
    (folder / ".hidden.jsonl").write_text("{}")
    assert [Path(dump["path"]).name for dump in as_json(str(folder))["dumps"]] == ["a.jsonl", "z.jsonl"]


@here
def test_a_folder_without_dumps_and_a_path_that_is_not_there_are_wrong_usage(tmp_path: Path) -> None:
    for wrong in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(CommandError) as told:
            run(str(wrong), *QUICK)
        assert told.value.returncode == 2


@pytest.mark.usefixtures("empty_archive")
def test_standard_input_is_a_dump_too(manage: Manage, tmp_path: Path) -> None:
    text = write_dump(tmp_path / "a.jsonl", [story(1), "{broken"]).read_text()
    done = manage("ingest", "-", "--format", "jsonl", "--json", *QUICK, input=text)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["dumps"][0]["path"] == "-"
    assert report["totals"]["stored"] == 1
    refused = manage("ingest", "-", input=text)
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize(
    "wrong",
    [
        (".", "--format", "no-such-format"),
        (".", "--workers", "0"),
        (".", "--limit", "many"),
        (".", "--map", "title"),
        (".", "--map", "colour=red"),
    ],
)
def test_wrong_options_are_refused_with_a_sentence(wrong: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Error: argument"):
        run(*wrong)


def test_wrong_usage_is_exit_2_and_nothing_on_stdout(manage: Manage) -> None:
    done = manage("ingest", "no/such/file")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no/such/file does not exist" in done.stderr
    assert "Traceback" not in done.stderr


@here
def test_a_bad_dump_among_good_ones_is_exit_1_and_the_good_are_stored(tmp_path: Path) -> None:
    good, empty = write_dump(tmp_path / "a.jsonl", [story(1)]), tmp_path / "b.jsonl"
    empty.write_bytes(b"")
    status, out, _ = run(str(empty), str(good), "--json", *QUICK)
    bad, fine = json.loads(out)["dumps"]
    assert status == 1
    assert (bad["status"], fine["status"]) == ("rejected", "done")
    assert "b.jsonl" in bad["reason"]
    assert json.loads(out)["totals"]["stored"] == 1


@here
def test_fields_can_be_renamed_and_the_source_remembers(tmp_path: Path) -> None:
    odd = {"nr": "7", "Kopf": "Bridge shut", "Inhalt": "The old bridge over the Ouse was shut on Monday."}
    first = write_dump(tmp_path / "a.jsonl", [odd])
    mapped = ("--map", "id=nr,title=Kopf,body=Inhalt", "--source", "ouse")
    assert as_json(str(first), *mapped)["totals"]["stored"] == 1
    second = write_dump(tmp_path / "b.jsonl", [{**odd, "nr": "8", "Inhalt": "Another text."}])
    assert as_json(str(second), "--source", "ouse")["totals"]["stored"] == 1
    assert set(Article.objects.values_list("external_id", flat=True)) == {"7", "8"}


@here
def test_two_workers_store_what_one_stores(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [*(story(n) for n in range(700)), "{broken"])
    _, out, _ = run(str(path), "--json", "--no-entities", "--no-index", "--workers", "2")
    report = json.loads(out)
    assert report["totals"]["stored"] == 700
    assert report["dumps"][0]["rejections"][0]["record"] == 701


@here
def test_a_dry_run_says_what_would_be_stored(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "a.jsonl", [story(1), story(1)])
    for _ in range(2):
        totals = as_json(str(path), "--dry-run")["totals"]
        assert (totals["stored"], totals["unchanged"]) == (1, 1)
    assert not Article.objects.exists()
