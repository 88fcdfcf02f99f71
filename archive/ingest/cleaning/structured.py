"""Structured records (JSONL, CSV, SGML, feeds): fields taken as they are, the body unwrapped and left whole.

A record's fields were somebody's editing already, so the body loses only what is certainly not text.
"""

import html
import re
from collections.abc import Sequence

from archive.choices import LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.cleaning.language import detect
from archive.ingest.records import CleanArticle, Line, PublishedDate, RawRecord

_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,20}\s?>|<(?:p|br|div|img|hr|li|h[1-6])\b[^<>]{0,2000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_SENTENCE_END = re.compile(r"[.?!:;…][\"'”’)\]]{0,3}$")
_SIGN_OFF = re.compile(r"(?:REUTERS?|Reuters?|AP|UPI|AFP)[.;]?$")
_WRAP_WIDTH = 100


def clean_fields(record: RawRecord) -> CleanArticle:
    """The article in a structured record; raises RecordError("empty") where it has neither headline nor body."""
    title, standfirst = plain(record.title), plain(record.standfirst)
    if is_markup(record.text):
        from archive.ingest.cleaning.html import clean_fragment

        paragraphs, captions, lines = clean_fragment(record.text)
    else:
        (paragraphs, lines), captions = clean_plain(record.text), ()
    if not paragraphs and not title:
        raise RecordError("empty", "The record has neither a headline nor a body.")
    return CleanArticle(
        title=title,
        standfirst=standfirst if standfirst != title and standfirst not in paragraphs[:1] else "",
        byline=split_byline(record.byline),
        published=field_date(record.published),
        language=detect(" ".join(paragraphs[:6]) or f"{title}. {standfirst}", record.language),
        section=plain(record.section),
        canonical_url=record.url if record.url.startswith(("http://", "https://")) else "",
        paragraphs=paragraphs,
        captions=captions,
        lines=lines,
    )


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


def field_date(raw: str) -> PublishedDate | None:
    """The date of a record's date field; one that cannot be read stays as its raw string, for people to look at."""
    if not raw.strip():
        return None
    found = parse_date(raw)
    if found is None:
        return PublishedDate(raw=raw[:200], rule="date field, unread")
    return PublishedDate(
        found.raw, found.value, found.precision, f"date field: {found.rule}", found.confidence, found.has_zone
    )


def clean_plain(text: str) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """Paragraphs of a plain body and the account of its lines; hard-wrapped lines are joined again."""
    has_controls = _CONTROL.search(text) is not None
    lines: list[Line] = []
    kept: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped:
            continue
        if has_controls and not _CONTROL.sub("", stripped).strip():
            lines.append(Line(number, stripped, LinePlace.REMOVED, "control-characters"))
            continue
        lines.append(Line(number, stripped, LinePlace.BODY))
        kept.append((number, raw))
    if kept and _SIGN_OFF.fullmatch(_CONTROL.sub("", kept[-1][1]).strip()) and len(kept) > 1:
        number = kept.pop()[0]
        index = next(i for i, line in enumerate(lines) if line.number == number)
        lines[index] = Line(number, lines[index].text, LinePlace.REMOVED, "wire-sign-off")
    return _paragraphs(kept), tuple(lines)


def _paragraphs(kept: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    if not _is_wrapped([line for _, line in kept]):
        return tuple(paragraph for _, line in kept if (paragraph := plain_line(line)))
    paragraphs: list[list[str]] = []
    indents = sum(line.startswith("  ") for _, line in kept) > 0
    before = -1
    for number, line in kept:
        starts = number != before + 1 or (indents and line.startswith("  "))
        if starts or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
        before = number
    return tuple(joined for part in paragraphs if (joined := plain_line(" ".join(part))))


def plain_line(text: str) -> str:
    """A stretch of body text: entities resolved, control characters dropped, blanks collapsed."""
    if "&" in text:
        text = html.unescape(text)
    return _CONTROL.sub("", " ".join(text.split()))


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether line ends are a typewriter's, not the author's: no long lines, most of them full and open-ended."""
    if len(lines) < 2 or max(map(len, lines)) > _WRAP_WIDTH:
        return False
    full = sum(len(line) >= 45 for line in lines[:-1])
    open_ended = sum(not _SENTENCE_END.search(line.rstrip()[-4:]) for line in lines[:-1])
    continued = open_ended >= 0.5 * (len(lines) - 1) and full >= 0.5 * (len(lines) - 1)
    return continued or any(line.startswith("    ") for line in lines)
