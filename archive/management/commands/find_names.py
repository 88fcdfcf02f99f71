"""Finds the names of stored articles: of those where they were never sought, or of all again."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ModelMissing
from archive.ingest.name_articles import name_articles
from archive.models import Article


class Command(BaseCommand):
    help = "Find people, organisations, places and quotations in stored articles; can be stopped and started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--missing", action="store_true", help="articles whose names were never sought")
        which.add_argument("--all", action="store_true", help="every article, again; librarians' decisions stay")
        parser.add_argument("--limit", type=int, help="stop after this many articles")
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = Article.objects.without_names() if options["missing"] else Article.objects.all()
        try:
            done = name_articles(articles, limit=options["limit"])
        except ModelMissing as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"articles": done}))
        else:
            self.stdout.write(f"names sought in {done} article{'' if done == 1 else 's'}")
