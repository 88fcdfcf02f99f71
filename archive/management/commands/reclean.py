"""`manage.py reclean`: today's cleaning rules over articles that are stored already."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.ingest.entities.decisions import By
from archive.ingest.reclean import RecleanReport, begin, work_off
from archive.locks import Locked, archive_lock
from archive.management.commands.ingest import finishing_the_batch
from archive.management.usage import WRONG_USAGE, positive
from archive.models import RecleanRun, Source
from archive.tasks import find_missing_names

_SHOWN = 3


class Command(BaseCommand):
    help = "Clean stored raw records anew; what people decided stays. Prints what changed and the articles to look at."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="SLUG", help="only the articles of this source")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only say what would change")
        parser.add_argument("--workers", type=positive, default=1, metavar="N", help="processes that clean (default 1)")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(slug=options["source"]).first()
        if options["source"] and source is None:
            raise CommandError(f"There is no source {options['source']!r}.", returncode=WRONG_USAGE)
        try:
            with (
                archive_lock("reclean"),
                finishing_the_batch(self.stderr) as stop,
            ):
                run = begin(source, dry_run=options["dry_run"], by=By())
                if run.last_article:
                    self.stderr.write(f"Going on with run {run.pk} after article {run.last_article}.")
                report = work_off(run, workers=options["workers"], tell=self._tell, stop=stop)
        except Locked as error:
            raise CommandError("Another reclean is at work; wait until it has finished.") from error
        if report.changed and not run.is_rehearsal:
            find_missing_names.enqueue()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self._say(report, dry_run=options["dry_run"])
        if run.reason:
            raise CommandError(run.reason)

    def _tell(self, run: RecleanRun) -> None:
        """How far it is, where somebody looks on."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{run.counts['read']:,} of {run.total:,} articles", ending="")

    def _say(self, report: RecleanReport, *, dry_run: bool) -> None:
        would = "would change" if dry_run else "changed"
        self.stdout.write(
            f"{report.read:,} articles read: {report.changed:,} {would}, {report.account_changed:,} in their account "
            f"only, {report.unchanged:,} unchanged, {report.corrected_by_hand:,} corrected by hand and left, "
            f"{report.without_raw_record:,} without raw record"
        )
        self.stdout.write(f"lines newly cut: {report.lines_newly_cut:,}, newly kept: {report.lines_newly_kept:,}")
        if report.no_article_any_more:
            ids = ", ".join(map(str, report.no_article_any_more[:20]))
            self.stdout.write(f"left as they are, for today's rules leave nothing of them: {ids}")
        for difference in report.worst:
            self.stdout.write(f"article {difference.article}: {difference.title}")
            for sign, lines in (("-", difference.newly_cut), ("+", difference.newly_kept)):
                for line in lines[:_SHOWN]:
                    self.stdout.write(f"  {sign} {line[:120]}")
