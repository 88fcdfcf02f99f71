"""Goes through a JSON text value by value, as bytes, holding no more than one value: what a library that parses
documents cannot do, and what survives a broken value in the middle."""

import re
from dataclasses import dataclass

from archive.ingest.readers.streams import ByteStream

_IN_STRING = re.compile(rb'["\\]')
_OUTSIDE = re.compile(rb'["\[\]{}]')
_SCALAR_END = re.compile(rb'[,\[\]{}"\s]')
_BLANK = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes of one JSON value and where they stand; `data` is cut to 2,000 bytes if `too_long`."""

    data: bytes
    offset: int
    line: int
    length: int
    complete: bool
    too_long: bool


class Scanner:
    """`stream` is read forward; values longer than `limit` bytes are passed over, not held."""

    def __init__(self, stream: ByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._buffer, self._position = b"", 0
        self._base = stream.offset
        self.line = 1

    @property
    def offset(self) -> int:
        return self._base + self._position

    def _more(self) -> bool:
        self._base += len(self._buffer)
        self._buffer, self._position = self._stream.read(), 0
        return bool(self._buffer)

    def _go(self, position: int) -> None:
        self.line += self._buffer.count(b"\n", self._position, position)
        self._position = position

    def next_byte(self) -> bytes:
        """The next byte that is no blank, not consumed; empty at the end."""
        while True:
            while self._position < len(self._buffer):
                rest = self._buffer[self._position : self._position + 256]
                stripped = rest.lstrip(_BLANK)
                self._go(self._position + len(rest) - len(stripped))
                if stripped:
                    return stripped[:1]
            if not self._more():
                return b""

    def skip(self, byte: bytes) -> bool:
        """Consume `byte` if it comes next."""
        if self.next_byte() != byte:
            return False
        self._go(self._position + 1)
        return True

    def value(self) -> Span:
        """Consume the next value: a string, a balanced object or array, or a bare word (at least one byte)."""
        first = self.next_byte()
        offset, line = self.offset, self.line
        parts: list[bytes] = []
        length = 0
        walk = _Balance(first)
        while True:
            end = walk.end(self._buffer, self._position)
            stop = len(self._buffer) if end < 0 else end
            if length <= self._limit:
                parts.append(self._buffer[self._position : stop])
            length += stop - self._position
            if length > self._limit and len(parts) > 1:
                parts = [b"".join(parts)[:2_000]]
            self._go(stop)
            if end >= 0 or not self._more():
                break
        data, too_long = b"".join(parts), length > self._limit
        complete = end >= 0 or walk.is_word
        return Span(data[:2_000] if too_long else data, offset, line, length, complete, too_long)


class _Balance:
    """Finds the end of one value across buffers."""

    def __init__(self, first: bytes) -> None:
        self.is_word = first not in (b'"', b"[", b"{") or not first
        self._depth = 0
        self._in_string = False
        self._pending = 1 if self.is_word else 0
        """Bytes to pass over unseen: the one after a backslash, the first of a word."""

    def end(self, buffer: bytes, position: int) -> int:
        """Index after the value's last byte, or -1 if the value goes on behind `buffer`."""
        position += self._pending
        self._pending = 0
        while position < len(buffer):
            if self.is_word:
                found = _SCALAR_END.search(buffer, position)
                return found.start() if found else -1
            found = (_IN_STRING if self._in_string else _OUTSIDE).search(buffer, position)
            if not found:
                return -1
            position = found.end()
            if self._step(found[0]):
                return position
            if self._pending:
                position, self._pending = position + 1, 0
        self._pending = position - len(buffer)
        return -1

    def _step(self, mark: bytes) -> bool:
        if mark == b"\\":
            self._pending = 1
        elif mark == b'"':
            self._in_string = not self._in_string
        else:
            self._depth += 1 if mark in b"[{" else -1
        return not self._in_string and self._depth <= 0 and mark != b"\\"
