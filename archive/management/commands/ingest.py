"""`manage.py ingest PATH…`: bring dumps into the archive. Parses, calls the pipeline, prints its report."""

import json
import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from archive.errors import ArchiveError
from archive.ingest.entities.model import missing_model
from archive.ingest.intake import dump_of, is_kept, keep, queue, sha256_of, spooled
from archive.ingest.options import IngestOptions
from archive.ingest.paths import Found, files_below
from archive.ingest.pipeline import Watch, ingest_files, rehearse_dump
from archive.ingest.prepare import Preparation
from archive.ingest.readers import FORMAT_NAMES
from archive.ingest.report import DumpReport, Report
from archive.ingest.workers import Workers
from archive.management.progress import RunProgress
from archive.management.usage import WRONG_USAGE, field_map, positive
from archive.models import IngestRun

STDIN = "-"


class Command(BaseCommand):
    help = "Ingest dumps: files, folders (every file below, sorted) or - for standard input. See docs/dump-formats.md."
    requires_system_checks = ()  # they look at the pages' side of the house, and cost half a second

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, or - (needs --format)")
        parser.add_argument("--retry", type=int, metavar="RUN", help="only what that run rejected, from its kept dump")
        parser.add_argument("--source", default="", metavar="SLUG", help="whose articles those are that name no source")
        parser.add_argument("--format", choices=FORMAT_NAMES, metavar="NAME", help=f"one of {', '.join(FORMAT_NAMES)}")
        parser.add_argument(
            "--map", type=field_map, default={}, metavar="FIELD=NAME,…", help="title=Headline,body=text"
        )
        parser.add_argument("--record-path", default="", metavar="PATH", help="where a JSON document has its records")
        parser.add_argument("--workers", type=positive, default=os.cpu_count() or 1, metavar="N", help="processes")
        parser.add_argument("--limit", type=positive, metavar="N", help="read at most N records of each dump")
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, and store nothing")
        parser.add_argument("--no-entities", action="store_true", help="put names off: find_names makes them up")
        parser.add_argument("--no-index", action="store_true", help="leave the index to the worker or `index --drain`")
        parser.add_argument("--no-keep", action="store_true", help="keep no copy of the dumps as proof")
        parser.add_argument("--queue", action="store_true", help="keep the dumps and leave them to the workers")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = self._asked(options)
        if STDIN in options["paths"] and not options["format"]:
            raise CommandError("- (standard input) needs --format.", returncode=WRONG_USAGE)
        if options["queue"]:
            self._queue(options["paths"], asked)
            return
        started = time.monotonic()
        if asked.retry is not None:
            dumps = self._ingest([_rejecting_dump(asked.retry)], asked, options)
        else:
            with spooled_paths(options["paths"]) as files:
                dumps = self._ingest(files, asked, options)
        report = Report(dumps, time.monotonic() - started)
        if not (options["dry_run"] or options["no_index"]):
            self._follow_up(entities=not options["no_entities"])
        self._print(report, as_json=options["json"])
        if report.exit_status:
            sys.exit(report.exit_status)

    def _asked(self, options: dict[str, Any]) -> IngestOptions:
        asked = IngestOptions(
            source=options["source"],
            format=options["format"],
            field_map=options["map"],
            record_path=options["record_path"],
            limit=options["limit"],
            entities=not (options["no_entities"] or options["dry_run"]),
            keep=not options["no_keep"],
        )
        if asked.entities and (sentence := missing_model()):
            self.stderr.write(
                f"{sentence}\nUntil then articles are stored without names; find_names --missing makes up."
            )
            asked = replace(asked, entities=False)
        if (options["retry"] is None) == (not options["paths"]):
            raise CommandError("Name PATHs to ingest, or a run to --retry.", returncode=WRONG_USAGE)
        if options["retry"] is None:
            return asked
        run = _run(options["retry"])
        before = IngestOptions.from_json(run.options, run.source.slug if run.source else "")
        return replace(
            asked,
            source=asked.source or before.source,
            format=asked.format or before.format,
            field_map=asked.field_map or before.field_map,
            record_path=asked.record_path or before.record_path,
            retry=run.pk,
        )

    def _ingest(self, files: list[Found], asked: IngestOptions, options: dict[str, Any]) -> list[DumpReport]:
        dumps: list[DumpReport] = []
        how = Preparation(asked.source, asked.entities)
        with (
            Workers(options["workers"], how) as workers,
            RunProgress(files, self.stderr) as progress,
            finishing_the_batch(self.stderr) as stop,
        ):
            reports: Iterator[tuple[Found, DumpReport]]
            if options["dry_run"]:
                reports = ((file, rehearse_dump(file.path, asked, workers, name=file.name)) for file in files)
            else:
                reports = ingest_files(files, asked, workers, Watch(progress.tell, stop))
            try:
                for file, report in reports:
                    dumps.append(report)
                    progress.done(file)
                    if stop():
                        break
            except ArchiveError as error:
                raise CommandError(str(error)) from error
        return dumps

    def _queue(self, paths: list[str], asked: IngestOptions) -> None:
        """Keep the dumps and queue a run of each."""
        from archive.tasks import ingest_run

        if asked.retry is not None or not asked.keep:
            raise CommandError("--queue goes without --retry and --no-keep.", returncode=WRONG_USAGE)
        with spooled_paths(paths) as files:
            for file in files:
                dump = dump_of(file.path, sha256_of(file.path), Path(file.name).name)
                keep(dump, file.path)
                dump.save(update_fields=["file"])
                if not is_kept(dump):
                    raise CommandError(f"{file.name} is too large to be kept; ingest it without --queue.")
                run = queue(dump, source=None, user=None, options=asked.as_json())
                ingest_run.enqueue(run.pk)
                self.stdout.write(f"{file.name}: queued as run {run.pk}")

    def _follow_up(self, *, entities: bool) -> None:
        """What is derived from articles: names, index, families. What fails here is made up by the next that tries."""
        from archive.ingest.families import update_families
        from archive.ingest.name_articles import name_decided
        from archive.search.indexing import drain

        try:
            drain()
            update_families()
            drain()
            if entities and name_decided():
                drain()
        except (ArchiveError, DatabaseError, OSError) as error:
            self.stderr.write(f"The articles are stored, but not searchable yet: {error}")

    def _print(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        for dump in report.dumps:
            for rejection in dump.rejections:
                # Readers say the place themselves; cleaning does not know it.
                place = "" if rejection.locator in rejection.reason else f"{dump.path}, {rejection.locator}: "
                self.stderr.write(f"{place}{rejection.reason} ({rejection.code})")
            if dump.reason:
                self.stderr.write(f"{dump.path}: {dump.reason}")
        counts = report.totals
        rate = counts.read / report.seconds if report.seconds else 0.0
        self.stdout.write(
            f"{counts.read:,} records read from {len(report.dumps):,} dump{'s'[: len(report.dumps) != 1]}: "
            f"{counts.stored:,} stored, {counts.updated:,} updated, {counts.unchanged:,} unchanged, "
            f"{counts.duplicates:,} duplicates, {counts.rejected:,} rejected ({report.seconds:.1f} s, {rate:,.0f}/s)"
        )


@contextmanager
def spooled_paths(paths: list[str]) -> Iterator[list[Found]]:
    """The files that the paths mean; standard input is spooled to a file for as long as it is needed."""
    if STDIN not in paths:
        yield _found(paths)
        return
    with spooled(sys.stdin.buffer) as path:
        yield [
            each
            for name in paths
            for each in ([Found(path, STDIN, path.stat().st_size)] if name == STDIN else _found([name]))
        ]


def _run(number: int) -> IngestRun:
    run = IngestRun.objects.select_related("dump", "source").filter(pk=number).first()
    if run is None:
        raise CommandError(f"There is no ingest run {number}.", returncode=WRONG_USAGE)
    return run


def _rejecting_dump(number: int) -> Found:
    dump = _run(number).dump
    if dump is None or not is_kept(dump):
        raise CommandError(f"The dump of run {number} is not kept here; bring it again.", returncode=WRONG_USAGE)
    return Found(Path(dump.file.path), dump.name, dump.size)


def _found(paths: list[str]) -> list[Found]:
    try:
        return [found for path in paths for found in files_below(Path(path))]
    except FileNotFoundError as error:
        raise CommandError(str(error), returncode=WRONG_USAGE) from error


@contextmanager
def finishing_the_batch(stderr: Any) -> Iterator[Any]:
    """Ctrl-C and SIGTERM ask to stop after the batch at work; a second Ctrl-C stops at once. Gives the question."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        stderr.write("Stopping after this batch …")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
