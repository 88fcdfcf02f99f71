"""Rejected records as a dump of their own, so that they can be repaired and ingested again.

The bytes come from the kept dump. What stood before the first record and after the last (a CSV's header, a feed's
channel) goes with them; records of an archive's members come as a zip with the same members.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import DumpError
from archive.ingest import intake
from archive.ingest.options import IngestOptions
from archive.ingest.readers import OpenedDump, open_dump
from archive.ingest.readers.containers import base_name
from archive.ingest.records import Locator
from archive.models import IngestRun, Rejection

_FRAME_BYTES = 1_000_000
_TO_THE_END = 1_000_000


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rejected records were written, and how many could not be, for nobody knows where their bytes are."""

    written: int
    unplaced: int
    name: str
    """What a file with them may be called."""


@dataclass(slots=True)
class _Span:
    """Where the records of one member begin and end, in bytes."""

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
    locators = [locator_of(rejection) for rejection in run.rejections.order_by("record")]
    members: dict[str, list[bytes]] = {}
    for locator, data in opened.raws(locators):
        members.setdefault(locator.member, []).append(data)
    frames = _frames(opened, members)
    files = {member: _framed(records, *frames.get(member, (b"", b""))) for member, records in members.items()}
    is_one = set(files) <= {""}
    if is_one:
        target.write_bytes(files.get("", b""))
    else:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in files.items():
                archive.writestr(member or "records", content)
    written = sum(map(len, members.values()))
    suffix = Path(base_name(opened.name)).suffix if is_one else ".zip"
    return Exported(written, len(locators) - written, f"rejected-of-run-{run.pk}{suffix}")


def _frames(opened: OpenedDump, members: Iterable[str]) -> dict[str, tuple[bytes, bytes]]:
    """What stands before and after the records of these members."""
    spans: dict[str, _Span] = {}
    for record in opened.records():
        place = record.locator
        if place.member in members and place.offset is not None:
            span = spans.setdefault(place.member, _Span(place.offset, 0))
            span.end = max(span.end, place.offset + (place.length or 0))
    return {member: (_head(opened, member, span), _tail(opened, member, span)) for member, span in spans.items()}


def _head(opened: OpenedDump, member: str, span: _Span) -> bytes:
    return opened.raw(Locator(0, 0, span.first, None, member)) if span.first <= _FRAME_BYTES else b""


def _tail(opened: OpenedDump, member: str, span: _Span) -> bytes:
    return opened.raw(Locator(0, span.end, _TO_THE_END, None, member))


def _framed(records: Iterable[bytes], head: bytes, tail: bytes) -> bytes:
    """The records one after the other, each on lines of its own; within a JSON array with commas between."""
    in_array = head.rstrip().endswith(b"[")
    return head + (b",\n" if in_array else b"").join(_on_lines(records, in_array)) + tail


def _on_lines(records: Iterable[bytes], in_array: bool) -> Iterator[bytes]:
    for record in records:
        yield record if in_array or record.endswith(b"\n") else record + b"\n"
