"""Many article numbers as one small value of the database: 64-bit little-endian integers, zlib."""

import sys
import zlib
from array import array
from collections.abc import Iterable


def pack(ids: Iterable[int]) -> bytes:
    numbers = array("q", ids)
    if sys.byteorder == "big":
        numbers.byteswap()
    return zlib.compress(numbers.tobytes())


def unpack(packed: bytes) -> tuple[int, ...]:
    """The numbers in their order; none for an empty value."""
    if not packed:
        return ()
    numbers = array("q")
    numbers.frombytes(zlib.decompress(packed))
    if sys.byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)
