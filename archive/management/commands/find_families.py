"""`manage.py find_families`: find articles that are nearly the same text, among what is new since the last time."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from archive.ingest.families import update_families


class Command(BaseCommand):
    help = "Find articles that are nearly the same text (wire copy with edits), among what is new or changed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = update_families()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(f"{report.articles:,} articles compared, {report.related:,} nearly the same as another")
