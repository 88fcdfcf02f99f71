"""A zip that was cut off has lost its list of files, which stands at the end; its files are still there one by one."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from archive.ingest.readers.streams import Damaged

_LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4s2xHH8x4x4xHH")
_SIZES = struct.Struct("<II")
_CHUNK = 64 * 1024


@dataclass(slots=True)
class LostFile:
    """One file found by its own header (PKWARE's APPNOTE, 4.3.7); `size` is 0 where only the data themselves say it."""

    name: str
    file: IO[bytes] = field(repr=False)
    start: int
    method: int
    size: int
    encrypted: bool
    end: int = 0
    """Where reading stopped; the next file is behind this."""

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes, as far as they go. Raises Damaged at an untimely end."""
        self.end = self.start
        cut = Damaged("truncated", "the zip ends within this file: it is cut off")
        if self.method == 0 and self.size:
            while self.end < self.start + self.size:
                data = self._next(min(_CHUNK, self.start + self.size - self.end))
                if not data:
                    raise cut
                yield data
            return
        if self.method != 8:
            raise Damaged("damaged", "the file cannot be read without the zip's list of files, which is lost")
        engine = zlib.decompressobj(-15)
        while not engine.eof:
            data = engine.unconsumed_tail or self._next(_CHUNK)
            if not data:
                raise cut
            try:
                out = engine.decompress(data, _CHUNK)
            except zlib.error as error:
                raise Damaged("damaged", f"the zip's data of this file are corrupt ({error})") from error
            if out:
                yield out
        self.end -= len(engine.unused_data)

    def _next(self, size: int) -> bytes:
        self.file.seek(self.end)
        data = self.file.read(size)
        self.end += len(data)
        return data


def lost_files(file: IO[bytes]) -> Iterator[LostFile]:
    """Files of a zip by their own headers, in order. Read a file's `chunks` before the next one is asked for."""
    position = 0
    while (position := _find(file, position)) >= 0:
        file.seek(position)
        header = file.read(30)
        if len(header) < 30:
            return
        _, flags, method, name_length, extra_length = _HEADER.unpack(header)
        compressed, _ = _SIZES.unpack(header[18:26])
        raw_name = file.read(name_length)
        name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        start = position + 30 + name_length + extra_length
        found = LostFile(name, file, start, method, compressed, bool(flags & 1))
        yield found
        position = max(found.end, start)


def _find(file: IO[bytes], position: int) -> int:
    """Where the next local header begins, -1 if there is none."""
    file.seek(position)
    before = b""
    while data := file.read(_CHUNK):
        found = (before + data).find(_LOCAL)
        if found >= 0:
            return position - len(before) + found
        position += len(data)
        before = data[-3:]
    return -1
