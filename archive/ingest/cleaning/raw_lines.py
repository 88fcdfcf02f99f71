"""The lines of a raw record, numbered as cleaning numbers them: what the source view shows beside each decision."""

from archive.choices import ContentKind
from archive.ingest.cleaning.structured import is_markup
from archive.ingest.records import RawRecord


def raw_lines(record: RawRecord) -> list[str]:
    """Line n of the record is item n - 1; for HTML these are the lines of its blocks."""
    if record.kind == ContentKind.HTML_PAGE or (record.kind == ContentKind.FIELDS and is_markup(record.text)):
        from archive.ingest.cleaning.html_lines import html_lines

        return [line.text for line in html_lines(record.text)]
    return record.text.split("\n")
