"""Which lines of a page are the story: trafilatura's answer, checked against the page and the publisher's own data."""

import logging
import re
from collections.abc import Sequence

import trafilatura
from lxml.html import HtmlElement

from archive.ingest.cleaning import blocks
from archive.ingest.cleaning.alignment import aligned, share_within, words
from archive.ingest.cleaning.html_lines import TreeLine, flatten, parse

MAX_ELEMENTS = 25_000
"""Trafilatura's time grows faster than the page: 2.5 s at 25,000 elements. Larger pages are cut by blocks alone."""

_THIN = 0.4  # of the page's prose; what an extractor takes of a page with a long foot of teasers is more
_LONGER = 1.3

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each page without a body as an error


def story_lines(
    tree: HtmlElement, size: int, lines: Sequence[TreeLine], article_body: str
) -> tuple[list[bool], tuple[str, ...]]:
    """For each line whether it is the story's, and paragraphs that stand only in `article_body` (JSON-LD's).

    `size` is the number of elements in the tree.
    The quick extraction is right on most pages; where it takes little of the page's prose the thorough one is asked.
    """
    texts = [line.text for line in lines]
    kept = blocks.alike(lines, aligned(texts, _extract(tree, size, fast=True)))
    prose = _prose_words(lines)
    if _words(lines, kept) < _THIN * prose:
        thorough = blocks.alike(lines, aligned(texts, _extract(tree, size, fast=False)))
        if _words(lines, thorough) > 1.5 * _THIN * prose:
            kept = thorough
    if not any(kept):
        kept = _long_blocks(lines)
    return _with_article_body(lines, kept, article_body)


def _with_article_body(
    lines: Sequence[TreeLine], kept: list[bool], article_body: str
) -> tuple[list[bool], tuple[str, ...]]:
    """The publisher's own text instead, where it is longer than what was found and holds most of that."""
    if not article_body or len(words(article_body)) < _LONGER * _words(lines, kept):
        return kept, ()
    found = " ".join(line.text for line, keep in zip(lines, kept, strict=True) if keep)
    if share_within(found, article_body) < 0.7:
        return kept, ()
    if "</" in article_body:
        paragraphs = tuple(line.text for line in flatten(parse(article_body)))
    else:
        paragraphs = tuple(part for line in re.split(r"[\r\n]+", article_body) if (part := " ".join(line.split())))
    on_page = aligned([line.text for line in lines], "\n".join(paragraphs))
    if _words(lines, on_page) >= 0.9 * len(words(article_body)):
        return on_page, ()
    return on_page, paragraphs


def _extract(tree: HtmlElement, size: int, *, fast: bool) -> str:
    if size > MAX_ELEMENTS:
        return ""
    try:
        return trafilatura.extract(tree, include_comments=False, fast=fast) or ""
    except Exception:  # a library over hostile pages: any failure means that it found nothing
        return ""


def _long_blocks(lines: Sequence[TreeLine]) -> list[bool]:
    """Which lines are paragraphs or long: the story of a page that is too large or too odd for the extractor."""
    return [(line.element.tag in ("p", "blockquote") and len(line.text) > 40) or len(line.text) > 120 for line in lines]


def _words(lines: Sequence[TreeLine], kept: Sequence[bool]) -> int:
    return sum(line.text.count(" ") + 1 for line, keep in zip(lines, kept, strict=True) if keep)


def _prose_words(lines: Sequence[TreeLine]) -> int:
    """Words in lines of twenty and more that are neither links nor furniture."""
    return sum(
        count
        for line in lines
        if (count := line.text.count(" ") + 1) > 20
        and line.link_share < 0.3
        and not blocks.furniture_word(line.element)
    )
