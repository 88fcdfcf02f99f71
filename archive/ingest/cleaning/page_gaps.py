"""What a page does not say in its own metadata, from libraries that guess: trafilatura's for names, htmldate for dates.

Slower and less sure than `metadata.py`, so asked only for what is missing; never today's date for want of another.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

from lxml.html import HtmlElement

from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.records import PublishedDate

_MAX_ELEMENTS = 10_000
_NAME = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: (?:[^\W\d_a-z][\w'’.-]*|de|di|da|del|la|van|von|der|den|bin|al)){1,4}")
_STAMP = re.compile(  # what is left of a date behind a name once its numbers are gone
    r"(?: (?:January|February|March|July|September|October|November|December|\w{3,6}day)\b)+$"
)


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
    """The authors that trafilatura sees in the page's markup, as far as they look like people's names."""
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return ()
    from trafilatura.metadata import extract_author

    try:
        names = split_byline((extract_author(tree) or "").split(";"))
    except Exception:  # as above
        return ()
    return tuple(name for name in (_STAMP.sub("", name) for name in names) if _NAME.fullmatch(name))
