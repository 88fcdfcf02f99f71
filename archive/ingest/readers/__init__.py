"""A dump becomes a stream of records, whatever its format and its containers; one bad record never stops it.

`open_dump` is what the rest of the archive calls; `registry.FORMATS` is the list of formats.
"""

from archive.ingest.readers.base import Format, Limits, ReadOptions, Record
from archive.ingest.readers.dump import OpenedDump, open_dump
from archive.ingest.readers.ignorable import is_ignorable
from archive.ingest.readers.registry import FORMAT_NAMES, FORMATS

__all__ = (
    "FORMATS",
    "FORMAT_NAMES",
    "Format",
    "Limits",
    "OpenedDump",
    "ReadOptions",
    "Record",
    "is_ignorable",
    "open_dump",
)
