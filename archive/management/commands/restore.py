"""`manage.py restore FILE`: this archive becomes what a backup holds, index included."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.management.safekeeping import restore
from archive.search.indexing import rebuild


class Command(BaseCommand):
    help = "Check a backup against its hashes, put it in place of this archive, and build the index anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a zip that `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="though there are articles here")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        begun = time.monotonic()
        try:
            kept = restore(file, replace=replace)
            self.stdout.write(f"{kept.articles:,} articles and {kept.files - 1:,} kept files are back. Indexing …")
            self.stdout.write(f"Indexed {rebuild():,} articles; {time.monotonic() - begun:.1f} s in all.")
        except ArchiveError as error:
            raise CommandError(str(error)) from error
