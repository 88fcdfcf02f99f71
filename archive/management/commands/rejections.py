"""`manage.py rejections RUN`: what a run rejected; with --export, as a dump that can be repaired and ingested again."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.ingest.rejections import export
from archive.management.usage import WRONG_USAGE
from archive.models import IngestRun


class Command(BaseCommand):
    help = "List the records that a run rejected, or write them to a file in the dump's own format."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN", help="number of the ingest run")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write the rejected records there")
        parser.add_argument("--json", action="store_true", help="print the list as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        run = IngestRun.objects.select_related("dump", "source").filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no ingest run {options['run']}.", returncode=WRONG_USAGE)
        if options["export"]:
            self._export(run, options["export"])
        elif options["json"]:
            rows = run.rejections.values("record", "locator", "member", "offset", "length", "code", "reason")
            self.stdout.write(json.dumps({"run": run.pk, "rejections": list(rows)}, ensure_ascii=False))
        else:
            for rejection in run.rejections.iterator():
                self.stdout.write(f"{rejection.locator}: {rejection.reason} ({rejection.code})")

    def _export(self, run: IngestRun, target: Path) -> None:
        if target.exists():
            raise CommandError(f"{target} exists already; name a new file.", returncode=WRONG_USAGE)
        try:
            done = export(run, target)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.written:,} records written to {target}")
        if done.unplaced:
            self.stderr.write(f"{done.unplaced:,} rejected records could not be written: no bytes of theirs are known.")
            sys.exit(1)
