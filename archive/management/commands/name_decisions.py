"""Exports librarians' decisions about names as JSON, and imports such a file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.ingest.entities.decision_files import export_decisions, import_decisions


class Command(BaseCommand):
    help = "Export the decisions about names that stand (to standard output), or import an export; - is standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--export", action="store_true", help="print all standing decisions as JSON")
        which.add_argument("--import", dest="file", metavar="FILE", help="make the decisions of an export")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["export"]:
            self.stdout.write(json.dumps(export_decisions(), ensure_ascii=False, indent=1))
            return
        name = options["file"]
        try:
            content = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
            done = import_decisions(json.loads(content))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror or error}", returncode=2) from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{name} is not JSON: {error}") from error
        except ArchiveError as error:
            raise CommandError(f"{name}: {error}") from error
        for problem in done.problems:
            self.stderr.write(problem)
        self.stdout.write(f"{done.made} decisions made, {done.known} known already, {len(done.problems)} not possible")
        if done.problems:
            sys.exit(1)
