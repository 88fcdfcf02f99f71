"""What a run did, as frozen values, and the exact JSON that scripts depend on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

SHOWN_REJECTIONS = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """Every record is in exactly one of these."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        return self.stored + self.updated + self.unchanged + self.duplicates + self.rejected

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def as_json(self) -> dict[str, int]:
        return {"read": self.read, **{field.name: getattr(self, field.name) for field in fields(self)}}


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    record: int
    locator: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class DumpReport:
    """One dump's account. `status` is "done", or with a `reason` "rejected" (as a whole), "failed" or "cancelled"."""

    path: str
    status: str = "done"
    reason: str | None = None
    format: str = ""
    sha256: str = ""
    counts: Counts = Counts()
    rejections: tuple[RejectedRecord, ...] = ()
    """The first 100."""
    run: int | None = None
    """Primary key of the IngestRun; none for a rehearsal or a dump that was refused."""

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "format": self.format,
            "sha256": self.sha256,
            "status": self.status,
            "reason": self.reason,
            **self.counts.as_json(),
            "rejections": [
                {"record": each.record, "locator": each.locator, "code": each.code, "reason": each.reason}
                for each in self.rejections
            ],
            "run": self.run,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All dumps of one command, in the order in which they were read."""

    dumps: Sequence[DumpReport]
    seconds: float

    @property
    def totals(self) -> Counts:
        return sum((dump.counts for dump in self.dumps), Counts())

    @property
    def exit_status(self) -> int:
        """0 if everything was read and nothing rejected, else 1."""
        return int(any(dump.status != "done" or dump.counts.rejected for dump in self.dumps))

    def as_json(self) -> dict[str, Any]:
        return {
            "totals": {**self.totals.as_json(), "seconds": round(self.seconds, 3)},
            "dumps": [dump.as_json() for dump in self.dumps],
        }
