"""What erasing leaves in files: records in kept dumps and parts of uploads. Worked off after the decision, repeatably.

`Takedown.traces` says what is still to do, and is written in the transaction of the decision: whatever process dies,
the worker goes on with it at its next start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from archive.choices import Degree
from archive.errors import DumpError
from archive.ingest import intake, parts, standing
from archive.ingest.options import IngestOptions
from archive.ingest.prepare import Incoming, prepare_one
from archive.ingest.readers import open_dump
from archive.ingest.records import BadRecord, Locator
from archive.ingest.records import RawRecord as ReadRecord
from archive.ingest.redaction import redact
from archive.ingest.rulings import RuleBook
from archive.ingest.withheld import obey
from archive.models import Dump, RawRecord, Takedown

OVERDUE = timedelta(hours=1)
_BATCH = 100


def noted(places: Mapping[int, Iterable[Locator]]) -> dict[str, Any]:
    """What `Takedown.traces` keeps: the dumps, by their keys, and the places in them that are to be blanked."""
    return {
        "places": {
            str(dump): [[at.number, at.offset, at.length, at.line, at.member] for at in found]
            for dump, found in places.items()
        }
    }


def pending() -> QuerySet[Takedown]:
    """Takedowns of which something may still be found in files."""
    return Takedown.objects.filter(traces__isnull=False)


def overdue() -> QuerySet[Takedown]:
    return pending().filter(made_at__lt=timezone.now() - OVERDUE)


def destroy_in_files(takedowns: Sequence[Takedown]) -> None:
    """Blank the places that are known, then look for the same records in every other kept dump; parts go unread."""
    for takedown in takedowns:
        _blank(takedown)
    erasing = [takedown for takedown in takedowns if takedown.degree == Degree.ERASE]
    if not all(_left(takedown).get("parts") for takedown in erasing):
        parts.remove_all()
        _note(erasing, parts=True)
    book = standing.rule_book()
    for dump in Dump.objects.exclude(file="").order_by("pk"):
        unsearched = [each for each in erasing if dump.pk not in _left(each).get("searched", [])]
        if not unsearched or not intake.is_kept(dump):
            continue
        source = unsearched[0].article.source.slug
        if found := list(_withheld(dump, source, book)):
            redact(dump, found)
        for each in unsearched:
            _note([each], searched=[*_left(each).get("searched", []), dump.pk])


def _blank(takedown: Takedown) -> None:
    places = _left(takedown).get("places", {})
    dumps = Dump.objects.in_bulk(map(int, places))
    for key, found in places.items():
        if (dump := dumps.get(int(key))) is not None:
            redact(dump, [Locator(*at) for at in found])
    # Before the database is packed anew: names of members may say what they hold.
    _note([takedown], places={})


def _left(takedown: Takedown) -> dict[str, Any]:
    return takedown.traces or {}


def _note(takedowns: Iterable[Takedown], **done: Any) -> None:
    for takedown in takedowns:
        takedown.traces = {**_left(takedown), **done}
        takedown.save(update_fields=["traces"])


def _withheld(dump: Dump, source: str, book: RuleBook) -> Iterator[Locator]:
    """Where in a kept dump records stand of which nothing may be kept; a dump that cannot be read has none."""
    runs = list(dump.runs.select_related("source").order_by("-pk"))
    asked = (
        IngestOptions.from_json(runs[0].options, runs[0].source.slug if runs[0].source else "")
        if runs
        else IngestOptions(source=source)
    )
    names = {Path(name).name for name in (dump.name, *(run.path for run in runs))}
    try:
        opened = open_dump(Path(dump.file.path), asked.reading, name=Path(dump.name).name)
        records = opened.records()
        while batch := list(islice(records, _BATCH)):
            yield from _withheld_of(_unknown(dump, batch), asked.source, names, book)
    except DumpError:
        return


def _unknown(dump: Dump, batch: Sequence[ReadRecord | BadRecord]) -> list[ReadRecord]:
    """The records that have no row here: one that has is another article's, or an erasure had deleted the row."""
    numbers = [record.locator.number for record in batch]
    rows = RawRecord.objects.filter(dump=dump, number__in=numbers).values_list("number", "member", "offset")
    # By their place as well: what was blanked in a plain file is no record any more, and those behind it move up.
    known = set(rows)
    return [
        record
        for record in batch
        if isinstance(record, ReadRecord)
        and (record.locator.number, record.locator.member, record.locator.offset) not in known
    ]


def _withheld_of(records: Iterable[ReadRecord], source: str, names: Iterable[str], book: RuleBook) -> list[Locator]:
    prepared = [prepare_one(record, source, book) for record in records]
    articles = [record for record in prepared if isinstance(record, Incoming)]
    found = {one.locator for name in names for one in obey([article.within(name) for article in articles])[1]}
    return sorted(found, key=lambda at: at.number)
