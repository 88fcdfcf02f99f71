"""Forward-only streams over a member's bytes that know where they are, and whether their end is the true one."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

CHUNK = 256 * 1024
_OVERLAP = 64  # longer than any tag that is searched for


class Damaged(Exception):
    """The bytes of a member end before their time; what came before is good."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def file_chunks(file: IO[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """The bytes of an open file, piece by piece."""
    while chunk := file.read(size):
        yield chunk


class ByteStream:
    """Bytes from an iterator of chunks, with look-ahead.

    A source that raises `Damaged` ends the stream like any end and leaves its reason in `damage`: a reader asks for it
    when it finds itself with half a record.
    """

    def __init__(self, chunks: Iterator[bytes], file: IO[bytes] | None = None) -> None:
        """`file` is given where the chunks are simply all bytes of a file that can be sought in."""
        self._chunks = chunks
        self.file = file
        self._buffer = b""
        self._position = 0
        self._ended = False
        self.offset = 0
        """Bytes already handed out."""
        self.damage: Damaged | None = None

    def _fill(self, size: int) -> None:
        """Have `size` bytes ahead, if there are that many."""
        have = len(self._buffer) - self._position
        if have >= size or self._ended:
            return
        parts = [self._buffer[self._position :]]
        while have < size:
            try:
                chunk = next(self._chunks, b"")
            except Damaged as damage:
                self.damage, chunk = damage, b""
            if not chunk:
                self._ended = True
                break
            parts.append(chunk)
            have += len(chunk)
        self._buffer, self._position = b"".join(parts), 0

    def peek(self, size: int) -> bytes:
        """The next `size` bytes (fewer at the end) without going on."""
        self._fill(size)
        return self._buffer[self._position : self._position + size]

    def read(self, size: int = CHUNK) -> bytes:
        """Up to `size` bytes, empty only at the end."""
        self._fill(min(size, CHUNK) if size > 0 else CHUNK)
        end = len(self._buffer) if size < 0 else self._position + size
        data = self._buffer[self._position : end]
        self._position += len(data)
        self.offset += len(data)
        return data

    def read_exactly(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end."""
        self._fill(size)
        return self.read(size)

    def read_whole(self, limit: int) -> bytes | None:
        """All that is left, or None (and the stream stays where it is) if that is more than `limit` bytes."""
        self._fill(limit + 1)
        if len(self._buffer) - self._position > limit:
            return None
        return self.read(-1)

    def lines(self, limit: int, *, blank: bool = True) -> "Iterator[Line]":
        """Lines ended by LF; of one longer than `limit` bytes only the beginning is kept.

        With `blank=False`, lines of blanks alone are counted and left out.
        """
        number, start = 1, self.offset
        rest: list[bytes] = []
        size = 0
        while chunk := self.read():
            *ended, tail = chunk.split(b"\n")
            for part in ended:
                size += len(part)
                if not blank and not rest and (not part or part.isspace()):
                    start += size + 1
                    number += 1
                    size = 0
                    continue
                data = b"".join((*rest, part)) if rest else part
                yield Line(start, number, data if size <= limit else data[:2_000], size + 1, size > limit, True)
                start += size + 1
                number += 1
                rest, size = [], 0
            size += len(tail)
            if tail and size <= limit + CHUNK:
                rest.append(tail)
            if size > limit and len(rest) > 1:
                rest = [b"".join(rest)[:2_000]]
        if size:
            data = b"".join(rest)
            yield Line(start, number, data if size <= limit else data[:2_000], size, size > limit, False)


def as_utf_8(stream: ByteStream, encoding: str) -> Iterator[bytes]:
    """A stream in UTF-16 or UTF-32 as UTF-8, without its byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    first = True
    while data := stream.read():
        text = decoder.decode(data)
        yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "replace")
        first = False
    if rest := decoder.decode(b"", final=True):
        yield rest.encode("utf-8", "replace")
    if stream.damage:
        raise stream.damage


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its LF. `length` counts the LF; `ended` is false for a last line without one."""

    offset: int
    number: int
    data: bytes
    length: int
    too_long: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes from an opening tag to its closing tag. `complete` is false if another opening or the end came first."""

    offset: int
    line: int
    data: bytes
    length: int
    complete: bool
    too_long: bool


class BlockSplitter:
    """Cuts a stream into elements with one name without parsing what is in them: one broken block costs one block.

    Elements of that name do not hold one another. The name is sought as plain bytes, in the case in which it is given.
    """

    def __init__(self, stream: ByteStream, name: bytes, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._opening, self._closing = b"<" + name, b"</" + name
        self._buffer = b""
        self._position = 0
        self._base = stream.offset
        self._line = 1
        self.prologue = b""
        """What stood before the first block (its last 64 KB)."""

    def _more(self) -> bool:
        """Read on; as much as is held already, so that a long block is searched in linear time."""
        held = self._buffer[self._position :]
        data = self._stream.read_exactly(max(CHUNK, len(held)))
        self._base += self._position
        self._buffer, self._position = held + data, 0
        return bool(data)

    def _skip_to(self, position: int) -> None:
        self._line += self._buffer.count(b"\n", self._position, position)
        self._position = position

    def _find(self, tag: bytes, start: int, end: int | None = None) -> int:
        """Where `tag` stands as a whole name from `start` on, -1 if it does not."""
        while (found := self._buffer.find(tag, start, end)) >= 0:
            after = found + len(tag)
            if after < len(self._buffer) and self._buffer[after] in b"> \t\r\n":
                return found
            start = after
        return -1

    def __iter__(self) -> Iterator[Block]:
        first = True
        while True:
            found = self._find(self._opening, self._position)
            before = self._position
            self._skip_to(found if found >= 0 else max(before, len(self._buffer) - _OVERLAP))
            if first:
                self.prologue = (self.prologue + self._buffer[before : self._position])[-65_536:]
            if found >= 0:
                first = False
                yield self._block()
            elif not self._more():
                return

    def _block(self) -> Block:
        """The block whose opening tag stands at the position; goes to its end."""
        offset, line, searched = self._base + self._position, self._line, len(self._opening)
        head, dropped = b"", 0
        while (mark := self._mark(self._position + searched)) is None:
            held = len(self._buffer) - self._position
            searched = max(0 if dropped else len(self._opening), held - _OVERLAP)
            if held > self._limit:
                head = head or self._buffer[self._position : self._position + 2_000]
                dropped += searched
                self._skip_to(self._position + searched)
                searched = 0
            if not self._more():
                mark = len(self._buffer), False
                break
        end, complete = mark
        data = head or self._buffer[self._position : end]
        length = dropped + end - self._position
        self._skip_to(end)
        too_long = bool(dropped) or length > self._limit
        return Block(offset, line, data[:2_000] if too_long else data, length, complete, too_long)

    def _mark(self, start: int) -> tuple[int, bool] | None:
        """Where the block that is open ends, and whether by its closing tag; None if that is not to be seen yet."""
        closing = self._find(self._closing, start)
        end = self._buffer.find(b">", closing) + 1 if closing >= 0 else 0
        opening = self._find(self._opening, start, closing if end else None)
        if opening >= 0:
            return opening, False
        return (end, True) if end else None
