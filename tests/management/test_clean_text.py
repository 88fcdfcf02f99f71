"""`manage.py clean_text`: the contract's JSON, one file or many lines, exit status, no database."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.management.commands.clean_text import account_of, cleaned, record_of
from tests.ingest.cleaning.test_page_text import GOLDEN, PARAGRAPHS

Manage = Callable[..., "subprocess.CompletedProcess[str]"]
RAW = "\n".join(("The baths close", "By Ann Lee", "Published 19 November 2019", *PARAGRAPHS, "Share"))
KEYS = {"id", "title", "standfirst", "byline", "published_at", "language", "body", "captions", "removed"}


def test_one_file_comes_out_as_the_contract_says(manage: Manage) -> None:
    done = manage("clean_text", str(GOLDEN / "harbour.txt"), "--json")
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert set(account) >= KEYS
    assert account["id"] is None
    assert account["removed"][0] == {"line": 1, "text": "Advertisement", "rule": "advertisement"}
    assert account["captions"][0]["credit"] == "AFP"
    assert account["byline"] == []
    assert account["published_at"] is None


def test_a_batch_keeps_ids_and_order_and_touches_no_database(manage: Manage, tmp_path: Path) -> None:
    lines = [{"id": name, "source": "x", "raw": RAW} for name in ("b", "a")]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")
    done = manage("clean_text", "--jsonl", str(file))
    assert done.returncode == 0, done.stderr
    accounts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [account["id"] for account in accounts] == ["b", "a"]
    assert accounts[0]["byline"] == ["Ann Lee"]
    assert accounts[0]["published_at"].startswith("2019-11-19")
    assert accounts[0]["body"] == list(PARAGRAPHS)
    assert not list((tmp_path / "var").glob("*.sqlite3"))


def test_a_bad_line_is_said_and_skipped_and_the_rest_cleaned(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 1}\nnot json\n' + json.dumps({"id": 3, "raw": RAW}) + "\n", "utf-8")
    done = manage("clean_text", "--jsonl", str(file))
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [3]
    assert "line 1" in done.stderr
    assert "line 2" in done.stderr


@pytest.mark.parametrize("args", [(), ("a.txt", "--jsonl", "b.jsonl"), ("--jsonl", "missing.jsonl")], ids=str)
def test_wrong_usage_exits_with_two(manage: Manage, args: tuple[str, ...]) -> None:
    assert manage("clean_text", *args).returncode == 2


def test_html_is_seen_by_its_content() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    article, error = cleaned(record_of(f"<!doctype html><html><body><article>{paragraphs}</article></body></html>", 1))
    assert error is None
    assert article.paragraphs == PARAGRAPHS


def test_text_that_speaks_of_markup_is_page_text() -> None:
    article, error = cleaned(record_of("\n".join((*PARAGRAPHS, "He typed <p> and nothing happened.")), 1))
    assert error is None
    assert article.paragraphs[-1] == "He typed <p> and nothing happened."


def test_a_page_without_body_says_so_and_still_accounts_for_its_lines() -> None:
    article, error = cleaned(record_of("Advertisement\nShare", 1))
    account = account_of(article, 7, error)
    assert account["error"]["code"] == "no-body"
    assert [cut["rule"] for cut in account["removed"]] == ["advertisement", "share"]
