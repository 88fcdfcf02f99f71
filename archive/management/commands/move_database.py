"""`manage.py move_database --from URL --to URL`: an archive changes its database, and both are proved equal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from archive.errors import ArchiveError
from archive.management import moving


class Command(BaseCommand):
    help = "Copy everything from one database to another and verify it by counts and hashes; repeat it to go on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="old", required=True, metavar="URL", help="sqlite:///FILE or postgres://…")
        parser.add_argument("--to", dest="new", required=True, metavar="URL", help="empty, or half filled")

    def handle(self, **options: Any) -> None:
        rows = 0
        try:
            with moving.databases(options["old"], options["new"]):
                for table in moving.move():
                    rows += table.rows
                    state = "equal already" if table.was_there else "moved and equal"
                    self.stdout.write(f"{table.name:40} {table.rows:>12,} rows  {state}")
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"A database could not be read or written: {error}".strip()) from error
        self.stdout.write(
            f"{rows:,} rows are equal in both. Set DATABASE_URL to the new database, start site and worker, and run "
            "`manage.py reindex --verify`."
        )
