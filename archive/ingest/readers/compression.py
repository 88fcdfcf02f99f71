"""Decompression, piece by piece, that notices a cut-off or corrupt end and a bomb, whatever the compression."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from archive.errors import DumpError
from archive.ingest.readers.base import Limits, in_bytes
from archive.ingest.readers.streams import ByteStream, Damaged

_IN = 64 * 1024
_OUT = 256 * 1024


class _Engine(Protocol):
    """The interface that bz2 and lzma decompressors share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


@dataclass(slots=True)
class Meter:
    """Counts what a dump decompresses to, over all of its members."""

    limits: Limits
    total: int = field(default=0, init=False)

    def guard(self, chunks: Iterator[bytes], compressed: ByteStream | int) -> Iterator[bytes]:
        """Pass chunks on until they are too many for the compressed bytes that they came from.

        `compressed` is the stream that is decompressed, or its whole size. Raises `Damaged` for a member that is a
        bomb, DumpError once the whole dump is over its limit.
        """
        limits, member = self.limits, 0
        for chunk in chunks:
            member += len(chunk)
            self.total += len(chunk)
            consumed = compressed if isinstance(compressed, int) else compressed.offset
            if member > limits.bomb_floor and member > limits.bomb_ratio * max(consumed, 1):
                ratio = member // max(consumed, 1)
                raise Damaged(
                    "bomb",
                    f"{in_bytes(member)} come out of {in_bytes(consumed)} ({ratio} to 1): taken for a "
                    f"decompression bomb (limit {limits.bomb_ratio} to 1) and read no further (ARCHIVE_MAX_RATIO)",
                )
            if self.total > limits.total_bytes:
                raise DumpError(
                    "too-large",
                    f"the dump decompresses to more than {in_bytes(limits.total_bytes)}; split it, or raise "
                    "ARCHIVE_MAX_TOTAL_BYTES",
                )
            yield chunk


def _cut(source: ByteStream, name: str) -> Damaged:
    return source.damage or Damaged(
        "truncated", f"the {name} data end before their end mark (at compressed byte {source.offset:,}): cut off"
    )


def _corrupt(source: ByteStream, name: str, error: Exception) -> Damaged:
    return Damaged("damaged", f"the {name} data are corrupt near compressed byte {source.offset:,} ({error})")


def gunzip(source: ByteStream) -> Iterator[bytes]:
    """Any number of gzip members, one after the other."""
    engine = None
    while data := source.read(_IN):
        while data:
            if engine is None:
                data = data.lstrip(b"\0")  # tapes and some tools pad with zeros
                if not data:
                    break
                engine = zlib.decompressobj(31)
            yield from _inflate(engine, data, source)
            if engine.eof:
                data, engine = engine.unused_data, None
            else:
                data = engine.unconsumed_tail
    if engine is not None:
        if rest := engine.flush():
            yield rest
        if not engine.eof:
            raise _cut(source, "gzip")
    if source.damage:
        raise source.damage


def _inflate(engine: "zlib._Decompress", data: bytes, source: ByteStream) -> Iterator[bytes]:
    """What comes out of `data`; where a byte of it is wrong, what comes before that byte, and then Damaged."""
    before = engine.copy()
    try:
        out = engine.decompress(data, _OUT)
    except zlib.error as error:
        # zlib gives nothing of a call that fails, so it is asked again byte by byte.
        yield from _until_error(before, data)
        raise _corrupt(source, "gzip", error) from error
    if out:
        yield out


def _until_error(engine: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    try:
        for index in range(len(data)):
            if out := engine.decompress(data[index : index + 1], _OUT):
                yield out
    except zlib.error:
        return


def _with_engine(source: ByteStream, name: str, make: Callable[[], _Engine]) -> Iterator[bytes]:
    engine: _Engine | None = None
    while data := source.read(_IN):
        while data or (engine is not None and not engine.needs_input and not engine.eof):
            if engine is None:
                data = data.lstrip(b"\0")
                if not data:
                    break
                engine = make()
            try:
                out = engine.decompress(data, _OUT)
            except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
                raise _corrupt(source, name, error) from error
            if out:
                yield out
            data = b""
            if engine.eof:
                data, engine = engine.unused_data, None
    if engine is not None:
        raise _cut(source, name)
    if source.damage:
        raise source.damage


def bunzip2(source: ByteStream) -> Iterator[bytes]:
    return _with_engine(source, "bzip2", bz2.BZ2Decompressor)


def unxz(source: ByteStream) -> Iterator[bytes]:
    # The dictionary's size is the file's own claim; without a limit a few bytes could ask for gigabytes.
    return _with_engine(source, "xz", lambda: lzma.LZMADecompressor(memlimit=256 * 1024 * 1024))


def unzstd(source: ByteStream) -> Iterator[bytes]:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=128 * 1024 * 1024)
    engine = None
    # Small pieces: this interface has no limit on what comes out of one call, and one byte can become 32 KB.
    while data := source.read(1_024):
        while data:
            engine = engine or unpacker.decompressobj()
            try:
                out = engine.decompress(data)
            except zstandard.ZstdError as error:
                raise _corrupt(source, "zstd", error) from error
            if out:
                yield out
            data = b""
            if engine.eof:
                data, engine = engine.unused_data, None
    if engine is not None:
        raise _cut(source, "zstd")
    if source.damage:
        raise source.damage


@dataclass(frozen=True, slots=True)
class Compression:
    name: str
    magic: bytes
    suffixes: tuple[str, ...]
    unpack: Callable[[ByteStream], Iterator[bytes]]


COMPRESSIONS = (
    Compression("gz", b"\x1f\x8b\x08", (".gz", ".tgz"), gunzip),
    Compression("bz2", b"BZh", (".bz2", ".tbz2", ".tbz"), bunzip2),
    Compression("xz", b"\xfd7zXZ\x00", (".xz", ".txz"), unxz),
    Compression("zst", b"\x28\xb5\x2f\xfd", (".zst", ".zstd", ".tzst"), unzstd),
)


def compression_of(head: bytes) -> Compression | None:
    """The compression whose magic number `head` begins with."""
    for compression in COMPRESSIONS:
        if head.startswith(compression.magic):
            # A text may begin with "BZh"; bzip2 goes on with its level and the digits of pi.
            if compression.name == "bz2" and head[4:10] not in (b"1AY&SY", b"\x17rE8P\x90"):
                continue
            return compression
    return None


def bare_name(name: str) -> str:
    """A file's name without the suffixes of any compressions."""
    for compression in COMPRESSIONS * 2:
        name = inner_name(name, compression)
    return name


def inner_name(name: str, compression: Compression) -> str:
    """The file's name without the suffix of its compression; a .tgz is a .tar inside."""
    for suffix in compression.suffixes:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + (".tar" if suffix.startswith(".t") else "")
    return name
