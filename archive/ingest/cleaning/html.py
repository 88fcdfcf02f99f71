"""HTML pages to articles: every line of the page gets its place, with the rule and where on the page it stood.

From text only, never from the network. `story.py` finds the story, `metadata.py` what the page says about itself.
"""

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from archive.choices import LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning import blocks
from archive.ingest.cleaning.alignment import same_words
from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.captions import CREDITED, captions_of
from archive.ingest.cleaning.chain import run_chain
from archive.ingest.cleaning.date_lines import date_of_lines
from archive.ingest.cleaning.dates import crawl_date
from archive.ingest.cleaning.html_lines import TreeLine, drop_unseen, flatten, parse, where
from archive.ingest.cleaning.language import detect
from archive.ingest.cleaning.metadata import PageMetadata, page_metadata
from archive.ingest.cleaning.page import NO_HINTS, Hints, Page
from archive.ingest.cleaning.page_gaps import guessed_date, guessed_names
from archive.ingest.cleaning.story import story_lines
from archive.ingest.records import Caption, CleanArticle, Line, RawRecord

_NEAR = 12  # lines around the story in which a caption is the story's
_HEAD_WORDS = 60  # a repeated title or a standfirst stands before so many words of story


def clean_html(record: RawRecord) -> CleanArticle:
    """The article in an HTML page; its `lines` are those of `html_lines(record.text)`.

    Raises RecordError "no-body" where no line of the page is the story.
    """
    tree = parse(record.text)
    found = page_metadata(tree, record)
    drop_unseen(tree)
    elements = list(tree.iter())  # held, or lxml makes the same elements' objects again and again
    lines = flatten(tree)
    hints = Hints(title=found.title, standfirst=found.standfirst, extracted=True)
    places = _through_chain(_places(tree, len(elements), lines, found), hints)
    paragraphs = tuple(line.text for line in places if line.place == LinePlace.BODY)
    if not paragraphs:
        raise RecordError("no-body", "no part of this page is an article's text; look at its source if there should be")
    published = found.published
    if published is None or published.value is None:
        dates = (line.text for line in places if line.place == LinePlace.DATE)
        said = date_of_lines(dates, crawl_date(record.crawled))
        published = (said if said and said.value else None) or guessed_date(tree) or published or said
    byline = found.byline or split_byline(line.text for line in places if line.place == LinePlace.BYLINE)
    standfirst = next((line.text for line in places if line.place == LinePlace.STANDFIRST), "")
    return CleanArticle(
        title=found.title,
        standfirst=standfirst or found.standfirst,
        byline=byline or guessed_names(tree),
        published=published,
        language=detect(" ".join(paragraphs[:6]) or found.title, found.language),
        section=found.section,
        canonical_url=found.canonical_url,
        paragraphs=paragraphs,
        captions=_captions(places),
        lines=tuple(places),
        alternative_titles=found.alternative_titles,
        tags=found.tags,
        site_name=found.site_name,
    )


def clean_fragment(html: str, hints: Hints) -> CleanArticle:
    """The body field of a structured record in HTML: all of it is the story but captions and what the chain cuts."""
    ledger = [
        Line(number, line.text, LinePlace.CAPTION, "caption", _evidence(line))
        if blocks.is_caption(line)
        else Line(number, line.text, LinePlace.BODY)
        for number, line in enumerate(flatten(parse(html)), start=1)
    ]
    places = _through_chain(ledger, hints)
    paragraphs = tuple(line.text for line in places if line.place == LinePlace.BODY)
    return CleanArticle(paragraphs=paragraphs, captions=_captions(places), lines=tuple(places))


def _captions(places: Sequence[Line]) -> tuple[Caption, ...]:
    """The captions of a ledger, each once (pages repeat them for small screens), with their credits."""
    texts: list[str] = []
    before = 0
    for line in places:
        if line.place == LinePlace.CAPTION:
            texts += [line.text] if line.number == before + 1 else ["–", line.text]
            before = line.number
    page = Page(texts, NO_HINTS)
    for checked in page.lines:
        if checked.text != "–":
            checked.decide(LinePlace.CAPTION, "caption")
    captions = tuple(dict.fromkeys(captions_of(page)))
    # The picture's own text beside the caption below it, which says the same and adds the credit.
    return tuple(
        one for one in captions if not any(one != other and other.text.startswith(one.text) for other in captions)
    )


