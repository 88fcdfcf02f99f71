"""The first bytes of a member, looked at once: what the formats' `recognise` functions ask."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from archive.ingest.readers import charset
from archive.ingest.readers.fields import field_of

HEAD_BYTES = 64 * 1024

_LEADING = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+([\w:.\-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """`data` are the first bytes (at most 64 KB), `whole` says whether they are all, `name` is the file's name."""

    data: bytes
    name: str = ""
    whole: bool = False
    mapped: frozenset[str] = field(default_factory=frozenset)
    """Field names of the dump that the operator mapped by hand."""

    @cached_property
    def text(self) -> str:
        """The decoded beginning without byte order mark and leading blanks."""
        return charset.decode_head(self.data).lstrip("\ufeff\x00 \t\r\n")

    @property
    def is_wide(self) -> bool:
        """UTF-16 or UTF-32, whose bytes are full of NULs."""
        return bool(charset.wide_encoding(self.data))

    @cached_property
    def suffix(self) -> str:
        """The file name's last suffix in lower case, without the dot."""
        stem, dot, suffix = self.name.rpartition(".")
        return suffix.lower() if dot and stem else ""

    @cached_property
    def root(self) -> str:
        """Local name of the first element, lower case; empty if the text does not begin with markup."""
        position = 0
        while leading := _LEADING.match(self.text, position):
            position = leading.end()
        found = _ROOT.match(self.text, position)
        return found[2].lower() if found else ""

    @cached_property
    def doctype(self) -> str:
        found = _DOCTYPE.search(self.text, 0, 4_000)
        return found[1].lower() if found else ""

    def knows(self, name: str) -> bool:
        """Whether a column or key of this name is one that the archive understands."""
        return field_of(name) is not None or name.strip() in self.mapped
