"""Small dumps are prepared together, before their turn comes: a folder of pages is one file, one dump, one record each.

One by one they would keep one worker waiting for the other and the recogniser of names short of text. What is read
ahead is a help only: a dump without it, or that has changed since, is read when its turn comes.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.choices import RunStatus
from archive.errors import DumpError
from archive.ingest.intake import sha256_of
from archive.ingest.options import IngestOptions
from archive.ingest.paths import Found
from archive.ingest.prepare import Prepared
from archive.ingest.readers import open_dump
from archive.ingest.records import BadRecord, RawRecord
from archive.ingest.workers import Workers
from archive.models import IngestRun

SMALL_BYTES = 1_000_000
_GROUP_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Ahead:
    """All records of a small dump, prepared; true of the bytes with this hash."""

    sha256: str
    format: str
    prepared: Sequence[Prepared]


@dataclass(slots=True)
class _Group:
    """Files whose turn comes one after the other, and the records of those that were read ahead."""

    files: list[Found] = field(default_factory=list)
    size: int = 0
    read: dict[Path, tuple[str, str, int]] = field(default_factory=dict)
    """File → hash, format, number of records."""
    records: list[RawRecord | BadRecord] = field(default_factory=list)


def with_lookahead(
    files: Sequence[Found], options: IngestOptions, workers: Workers, batch: int
) -> Iterator[tuple[Found, Ahead | None]]:
    """Each file in order, with its records prepared if it is small; `batch` is how many records go to a worker."""
    if len(files) == 1 or options.limit is not None:
        yield from ((file, None) for file in files)
        return
    groups: deque[_Group] = deque()

    def read() -> Iterator[list[RawRecord | BadRecord]]:
        for group in _grouped(files, batch):
            _read(group, options, batch)
            groups.append(group)
            yield group.records

    for prepared in workers.prepare(read()):
        group, at = groups.popleft(), 0
        for file in group.files:
            sha256, name, count = group.read.get(file.path, ("", "", 0))
            yield file, Ahead(sha256, name, prepared[at : at + count]) if sha256 else None
            at += count


def _grouped(files: Iterable[Found], batch: int) -> Iterator[_Group]:
    """Consecutive small files together, large ones alone."""
    group = _Group()
    for file in files:
        if group.files and (len(group.files) >= batch or group.size + file.size > _GROUP_BYTES):
            yield group
            group = _Group()
        group.files.append(file)
        group.size += file.size
    if group.files:
        yield group


def _read(group: _Group, options: IngestOptions, batch: int) -> None:
    """Read the small dumps of the group that did not go through already, up to `batch` records altogether."""
    hashes = {}
    for file in group.files:
        if file.size <= SMALL_BYTES:
            try:
                hashes[file.path] = sha256_of(file.path)
            except DumpError:
                continue
    finished = set(
        IngestRun.objects.filter(status=RunStatus.DONE, dump__sha256__in=hashes.values()).values_list(
            "dump__sha256", flat=True
        )
    )
    for file in group.files:
        sha256 = hashes.get(file.path)
        if sha256 is None or sha256 in finished or len(group.records) >= batch:
            continue
        try:
            opened = open_dump(file.path, options.reading, name=Path(file.name).name)
            records = []
            for record in opened.records():
                records.append(record)
                if len(records) > batch:
                    break
        except DumpError:
            continue
        if len(records) <= batch:
            group.read[file.path] = sha256, opened.format, len(records)
            group.records += records
