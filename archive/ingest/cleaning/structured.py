"""Structured records (JSONL, CSV, SGML, feeds): fields taken as they are, the body unwrapped and left whole.

A record's fields were somebody's editing already, so the body loses only what is certainly not the story.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.choices import LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import crawl_date, parse_date
from archive.ingest.cleaning.language import detect
from archive.ingest.cleaning.page import Hints
from archive.ingest.cleaning.page_text import clean_lines
from archive.ingest.cleaning.wrapping import is_wrapped, paragraphs_of
from archive.ingest.records import CleanArticle, Line, PublishedDate, RawRecord

_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,20}\s?>|<(?:p|br|div|img|hr|li|h[1-6])\b[^<>]{0,2000}>")
_WHOLE_PAGE = re.compile(r"<(?:html|head|body)\b[^<>]{0,2000}>", re.IGNORECASE)
_GLUED_SIGN_OFF = re.compile(r"(?<=[.)]) +(REUTER|Reuter)\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_SIGN_OFF = re.compile(r"(?:REUTERS?|Reuters?|AP|UPI|AFP)[.;]?$")


def clean_fields(record: RawRecord) -> CleanArticle:
    """The article in a structured record; raises RecordError("empty") where it has neither headline nor body."""
    title, standfirst = plain(record.title), plain(record.standfirst)
    hints = Hints(title=title, standfirst=standfirst, extracted=True)
    body = _clean_body(record, hints)
    title = title or body.title
    if not body.paragraphs and not title:
        raise RecordError("empty", "the record has neither a headline nor a body")
    return CleanArticle(
        title=title,
        standfirst=standfirst if standfirst != title and standfirst not in body.paragraphs[:1] else "",
        byline=split_byline(record.byline) or body.byline,
        published=field_date(record.published, crawl_date(record.crawled)) or body.published,
        language=detect(" ".join(body.paragraphs[:6]) or f"{title}. {standfirst}", record.language),
        section=plain(record.section) or body.section,
        canonical_url=record.url if record.url.startswith(("http://", "https://")) else body.canonical_url,
        paragraphs=body.paragraphs,
        captions=body.captions,
        lines=body.lines,
    )


def _clean_body(record: RawRecord, hints: Hints) -> CleanArticle:
    """The body field as plain text, as a fragment of HTML, or as the whole page that some dumps put into it."""
    if not is_markup(record.text):
        return clean_plain(record.text, hints)
    from archive.ingest.cleaning.html import clean_fragment, clean_html

    if not _WHOLE_PAGE.search(record.text[:5_000]):
        return clean_fragment(record.text, hints)
    try:
        return clean_html(record)
    except RecordError:  # no story on the page: the headline may stand alone
        return CleanArticle()


def is_markup(text: str) -> bool:
    """Whether a body is an HTML fragment. Tickers of the old wire ("<BP>", "<P>") are not tags."""
    return "<" in text and _MARKUP.search(text) is not None


def plain(text: str) -> str:
    """A one-line field: entities resolved, tags and control characters dropped, blanks collapsed."""
    if "&" in text:
        text = html.unescape(text)
    if is_markup(text):
        text = re.sub(r"<[^<>]{1,2000}>", " ", text)
    return _CONTROL.sub("", " ".join(text.split()))


def field_date(raw: str, crawled: datetime | None = None) -> PublishedDate | None:
    """The date of a record's date field; one that cannot be read stays as its raw string, for people to look at."""
    if not raw.strip():
        return None
    found = parse_date(raw, reference=crawled)
    if found is None:
        return PublishedDate(raw=raw[:200], rule="date field, unread")
    return PublishedDate(
        found.raw, found.value, found.precision, f"date field: {found.rule}", found.confidence, found.has_zone
    )


def clean_plain(text: str, hints: Hints) -> CleanArticle:
    """Paragraphs of a plain body and the account of its lines.

    Hard-wrapped lines are joined again and lose nothing but a wire's sign-off; others go through the chain.
    """
    raw_lines = text.split("\n")
    kept, cut = _without_wire_marks(raw_lines)
    if is_wrapped([line for _, line in kept]):
        places = [Line(number, line.strip(), LinePlace.BODY) for number, line in kept]
        paragraphs = paragraphs_of(kept)
        article = CleanArticle(lines=tuple(places))
    else:
        for gone in cut:
            raw_lines[gone.number - 1] = ""
        for number, rest in kept[-1:]:
            raw_lines[number - 1] = rest
        article = clean_lines(raw_lines, hints)
        paragraphs = list(article.paragraphs)
    return replace(
        article,
        paragraphs=tuple(paragraph for raw in paragraphs if (paragraph := plain_line(raw))),
        lines=tuple(sorted((*article.lines, *cut), key=lambda line: line.number)),
    )


def _without_wire_marks(raw_lines: Sequence[str]) -> tuple[list[tuple[int, str]], list[Line]]:
    """The non-blank lines with their numbers, and apart the control characters and the agency that signs off."""
    kept: list[tuple[int, str]] = []
    cut: list[Line] = []
    for number, raw in enumerate(raw_lines, start=1):
        stripped = raw.strip()
        if not stripped:
            continue
        if _CONTROL.fullmatch(stripped):
            cut.append(Line(number, stripped, LinePlace.REMOVED, "control-characters"))
        else:
            kept.append((number, raw))
    if len(kept) > 1 and _SIGN_OFF.fullmatch(_CONTROL.sub("", kept[-1][1]).strip()):
        number, raw = kept.pop()
        cut.append(Line(number, raw.strip(), LinePlace.REMOVED, "wire-sign-off"))
    elif kept and (match := _GLUED_SIGN_OFF.search(kept[-1][1][-40:])):
        number, raw = kept.pop()
        kept.append((number, raw.rstrip()[: -len(match[0].rstrip())]))
        cut.append(Line(number, match[1], LinePlace.REMOVED, "wire-sign-off"))
    return kept, cut


def plain_line(text: str) -> str:
    """A stretch of body text: entities resolved, control characters dropped, blanks collapsed."""
    if "&" in text:
        text = html.unescape(text)
    return _CONTROL.sub("", " ".join(text.split()))
