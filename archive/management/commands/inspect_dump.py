"""`manage.py inspect_dump PATH`: what a dump is taken for and its first articles, before anything is stored."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from archive.ingest.inspect import Inspection, Preview, inspect_dump
from archive.ingest.options import IngestOptions
from archive.ingest.readers import FORMAT_NAMES
from archive.management.usage import field_map, positive


class Command(BaseCommand):
    help = "Say what a dump is taken for, which fields it has, and show its first articles as they would be stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", help="a dump in any format of docs/dump-formats.md")
        parser.add_argument("--source", default="", metavar="SLUG", help="whose articles those are that name no source")
        parser.add_argument("--format", choices=FORMAT_NAMES, metavar="NAME", help=f"one of {', '.join(FORMAT_NAMES)}")
        parser.add_argument(
            "--map", type=field_map, default={}, metavar="FIELD=NAME,…", help="title=Headline,body=text"
        )
        parser.add_argument("--record-path", default="", metavar="PATH", help="where a JSON document has its records")
        parser.add_argument("--limit", type=positive, default=5, metavar="N", help="how many articles to show (5)")
        parser.add_argument("--json", action="store_true", help="print everything as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = IngestOptions(
            source=options["source"],
            format=options["format"],
            field_map=options["map"],
            record_path=options["record_path"],
        )
        found = inspect_dump(Path(options["path"]), asked, name=options["path"], articles=options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            self._print(found)
        if found.reason or (found.rejections and not found.previews):
            sys.exit(1)

    def _print(self, found: Inspection) -> None:
        if found.format:
            self.stdout.write(f"{found.name}: {found.label} ({found.format}), {found.size:,} bytes")
        if found.fields:
            pairs = (field if field == name else f"{field} ← {name}" for field, name in found.fields.items())
            self.stdout.write(f"Fields: {', '.join(pairs)}")
        if found.unused:
            self.stdout.write(f"Not used (see --map): {', '.join(found.unused[:30])}")
        for number, preview in enumerate(found.previews, start=1):
            self.stdout.write("")
            self._print_article(number, preview)
        for bad in found.rejections[:20]:
            self.stderr.write(f"{bad.reason} ({bad.code})")
        if len(found.rejections) > 20:
            self.stderr.write(f"… and {len(found.rejections) - 20} more of the {found.read} records looked at")
        if found.reason:
            self.stderr.write(found.reason)

    def _print_article(self, number: int, preview: Preview) -> None:
        article, published = preview.article, preview.article.published
        date = published.value.isoformat(" ", "minutes") if published and published.value else ""
        self.stdout.write(f"{number}. {article.title or '(no headline)'}   [{preview.locator}]")
        about = (preview.source, date, ", ".join(article.byline), article.language, preview.url or preview.external_id)
        self.stdout.write(f"   {' · '.join(part for part in about if part)}")
        if article.standfirst:
            self.stdout.write(f"   {_shortened(article.standfirst)}")
        for paragraph in article.paragraphs[:2]:
            self.stdout.write(f"   | {_shortened(paragraph)}")
        words = sum(len(paragraph.split()) for paragraph in article.paragraphs)
        removed, captions = article.removed, len(article.captions)
        size = f"{len(article.paragraphs):,} paragraphs, {words:,} words, {captions:,} captions"
        self.stdout.write(f"   {size}, {len(removed):,} lines cut")
        for line in removed[:5]:
            self.stdout.write(f"   ✂ line {line.number}: {_shortened(line.text, 80)} ({line.rule})")
        for note in preview.notes:
            self.stdout.write(f"   Note: {note}")


def _shortened(text: str, length: int = 150) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
