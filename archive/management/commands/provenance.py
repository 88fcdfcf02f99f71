"""`manage.py provenance ARTICLE`: from a paragraph back to the bytes of the dump that it came from."""

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.ingest.provenance import Provenance, provenance
from archive.management.usage import WRONG_USAGE, positive
from archive.models import Article


class Command(BaseCommand):
    help = "Show where an article, or one paragraph of it, came from, and the raw bytes out of the kept dump."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("article", type=int, metavar="ARTICLE", help="number of the article")
        parser.add_argument("--paragraph", type=positive, metavar="N", help="counts from 1; default: the whole article")
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object; bytes that are no UTF-8 as \\xNN"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.select_related("raw__dump").filter(pk=options["article"]).first()
        if article is None:
            raise CommandError(f"There is no article {options['article']}.", returncode=WRONG_USAGE)
        try:
            found = provenance(article, options["paragraph"])
        except ArchiveError as error:
            raise CommandError(str(error), returncode=WRONG_USAGE) from error
        if options["json"]:
            values = {**dataclasses.asdict(found), "raw": found.raw.decode("utf-8", "backslashreplace")}
            self.stdout.write(json.dumps(values, ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: Provenance) -> None:
        whole = "whole article" if found.paragraph is None else f"paragraph {found.paragraph}"
        lines = f"{found.lines[0]}–{found.lines[-1]}" if len(found.lines) > 1 else "".join(map(str, found.lines))
        for name, value in (
            ("article", f"{found.article}, {whole}"),
            ("dump", f"{found.dump}, SHA-256 {found.sha256}"),
            ("member", found.member),
            ("record", found.record),
            ("bytes", "" if found.offset is None else f"{found.offset} + {found.length}"),
            ("lines", lines),
        ):
            if value != "":
                self.stdout.write(f"{name:8} {value}")
        self.stdout.write("")
        if found.raw:
            self.stdout.write(found.raw.decode("utf-8", "backslashreplace"))
        elif found.is_kept:
            self.stderr.write("The bytes cannot be shown: this format does not say where its records stand.")
        else:
            self.stderr.write("The bytes cannot be shown: the dump is not kept here.")
