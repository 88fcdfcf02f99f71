"""A file of named, memory-mapped arrays: opening costs the same however long it is, and processes share its pages."""

import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_MAGIC = b"NRARRAY1"
_ALIGN = 64


def write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Magic, length of the header, header (JSON: name → dtype, offset behind it, count), arrays; all aligned."""
    header: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, array in arrays.items():
        header[name] = (array.dtype.str, offset, len(array))
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps(header).encode()
    text += b" " * (-(len(_MAGIC) + 8 + len(text)) % _ALIGN)
    file.write(_MAGIC + len(text).to_bytes(8, "little") + text)
    for array in arrays.values():
        # Not `tobytes`: a copy of the longest array would be the peak of the whole indexing.
        file.write(np.ascontiguousarray(array).data.cast("B") if len(array) else b"")
        file.write(b"\0" * (-array.nbytes % _ALIGN))


class ArrayFile:
    """Read-only view of what `write_arrays` wrote. Raises `OSError` or `ValueError` for any other or a cut file."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        start = len(_MAGIC) + 8
        if self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError(f"{path.name} is no file of arrays")
        self._base = start + int.from_bytes(self._map[len(_MAGIC) : start], "little")
        self._header: dict[str, tuple[str, int, int]] = json.loads(self._map[start : self._base])
        for dtype, offset, count in self._header.values():
            if self._base + offset + np.dtype(dtype).itemsize * count > len(self._map):
                raise ValueError(f"{path.name} is cut short")

    def is_whole(self) -> bool:
        """Whether the file is still as long as it was mapped: reading what was cut off would kill the process.

        A file that was replaced or deleted is no matter, since the mapping keeps what it was.
        """
        try:
            return os.stat(self.path).st_size >= len(self._map)
        except OSError:
            return True

    def __contains__(self, name: str) -> bool:
        return name in self._header

    def __getitem__(self, name: str) -> Array:
        dtype, offset, count = self._header[name]
        return np.frombuffer(self._map, dtype, count, self._base + offset)


def spread(starts: Array, counts: Array) -> Array:
    """The indices start, start + 1 … start + count - 1 of each pair, one after another."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    return np.repeat(starts - (ends - counts), counts) + np.arange(total, dtype=np.int64)


def narrow(values: Array) -> Array:
    """The same unsigned numbers in the smallest type that holds them."""
    top = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(top) if top < 2**32 else np.uint64)
