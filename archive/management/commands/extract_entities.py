"""Finds the names and quotations in clean plain text and prints them as JSON. Neither database nor index is touched."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ModelMissing
from archive.ingest.entities import find_names
from archive.ingest.records import TextNames

BATCH = 64


class Command(BaseCommand):
    help = (
        "Find people, organisations, places and quotations in one text (- is standard input) or a JSONL file of texts."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="a file of clean plain text; - reads standard input")
        parser.add_argument("--jsonl", metavar="FILE", help='lines of {"id", "text"}; prints one line for each')
        parser.add_argument("--json", action="store_true", help="print everything as JSON, not only the names")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == bool(options["jsonl"]):
            raise CommandError("name either one FILE (- for standard input) or --jsonl FILE", returncode=2)
        try:
            if options["jsonl"]:
                failed = self._batch(options["jsonl"])
            else:
                failed = self._single(options["file"], as_json=options["json"])
        except ModelMissing as error:
            raise CommandError(str(error)) from error
        if failed:
            sys.exit(1)

    def _batch(self, name: str) -> int:
        """The names of every line's text; how many lines held none."""
        failed: list[int] = []
        texts = self._texts(name, failed)
        while some := list(islice(texts, BATCH)):
            for (identity, _), names in zip(some, find_names([text for _, text in some]), strict=True):
                self.stdout.write(json.dumps(account_of(names, identity), ensure_ascii=False))
        return len(failed)

    def _texts(self, name: str, failed: list[int]) -> Iterator[tuple[Any, str]]:
        for number, line in enumerate(_lines_of(name), 1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
                text, identity = given["text"], given.get("id")
                if not isinstance(text, str):
                    raise TypeError
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                failed.append(number)
                self.stderr.write(f'{name}, line {number}: not an object with a text "text"; the line was skipped')
                continue
            yield identity, text

    def _single(self, name: str, *, as_json: bool) -> int:
        names = find_names(["".join(_lines_of(name))])[0]
        if as_json:
            self.stdout.write(json.dumps(account_of(names, None), ensure_ascii=False))
        else:
            for entity in names.entities:
                self.stdout.write(f"{entity.kind}\t{len(entity.mentions)}\t{entity.name}")
        return 0


def account_of(names: TextNames, identity: Any) -> dict[str, Any]:
    """The names of one text in the shape that the contract gives them."""
    return {
        "id": identity,
        "entities": [
            {
                "kind": str(entity.kind),
                "name": entity.name,
                "mentions": [{"start": span.start, "end": span.end, "text": span.text} for span in entity.mentions],
                "roles": list(entity.roles),
            }
            for entity in names.entities
        ],
        "quotes": [
            {
                "speaker": quote.speaker or None,
                "text": quote.span.text,
                "start": quote.span.start,
                "end": quote.span.end,
            }
            for quote in names.quotes
        ],
    }


def _lines_of(name: str) -> Iterable[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        # Offsets count in the text as it stands, so line ends are not translated.
        with Path(name).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            yield from file
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror or error}", returncode=2) from error
