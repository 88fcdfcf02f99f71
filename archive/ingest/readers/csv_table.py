"""CSV and TSV: a header row with names, then a record a row. Read line by line, so fields may be many MB long."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.charset import Decoder
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import CHUNK, ByteStream, Line

_ESCAPED = re.compile(rb'\\"[^,;\t|\r\n]')
_DOUBLED = re.compile(rb'[^,;\t|"\n]""[^,;\t|"\r\n]')
_DELIMITERS = (",", "\t", ";", "|")
_NOT_TEXT = str.maketrans("", "", "\x00\ufeff")


def recognise(head: Head) -> bool:
    """A first line of several short names of which the archive knows two, and rows of that width below it.

    Of a file that is called .csv or .tsv one known name is enough, or rows that are all of one width.
    """
    if head.root:
        return False
    is_named = head.suffix in ("csv", "tsv")
    names = _header(head.text.split("\n", 1)[0])
    known = sum(head.knows(name) for name in names)
    if len(names) < 2 or any(len(name) > 60 for name in names):
        return is_named and known == len(names) == 1 and "\n" in head.text
    if is_named:
        return known >= 1 or _widths_of_rows(head.text) == {len(names)}
    return known == len(names) or (known >= 2 and len(names) in _widths_of_rows(head.text))


def _widths_of_rows(text: str) -> set[int]:
    """How many cells the first rows below the header have (a row that is not whole in `text` may count too few)."""
    header, _, rest = text.partition("\n")
    rows = csv.reader(rest.splitlines(keepends=True), delimiter=delimiter_of(header), skipinitialspace=True)
    try:
        return {len(row) for row, _ in zip(rows, range(3), strict=False) if row}
    except csv.Error:
        return set()


def delimiter_of(header: str) -> str:
    """The delimiter that cuts a header line into the most names."""
    return max(_DELIMITERS, key=lambda delimiter: len(_cells(header, delimiter)))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _header(line: str) -> list[str]:
    line = line.translate(_NOT_TEXT)
    return [name.strip() for name in _cells(line, delimiter_of(line))]


@dataclass(slots=True)
class _Row:
    """One row with the lines it came from."""

    cells: list[str]
    lines: list[tuple[Line, str]]
    notes: tuple[str, ...]
    error: str = ""

    @property
    def offset(self) -> int:
        return self.lines[0][0].offset

    @property
    def length(self) -> int:
        return sum(line.length for line, _ in self.lines)


class _Rows:
    """Rows of a table, each with the lines that it took."""

    def __init__(self, stream: ByteStream, limit: int, decoder: Decoder) -> None:
        self._decoder = decoder
        csv.field_size_limit(limit)
        self._lines = stream.lines(limit)
        self._limit = limit
        self._again: deque[tuple[Line, str]] = deque()
        self._taken: list[tuple[Line, str]] = []
        self._size = 0
        self._notes: dict[str, None] = {}
        # MySQL's exports write \\" where others write "".
        sample = stream.peek(CHUNK)
        self._escape = "\\" if _ESCAPED.search(sample) and not _DOUBLED.search(sample) else None
        self.delimiter = ","

    def header(self) -> list[str]:
        """Names of the first row that is not blank; decides the delimiter."""
        for line in self._lines:
            text = self._decoded(line)
            if text.strip():
                self.delimiter = delimiter_of(text)
                self._again.append((line, text))
                break
        row = self.next()
        return [name.strip() for name in row.cells] if row else []

    def _decoded(self, line: Line) -> str:
        decoded = self._decoder.decode(line.data)
        self._notes.update(dict.fromkeys(decoded.notes))
        text = decoded.text
        if "\x00" in text:
            self._notes["NUL characters left out"] = None
        return text.translate(_NOT_TEXT) if "\x00" in text or "\ufeff" in text else text

    def _texts(self) -> Iterator[str]:
        """Lines for the parser, remembered as they are taken; ends early where a row has grown over the limit."""
        while self._size <= self._limit:
            if self._again:
                line, text = self._again.popleft()
            else:
                following = next(self._lines, None)
                if following is None:
                    return
                line, text = following, self._decoded(following)
            self._taken.append((line, text))
            self._size += line.length
            if line.too_long:
                return
            yield text + "\n"

    def next(self) -> _Row | None:
        """The next row that is not blank, None at the end."""
        while True:
            self._taken, self._size, self._notes = [], 0, {}
            try:
                reader = csv.reader(
                    self._texts(), delimiter=self.delimiter, skipinitialspace=True, escapechar=self._escape
                )
                cells = next(reader, None)
                error = ""
            except csv.Error as problem:
                cells, error = [], str(problem)
            if not self._taken:
                return None
            if self._size > self._limit or self._taken[-1][0].too_long:
                error = "too-long"
            if error or any(cell.strip() for cell in cells or ()):
                return _Row([_ended(cell) for cell in cells or ()], self._taken, tuple(self._notes), error)

    def resume_within(self, row: _Row, columns: int) -> bool:
        """After a row of the wrong width: go on at the first of its later lines that is a good row by itself.

        A stray quotation mark swallows the rows after it; this gives them back.
        """
        for index, (_, text) in enumerate(row.lines[1:], start=1):
            if text.count('"') % 2 == 0 and len(_cells(text, self.delimiter)) == columns:
                self._again.extendleft(reversed(row.lines[index:]))
                del row.lines[index:]
                return True
        return False


def _ended(cell: str) -> str:
    return cell.replace("\r\n", "\n").rstrip("\r\n") if "\r" in cell else cell


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    rows = _Rows(stream, context.record_limit, context.decoder)
    names = rows.header()
    while row := rows.next():
        cells = row.cells
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        at_cut = stream.damage is not None and not row.lines[-1][0].ended
        if row.error or at_cut or len(cells) != len(names):
            wide = len(names) > 1 and not at_cut and rows.resume_within(row, len(names))
            yield _rejected(row, names, context, at_cut=at_cut, quote=wide)
        else:
            locator = context.places.next(row.offset, row.length, row.lines[0][0].number)
            raw = row.lines[0][0].data
            yield record_from(_named(names, cells), locator, context, row.notes, raw)


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by name; of columns with the same name the first that says something."""
    values: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=True):
        if not values.get(name, "").strip():
            values[name] = cell
    return values


def _rejected(row: _Row, names: Sequence[str], context: Context, *, at_cut: bool, quote: bool) -> Record:
    places = context.places
    locator = places.next(row.offset, row.length, row.lines[0][0].number)
    if at_cut:
        code, sentence = "truncated", "the last row is cut off"
    elif row.error == "too-long":
        code, sentence = "too-long", f"the row is longer than {in_bytes(context.record_limit)}; it is not loaded"
        if len(row.lines) > 1:
            sentence += " (perhaps a quotation mark is never closed)"
    elif row.error:
        code, sentence = "broken-csv", f"the row cannot be read: {row.error}"
    elif len(row.cells) < len(names):
        code = "short-row"
        sentence = f"the row has {len(row.cells)} of {len(names)} columns; complete it or quote line breaks inside it"
    else:
        code, sentence = (
            "long-row",
            f"the row has {len(row.cells)} columns where the header names {len(names)}; quote its commas",
        )
    if quote:
        code, sentence = (
            "broken-csv",
            "a quotation mark in the row is never closed; the rows after it are read again without it",
        )
    return places.reject(locator, code, sentence, row.lines[0][0].data)
