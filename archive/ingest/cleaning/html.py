"""HTML pages: trafilatura says which lines are the story; every line of the page is accounted for.

From text only, never from the network. Metadata is `metadata.py`'s.
"""

import logging
from collections.abc import Sequence

import trafilatura
from lxml.html import HtmlElement

from archive.choices import LinePlace
from archive.ingest.cleaning.alignment import aligned
from archive.ingest.cleaning.html_lines import flatten, parse, where
from archive.ingest.cleaning.language import detect
from archive.ingest.cleaning.metadata import page_metadata
from archive.ingest.records import Caption, CleanArticle, Line, RawRecord

MAX_ELEMENTS = 25_000
"""Trafilatura's time grows faster than the page: 2.5 s at 25,000 elements. Larger pages are cut by blocks alone."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each page without a body as an error


def clean_html(record: RawRecord) -> CleanArticle:
    """The article in an HTML page; its `lines` are those of `html_lines(record.text)`."""
    tree = parse(record.text)
    found = page_metadata(tree, record)
    lines = flatten(tree)
    paragraphs, captions, ledger = _account(lines, story_text(tree), title=found.title)
    return CleanArticle(
        title=found.title,
        standfirst=found.standfirst,
        byline=found.byline,
        published=found.published,
        language=detect(" ".join(paragraphs[:6]) or found.title, found.language),
        section=found.section,
        canonical_url=found.canonical_url,
        paragraphs=paragraphs,
        captions=captions,
        lines=ledger,
        alternative_titles=found.alternative_titles,
        site_name=found.site_name,
    )


def clean_fragment(html: str) -> tuple[tuple[str, ...], tuple[Caption, ...], tuple[Line, ...]]:
    """Paragraphs, captions and ledger of a body field in HTML: all of it is the story but the captions."""
    lines = flatten(parse(html))
    return _account(lines, "\n".join(text for text, _ in lines), title="")


def story_text(tree: HtmlElement) -> str:
    """The text of the story as trafilatura sees it, empty where it sees none."""
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return _long_blocks(tree)
    try:
        text = trafilatura.extract(tree, include_comments=False, include_tables=True)
    except Exception:  # a library over hostile pages: any failure means "use the blocks"
        text = None
    return text or _long_blocks(tree)


def _long_blocks(tree: HtmlElement) -> str:
    """Paragraphs and long lines: the story of a page that trafilatura can make nothing of."""
    return "\n".join(
        text
        for text, block in flatten(tree)
        if (block.tag in ("p", "blockquote") and len(text) > 40) or len(text) > 120
    )


def _account(
    lines: Sequence[tuple[str, HtmlElement]], story: str, *, title: str
) -> tuple[tuple[str, ...], tuple[Caption, ...], tuple[Line, ...]]:
    kept = aligned([text for text, _ in lines], story)
    paragraphs: list[str] = []
    captions: list[Caption] = []
    ledger: list[Line] = []
    title_seen = False
    for number, ((text, block), keep) in enumerate(zip(lines, kept, strict=True), start=1):
        path, css_class = where(block)
        evidence = f"{path} ({css_class})" if css_class else path
        if "figcaption" in path:
            if all(caption.text != text for caption in captions):
                captions.append(Caption(text))
            ledger.append(Line(number, text, LinePlace.CAPTION, "figcaption", evidence))
        elif text == title and not paragraphs and not title_seen:
            title_seen = True
            ledger.append(Line(number, text, LinePlace.TITLE, "title", evidence))
        elif keep:
            paragraphs.append(text)
            ledger.append(Line(number, text, LinePlace.BODY))
        else:
            ledger.append(Line(number, text, LinePlace.REMOVED, "outside-the-story", evidence))
    return tuple(paragraphs), tuple(captions), tuple(ledger)
