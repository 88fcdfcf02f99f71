"""Opening segments: their arrays mapped when they are whole, made again from Whoosh's own files when they are not."""

import hashlib
import json
import logging
import os
from pathlib import Path

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.fields import Schema

from archive.search.backends.whoosh.arrays import Array, ArrayFile, write_arrays
from archive.search.backends.whoosh.columns import Columns, mapped
from archive.search.backends.whoosh.decoding import decode
from archive.search.backends.whoosh.segments import ARRAYS_EXT, SUMS_EXT, digest
from archive.search.backends.whoosh.storage import SafeStorage
from archive.search.backends.whoosh.twins import shared_terms

logger = logging.getLogger(__name__)


def open_columns(storage: SafeStorage, segment: W3Segment, schema: Schema) -> Columns:
    """A segment's columns. Raises `ValueError` when a file has another size than when it was written."""
    recorded = _recorded(storage, segment)
    arrays = segment.make_filename(ARRAYS_EXT)
    for name, (size, _) in recorded.items():
        if name != arrays and storage.file_length(name) != size:
            raise ValueError(f"{name} has {storage.file_length(name)} bytes where {size} were written")
    path = Path(storage._fpath(arrays))
    try:
        if arrays in recorded and path.stat().st_size != recorded[arrays][0]:
            raise ValueError(f"{arrays} is cut short")
        return mapped(ArrayFile(path))
    except (OSError, ValueError, KeyError) as error:
        logger.warning("Reading segment %s without its arrays: %s", segment.segment_id(), error)
    columns = decode(storage, segment, schema)
    _keep(path, columns, recorded)
    return columns


def _keep(path: Path, columns: Columns, recorded: dict[str, tuple[int, str]]) -> None:
    """Leave the arrays for the next process, if the folder lets us, with their checksum among those of the segment.

    Names appear when the files are whole. Who dies in between leaves arrays that `damages` names though they are good.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            write_arrays(file, columns.arrays(shared_terms(columns)))
        if recorded:
            with beside.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            sums = {**recorded, path.name: (beside.stat().st_size, sha256)}
            beside.replace(path)
            beside.write_text(json.dumps(sums))
            beside.replace(path.with_suffix(SUMS_EXT))
        else:
            beside.replace(path)
    except OSError as error:
        logger.warning("The arrays of %s were not kept: %s", path.stem, error)
        beside.unlink(missing_ok=True)


def live_mask(segment: W3Segment) -> Array | None:
    """True by document that is not deleted; None when none is."""
    if not segment.has_deletions():
        return None
    mask = np.ones(segment.doc_count_all(), bool)
    mask[list(segment.deleted_docs())] = False
    return mask


def damages(storage: SafeStorage, segment: W3Segment) -> list[str]:
    """The files of a segment that are gone or whose sha256 is another than when they were written."""
    found = []
    try:
        recorded = _recorded(storage, segment)
    except ValueError:
        return [segment.make_filename(SUMS_EXT)]
    for name, (_, sha256) in recorded.items():
        try:
            if digest(storage, name) != sha256:
                found.append(name)
        except OSError:
            found.append(name)
    return found


def _recorded(storage: SafeStorage, segment: W3Segment) -> dict[str, tuple[int, str]]:
    """Size and sha256 by file; empty for a segment that stock Whoosh wrote."""
    try:
        with open(storage._fpath(segment.make_filename(SUMS_EXT)), "rb") as file:
            sums: dict[str, tuple[int, str]] = json.loads(file.read())
            return sums
    except FileNotFoundError:
        return {}
