"""`manage.py reclean`: today's cleaning rules over articles that are stored already."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.ingest.reclean import RecleanReport, reclean
from archive.management.usage import WRONG_USAGE
from archive.models import Article, Source

_SHOWN = 3


class Command(BaseCommand):
    help = "Clean stored raw records anew; corrections by hand stay. Prints what changed and the articles to look at."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="SLUG", help="only the articles of this source")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only say what would change")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = Article.objects.all()
        if options["source"]:
            if not Source.objects.filter(slug=options["source"]).exists():
                raise CommandError(f"There is no source {options['source']!r}.", returncode=WRONG_USAGE)
            articles = articles.filter(source__slug=options["source"])
        report = reclean(articles, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self._say(report, dry_run=options["dry_run"])

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
