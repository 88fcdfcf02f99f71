"""Finds the names and quotations in clean plain text and prints them as JSON. Neither database nor index is touched."""

import json
import sys
from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ModelMissing
from archive.ingest.entities import find_names
from archive.ingest.records import TextNames
from archive.management.json_lines import lines_of, texts_of

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
        failed = 0

        def skipped(sentence: str) -> None:
            nonlocal failed
            failed += 1
            self.stderr.write(sentence)

        texts = texts_of(name, "text", skipped)
        while some := list(islice(texts, BATCH)):
            for (_, identity, _), names in zip(some, find_names([text for *_, text in some]), strict=True):
                self.stdout.write(json.dumps(account_of(names, identity), ensure_ascii=False))
        return failed

    def _single(self, name: str, *, as_json: bool) -> int:
        names = find_names(["".join(lines_of(name))])[0]
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
