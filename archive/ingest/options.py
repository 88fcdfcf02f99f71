"""What a run was asked to do; the options that decide its outcome also tell whether a dump has been through already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from archive.ingest.readers import Limits, ReadOptions
from archive.ingest.readers.fields import FIELD_NAMES

_DECIDING = ("cleaning", "readers", "identity.py")


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Options of `manage.py ingest`; `source` is a slug for records that name none, `field_map` as in ReadOptions."""

    source: str = ""
    format: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)
    record_path: str = ""
    limit: int | None = None
    entities: bool = True
    keep: bool = True
    retry: int | None = None
    """Read only the records that this run rejected."""

    @property
    def reading(self) -> ReadOptions:
        limits = Limits(
            record_bytes=settings.ARCHIVE_MAX_RECORD_BYTES,
            total_bytes=settings.ARCHIVE_MAX_TOTAL_BYTES,
            bomb_ratio=settings.ARCHIVE_MAX_RATIO,
            spool_folder=Path(settings.FILE_UPLOAD_TEMP_DIR),
        )
        return ReadOptions(self.format, self.field_map, self.record_path, limits)

    def outcome(self) -> dict[str, Any]:
        """What decides which articles come out of a dump, as JSON. Names are not in it: they can be made up later."""
        return {
            "source": self.source,
            "format": self.format or "",
            "map": dict(self.field_map),
            "record_path": self.record_path,
            "limit": self.limit,
            "retry": self.retry,
            "code": code_version(),
        }

    def as_json(self) -> dict[str, Any]:
        """What `IngestRun.options` keeps."""
        return {"entities": self.entities, "keep": self.keep, "outcome": self.outcome()}

    @classmethod
    def from_json(cls, options: Mapping[str, Any], source: str = "") -> "IngestOptions":
        """The options of a run that somebody queued (flat) or that was begun (as `as_json` wrote them)."""
        told = {**options, **options.get("outcome", {})}
        return cls(
            source=told.get("source") or source,
            format=told.get("format") or None,
            field_map=told.get("map") or {},
            record_path=told.get("record_path") or "",
            limit=told.get("limit"),
            retry=told.get("retry"),
            entities=told.get("entities", True),
            keep=told.get("keep", True),
        )


def field_map(text: str) -> dict[str, str]:
    """`title=Headline,body=content` as {"title": "Headline", "body": "content"}. Raises ValueError with a sentence."""
    fields: dict[str, str] = {}
    for part in text.split(","):
        field_name, separator, name = part.partition("=")
        field_name, name = field_name.strip().lower(), name.strip()
        if not separator or not name:
            raise ValueError(f"{part!r} is not of the form title=Headline")
        if field_name not in FIELD_NAMES:
            raise ValueError(f"{field_name!r} is none of {', '.join(FIELD_NAMES)}")
        fields[field_name] = name
    return fields


@cache
def code_version() -> str:
    """Names the state of the code that reads and cleans: another version may make other articles of the same bytes."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for name in _DECIDING:
        for path in sorted([here / name] if name.endswith(".py") else (here / name).rglob("*.*")):
            if "__pycache__" not in path.parts and path.is_file():
                digest.update(path.relative_to(here).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
