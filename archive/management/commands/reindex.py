"""Rebuilds the index from the database, or compares the two."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.search.indexing import VerifyReport, rebuild, verify


class Command(BaseCommand):
    help = "Rebuild the search index beside the live one and swap; or --verify that it agrees with the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="only compare; exit status 1 if they differ")
        parser.add_argument("--repair", action="store_true", help="with --verify: index the difference")
        parser.add_argument("--json", action="store_true", help="print the comparison as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["repair"] or options["json"]) and not options["verify"]:
            raise CommandError("--repair and --json go with --verify.", returncode=2)
        try:
            if options["verify"]:
                self._say(verify(repair=options["repair"]), as_json=options["json"], repaired=options["repair"])
            else:
                self.stdout.write(f"Indexed {rebuild(resume=True):,} articles.")
        except ArchiveError as error:
            raise CommandError(str(error)) from error

    def _say(self, report: VerifyReport, *, as_json: bool, repaired: bool) -> None:
        if as_json:
            counts = {"missing": report.missing, "stale": report.stale, "extra": report.extra}
            found = {"examples": list(report.examples), "damaged": list(report.damaged), "repaired": repaired}
            self.stdout.write(json.dumps({**counts, **found}))
        elif report.is_clean:
            self.stdout.write("The index agrees with the database.")
        else:
            words = f"{report.missing:,} missing, {report.stale:,} stale, {report.extra:,} extra"
            if report.damaged:
                words += f", {len(report.damaged)} files damaged"
            self.stdout.write(f"{words}; " + ("repaired." if repaired else "repair with `reindex --verify --repair`."))
        if not report.is_clean and not repaired:
            raise SystemExit(1)
