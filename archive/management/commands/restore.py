"""`manage.py restore FILE`: this archive becomes what a backup holds, index included."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.management.safekeeping import Kept, restore
from archive.search.indexing import rebuild
from archive.tasks import destroy_traces


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
            self._tell(kept)
            destroy_traces.call()
        except ArchiveError as error:
            raise CommandError(str(error)) from error

    def _tell(self, kept: Kept) -> None:
        """What was taken down after the backup was made comes back with it, as far as nobody here remembers."""
        done = kept.taken_down
        if done.again:
            self.stdout.write(f"Taken down again: {done.again:,} articles, as was decided after the backup was made.")
        if done.missing:
            said = ", ".join(map(str, done.missing[:20])) + ("…" if len(done.missing) > 20 else "")
            self.stderr.write(f"Taken down since, but not in the backup; decide again if they come back: {said}.")
        if not done.is_known:
            self.stderr.write("The archive that was here could not be read, so nobody knows what was taken down in it.")
        self.stderr.write(
            f"The backup is of {kept.made or 'an unknown day'}. What was taken down after that, and not in the archive "
            "that was here, is back: take it down again."
        )
