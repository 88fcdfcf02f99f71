"""Brings the index up to date with what has changed in the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.search.indexing import drain


class Command(BaseCommand):
    help = "Bring the search index up to date with the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drain", action="store_true", required=True, help="work the outbox off and exit")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = drain()
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Indexed {done:,} changes; nothing is waiting.")