def _places(tree: HtmlElement, size: int, lines: Sequence[TreeLine], found: PageMetadata) -> list[Line]:
    """A place for every line of the page, with the rule that decided and where on the page the line stood."""
    kept, only_in_data = story_lines(tree, size, lines, found.article_body)
    makes = blocks.main_makes(lines, kept)
    furniture = blocks.furniture(lines, kept)
    titles = [title for title in (found.title, *found.alternative_titles) if title]
    places: list[Line] = []
    words_before, title_seen = 0, False
    numbers = [number for number, keep in enumerate(kept, start=1) if keep]
    first, last = (numbers[0] - _NEAR, numbers[-1] + _NEAR) if numbers else (0, 0)
    marks = zip(lines, kept, furniture, blocks.link_lines(lines, kept), strict=True)
    for number, (line, keep, word, link) in enumerate(marks, start=1):
        place, rule = LinePlace.BODY, ""
        in_head = words_before < _HEAD_WORDS
        if in_head and any(same_words(line.text, title) for title in titles):
            place, rule = (LinePlace.REMOVED, "title-repeated") if title_seen else (LinePlace.TITLE, "title")
            title_seen = True
        elif blocks.is_caption(line) and (keep or first <= number <= last):
            place, rule = LinePlace.CAPTION, "caption"
        elif not keep:
            place, rule = LinePlace.REMOVED, "outside-the-story"
        elif link:
            place, rule = LinePlace.REMOVED, "link-line"
        elif word:
            place, rule = LinePlace.REMOVED, "page-furniture"
        elif in_head and _is_standfirst(line, found.standfirst, makes):
            place, rule = LinePlace.STANDFIRST, "standfirst"
        else:
            words_before += line.text.count(" ") + 1
        places.append(Line(number, line.text, place, rule, _evidence(line) if rule else ""))
    if only_in_data:
        places = [
            replace(line, place=LinePlace.REMOVED, rule="in-page-data") if line.place == LinePlace.BODY else line
            for line in places
        ]
        places += [
            Line(number, text, LinePlace.BODY, "page-data", "JSON-LD articleBody")
            for number, text in enumerate(only_in_data, start=len(lines) + 1)
        ]
    return places


def _through_chain(places: Sequence[Line], hints: Hints) -> list[Line]:
    """Run the chain of page text over the lines that are still body: furniture inside the story has no tags."""
    body = [line for line in places if line.place == LinePlace.BODY]
    page = Page([line.text for line in body], hints)
    run_chain(page)
    credited = [line for line in page.lines if line.rule == CREDITED.name]
    if sum(line.words for line in credited) > 0.2 * sum(line.words for line in page.lines):
        for each in credited:  # paragraphs that end in brackets: sources, not photographers
            each.decide(LinePlace.BODY, "")
    parts: dict[int, list[Line]] = {}
    for checked in page.lines:
        line = body[checked.number - 1]
        parts[line.number] = [
            replace(part, number=line.number, rule=part.rule or line.rule, reason=part.reason or line.reason)
            for part in checked.parts()
        ]
    return [part for line in places for part in parts.get(line.number, [line])]


def _is_standfirst(line: TreeLine, standfirst: str, makes: set[blocks.Make]) -> bool:
    """Whether the line repeats the page's description and stands in the head, not among the story's paragraphs."""
    return (
        bool(standfirst)
        and line.text.count(" ") > 3
        and same_words(line.text, standfirst)
        and blocks.may_be_standfirst(line)
        and not blocks.is_main(line, makes)
    )


def _evidence(line: TreeLine) -> str:
    path, css_class = where(line.element)
    return f"{path} ({css_class})" if css_class else path
