"""Cleans raw article texts and prints what became of every line, as JSON. Neither database nor index is touched."""

import gc
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.choices import ContentKind
from archive.errors import DumpError, RecordError
from archive.ingest.cleaning import clean, clean_lines
from archive.ingest.readers import html_page
from archive.ingest.readers.dump import open_dump
from archive.ingest.readers.head import HEAD_BYTES, Head
from archive.ingest.records import BadRecord, CleanArticle, Locator, RawRecord
from archive.management.json_lines import texts_of


class Command(BaseCommand):
    help = "Clean one raw file (- is standard input), or a JSONL file of raw texts; prints JSON."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", help="a file with one article in any supported format; - reads standard input"
        )
        parser.add_argument(
            "--jsonl", metavar="FILE", help='lines of {"id", "source", "raw"}; prints one line for each'
        )
        parser.add_argument("--json", action="store_true", help="print the whole account as JSON, not only the article")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == bool(options["jsonl"]):
            raise CommandError("name either one FILE (- for standard input) or --jsonl FILE", returncode=2)
        gc.freeze()  # what is loaded by now stays; looking through it again and again took a fifth of the time
        if options["jsonl"]:
            failed = self._batch(options["jsonl"])
        else:
            failed = self._single(options["file"], as_json=options["json"])
        if failed:
            sys.exit(1)

    def _batch(self, name: str) -> int:
        """Clean every line of a JSONL file; how many could not be."""
        failed = 0

        def skipped(sentence: str) -> None:
            nonlocal failed
            failed += 1
            self.stderr.write(sentence)

        for number, identity, raw in texts_of(name, "raw", skipped):
            article, error = cleaned(record_of(raw, number))
            failed += error is not None
            self.stdout.write(json.dumps(account_of(article, identity, error), ensure_ascii=False))
        return failed

    def _single(self, name: str, *, as_json: bool) -> int:
        record = record_of(sys.stdin.read(), 1) if name == "-" else _record_in(Path(name))
        article, error = cleaned(record)
        if error is not None:
            self.stderr.write(f"{name}: {error.reason}")
        if as_json:
            self.stdout.write(json.dumps(account_of(article, None, error), ensure_ascii=False))
        elif error is None:
            self.stdout.write(article.text)
        return int(error is not None)


def record_of(raw: str, number: int) -> RawRecord:
    """A raw text as the record it would be in a dump: HTML or flattened page text, by its content."""
    is_html = "<" in raw[:HEAD_BYTES] and html_page.recognise(Head(raw[:HEAD_BYTES].encode("utf-8", "replace")))
    return RawRecord(Locator(number), ContentKind.HTML_PAGE if is_html else ContentKind.PAGE_TEXT, raw)


def cleaned(record: RawRecord) -> tuple[CleanArticle, RecordError | None]:
    """The article, and for a record that is none the error beside the account of its lines."""
    try:
        return clean(record), None
    except RecordError as error:
        lines = record.text.splitlines() if record.kind == ContentKind.PAGE_TEXT else ()
        return clean_lines(lines), error


def account_of(article: CleanArticle, identity: Any, error: RecordError | None) -> dict[str, Any]:
    """The account of one article in the shape that the contract gives it."""
    published = article.published.value if article.published else None
    account: dict[str, Any] = {
        "id": identity,
        "title": article.title or None,
        "standfirst": article.standfirst or None,
        "byline": list(article.byline),
        "published_at": published.isoformat() if published else None,
        "language": article.language or None,
        "body": list(article.paragraphs),
        "captions": [{"text": caption.text, "credit": caption.credit or None} for caption in article.captions],
        "removed": [{"line": line.number, "text": line.text, "rule": line.rule} for line in article.removed],
        "lines": [
            {"line": line.number, "text": line.text, "place": str(line.place), "rule": line.rule, "reason": line.reason}
            for line in article.lines
        ],
    }
    if error is not None:
        account["error"] = {"code": error.code, "reason": error.reason}
    return account


def _record_in(path: Path) -> RawRecord:
    """The one record in a file. Raises CommandError where there is none or more than one."""
    try:
        records = open_dump(path).records()
        first = next(records)
        second = next(records, None)
    except DumpError as error:
        raise CommandError(error.reason, returncode=1) from error
    if isinstance(first, BadRecord):
        raise CommandError(first.reason, returncode=1)
    if second is not None:
        raise CommandError(f"{path.name} holds more than one record; `ingest` reads dumps", returncode=2)
    return first
