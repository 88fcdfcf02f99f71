"""Cleaning: a raw record becomes an article as its author wrote it, with an account of every line.

`clean` is the one way in; what kind of record it is decides which module does the work.
"""

from archive.choices import ContentKind
from archive.ingest.cleaning.page import Hints
from archive.ingest.cleaning.page_text import clean_lines, clean_page_text
from archive.ingest.records import CleanArticle, RawRecord

__all__ = ["Hints", "clean", "clean_lines"]


def clean(record: RawRecord) -> CleanArticle:
    """Clean one record, by itself: what its source's other articles say is for `ingest/habits.py`.

    Raises RecordError: "no-body" for a page without article text, "empty" for a structured record with neither headline
    nor body.
    """
    if record.kind == ContentKind.PAGE_TEXT:
        return clean_page_text(record)
    if record.kind == ContentKind.HTML_PAGE:
        from archive.ingest.cleaning.html import clean_html  # trafilatura takes a second to import

        return clean_html(record)
    from archive.ingest.cleaning.structured import clean_fields

    return clean_fields(record)
