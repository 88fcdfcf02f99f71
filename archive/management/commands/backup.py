"""`manage.py backup FILE`: database and kept files in one zip, while the site goes on serving."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.management.safekeeping import backup


class Command(BaseCommand):
    help = "Write the database as of now and all kept files into one zip, verified by hashes when it is restored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the zip to write; must not exist")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        begun = time.monotonic()
        try:
            kept = backup(file)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{kept.articles:,} articles and {kept.files - 1:,} kept files are in {file}: "
            f"{kept.size / 1_000_000:,.1f} MB in {time.monotonic() - begun:.1f} s."
        )
