"""Flattened page text to a clean article: lines in, and out of the chain a place for every one of them."""

from collections.abc import Sequence

from archive.choices import LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning.captions import captions_of
from archive.ingest.cleaning.chain import run_chain
from archive.ingest.cleaning.date_lines import date_of_lines
from archive.ingest.cleaning.dates import crawl_date
from archive.ingest.cleaning.english import is_plainly_english
from archive.ingest.cleaning.page import NO_HINTS, Hints, Page
from archive.ingest.cleaning.stamps import byline_names
from archive.ingest.records import CleanArticle, RawRecord


def clean_lines(lines: Sequence[str], hints: Hints = NO_HINTS) -> CleanArticle:
    """Run the chain over lines of text (blank ones included, so that line numbers count from 1 in the raw text).

    Returns an article whose `lines` account for every non-blank line. It may have no paragraphs: whether that is an
    error is for the caller to say.
    """
    page = Page(lines, hints)
    run_chain(page)
    return _article_of(page)


def clean_page_text(record: RawRecord) -> CleanArticle:
    """Clean one flattened page. Raises RecordError "no-body" where no line of it is body."""
    article = clean_lines(record.text.splitlines(), Hints(crawled=crawl_date(record.crawled)))
    if not article.paragraphs:
        reason = "no line of this page is article text; if one should be, restore it from the raw record"
        raise RecordError("no-body", reason)
    return article


def _article_of(page: Page) -> CleanArticle:
    ledger = [part for line in page.lines for part in line.parts()]
    titles = [line.text for line in page.lines if line.place == LinePlace.TITLE]
    names = [
        name
        for line in page.lines
        if line.place == LinePlace.BYLINE
        for name in byline_names(line.plain, line.words, near_title=True) or ()
    ]
    paragraphs = tuple(line.text for line in page.lines if line.place in (None, LinePlace.BODY))
    return CleanArticle(
        title=titles[0] if titles else page.hints.title,
        standfirst=" ".join(line.text for line in page.lines if line.place == LinePlace.STANDFIRST),
        byline=tuple(dict.fromkeys(names)),
        published=date_of_lines(
            (each.plain for each in page.lines if each.place == LinePlace.DATE), page.hints.crawled
        ),
        language=language_of(" ".join(paragraphs[:6])),
        paragraphs=paragraphs,
        captions=captions_of(page),
        lines=tuple(ledger),
    )


def language_of(text: str) -> str:
    """ISO 639-1 code; plain English is seen without loading the language model."""
    if is_plainly_english(text):
        return "en"
    from archive.ingest.cleaning.language import detect

    return detect(text)
