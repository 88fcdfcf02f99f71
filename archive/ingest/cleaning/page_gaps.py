"""What a page does not say in its own metadata, from libraries that guess: trafilatura's for names, htmldate for dates.

Slower and less sure than `metadata.py`, so asked only for what is missing; never today's date for want of another.
"""

from dataclasses import replace
from datetime import UTC, datetime

from lxml.html import HtmlElement

from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.records import PublishedDate

_MAX_ELEMENTS = 10_000


def guessed_date(tree: HtmlElement) -> PublishedDate | None:
    """The date that htmldate finds in the page's markup and text; believed little."""
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return None
    from htmldate import find_date

    try:
        raw = find_date(
            tree, original_date=True, extensive_search=True, max_date=datetime.now(UTC).strftime("%Y-%m-%d")
        )
    except Exception:  # a library over hostile pages: any failure means that it found nothing
        return None
    if not raw or raw.endswith("-01-01"):  # its way of saying that it found a year and no more
        return None
    found = parse_date(raw)
    return found and replace(found, rule="a date on the page, by htmldate", confidence=0.4)


def guessed_names(tree: HtmlElement) -> tuple[str, ...]:
    """The authors that trafilatura sees in the page's markup."""
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return ()
    from trafilatura.metadata import extract_author

    try:
        return split_byline((extract_author(tree) or "").split(";"))
    except Exception:  # as above
        return ()
