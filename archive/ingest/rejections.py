"""Rejected records as a dump of their own, so that they can be repaired and ingested again.

The bytes come from the kept dump and go record by record into the new one. What stood before the first record and
after the last (a CSV's header, a feed's channel) goes with them; records of an archive's members come as a zip with the
same members.
"""

import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, TypeAlias

from archive.errors import DumpError
from archive.ingest import intake
from archive.ingest.options import IngestOptions
from archive.ingest.readers import OpenedDump, open_dump
from archive.ingest.readers.compression import bare_name
from archive.ingest.readers.containers import base_name
from archive.ingest.records import Locator
from archive.models import IngestRun, Rejection

_FRAME_BYTES = 1_000_000
_TO_THE_END = 1_000_000

Piece: TypeAlias = tuple[Locator, bytes]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rejected records were written, and how many could not be, for nobody knows where their bytes are."""

    written: int
    unplaced: int
    name: str
    """What a file with them may be called."""


@dataclass(slots=True)
class _Span:
    """Where the records of one member begin and end, in bytes, and which member of the dump it is."""

    order: int

    first: int
    end: int


def locator_of(rejection: Rejection) -> Locator:
    return Locator(rejection.record, rejection.offset, rejection.length, None, rejection.member)


def kept_dump(run: IngestRun) -> OpenedDump:
    """The dump of a run, opened as the run opened it. Raises DumpError `not-kept` if its bytes are not here."""
    if run.dump is None or not intake.is_kept(run.dump):
        name = run.dump.name if run.dump else run.path
        raise DumpError("not-kept", f"{name} is not kept here (--no-keep, or too large); its bytes cannot be shown.")
    options = IngestOptions.from_json(run.options, run.source.slug if run.source else "")
    return open_dump(Path(run.dump.file.path), options.reading, name=run.dump.name)


def export(run: IngestRun, target: Path) -> Exported:
    """Write a run's rejected records to `target`. Raises DumpError if the dump is not kept, OSError if it must."""
    opened = kept_dump(run)
    locators = [locator_of(rejection) for rejection in run.rejections.order_by("record").iterator()]
    spans = _spans(opened, {locator.member for locator in locators})
    heads = [Locator(0, 0, span.first, None, member) for member, span in spans.items() if span.first <= _FRAME_BYTES]
    tails = [Locator(0, span.end, _TO_THE_END, None, member) for member, span in spans.items()]
    head_of, tail_of = _in_step(opened.raws(heads), spans), _in_step(opened.raws(tails), spans)
    is_one = {locator.member for locator in locators if locator.offset is not None} <= {""}
    part = target.with_name(f"{target.name}.part")
    written = 0
    try:
        with _written(part, is_one=is_one) as opened_member:
            for member, pieces in groupby(opened.raws(locators), key=_member):
                with opened_member(member) as out:
                    records = map(itemgetter(1), pieces)
                    written += _write_framed(out, records, head_of(member), tail_of(member))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    suffix = Path(bare_name(base_name(opened.name))).suffix if is_one else ".zip"
    return Exported(written, len(locators) - written, f"rejected-of-run-{run.pk}{suffix}")


def _member(piece: Piece) -> str:
    return piece[0].member


@contextmanager
def _written(path: Path, *, is_one: bool) -> Iterator[Callable[[str], IO[bytes]]]:
    """A new file, as a function from a member's name to what its bytes are written to: a zip, unless `is_one`."""
    if is_one:
        path.write_bytes(b"")
        yield lambda member: path.open("ab")
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            yield lambda member: archive.open(member or "records", "w", force_zip64=True)


def _spans(opened: OpenedDump, members: Collection[str]) -> dict[str, _Span]:
    """Where the records of these members stand."""
    spans: dict[str, _Span] = {}
    for record in opened.records():
        place = record.locator
        if place.member in members and place.offset is not None:
            span = spans.setdefault(place.member, _Span(len(spans), place.offset, 0))
            span.end = max(span.end, place.offset + (place.length or 0))
    return spans


def _in_step(pieces: Iterator[Piece], spans: dict[str, _Span]) -> Callable[[str], bytes]:
    """The piece of each member, if it has one; members are asked for in the order of the dump, in which pieces come."""
    waiting = next(pieces, None)

    def piece_of(member: str) -> bytes:
        nonlocal waiting
        while waiting is not None and member in spans and spans[_member(waiting)].order < spans[member].order:
            waiting = next(pieces, None)
        return waiting[1] if waiting is not None and _member(waiting) == member else b""

    return piece_of


def _write_framed(out: IO[bytes], records: Iterable[bytes], head: bytes, tail: bytes) -> int:
    """Write the records, each on lines of its own, within a JSON array with commas between; returns their number."""
    in_array = head.rstrip().endswith(b"[")
    out.write(head)
    count = 0
    for count, record in enumerate(records, 1):
        if in_array:
            out.write(b",\n" if count > 1 else b"")
        out.write(record if in_array or record.endswith(b"\n") else record + b"\n")
    out.write(tail)
    return count
