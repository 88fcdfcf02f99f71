"""Cleaning: a raw record becomes an article as its author wrote it, with an account of every line.

`clean` is the one way in; what kind of record it is decides which module does the work.
"""

from archive.choices import ContentKind
from archive.ingest.cleaning.page import NO_STATISTICS, Hints, SourceLines
from archive.ingest.cleaning.page_text import clean_lines, clean_page_text
from archive.ingest.records import CleanArticle, RawRecord

__all__ = ["Hints", "SourceLines", "clean", "clean_lines"]


def clean(record: RawRecord, source_lines: SourceLines = NO_STATISTICS) -> CleanArticle:
    """Clean one record.

    `source_lines` says which lines stand in many articles of the record's source; without it nothing is cut for
    being repeated. Raises RecordError: "no-body" for a page without article text, "empty" for a structured record
    with neither headline nor body.
    """
    if record.kind == ContentKind.PAGE_TEXT:
        return clean_page_text(record, Hints(source_lines=source_lines))
    if record.kind == ContentKind.HTML_PAGE:
        from archive.ingest.cleaning.html import clean_html  # trafilatura takes a second to import

        return clean_html(record, source_lines)
    from archive.ingest.cleaning.structured import clean_fields

    return clean_fields(record, source_lines)
