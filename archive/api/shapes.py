"""The shapes of what the API answers. Names are kept: fields may be added, never renamed or removed."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

Kind = Literal["person", "organisation", "place"]


class SourceRef(Schema):
    slug: str
    name: str


class Brief(Schema):
    """An article as lists show it."""

    id: int = Field(description="Never changes.")
    url: str = Field(description="The article's page.")
    source: SourceRef
    external_id: str = Field(description="The source's own name for it; empty where it gave none.")
    original_url: str = Field(description="Where it was published; empty where that is not known.")
    title: str
    standfirst: str
    byline: list[str]
    published_at: datetime | None
    published_on: date | None = Field(description="The day in the article's own time zone.")
    date_precision: str = Field(description="How much of the date the evidence says: time, day, month, year.")
    language: str
    section: str
    word_count: int
    is_headline_only: bool
    version: int = Field(description="Counts from 1; earlier ones are under /versions.")
    updated_at: datetime = Field(description="When the archive last changed it.")


class Caption(Schema):
    text: str
    credit: str


class DateEvidence(Schema):
    """What the date was read from."""

    raw: str
    rule: str
    confidence: float | None
    zone: str


class AlsoIn(Schema):
    """The same text in another place."""

    source: SourceRef
    title: str
    original_url: str
    published_at: datetime | None


class Article(Brief):
    """An article whole."""

    alternative_titles: list[str]
    tags: list[str]
    body: list[str] = Field(description="Paragraphs; the address of the nth is the page's #pn.")
    captions: list[Caption]
    date_evidence: DateEvidence
    also_in: list[AlsoIn]


class Span(Schema):
    start: int = Field(description="Code points into the title and paragraphs, joined by blank lines.")
    end: int
    text: str


class NameRef(Schema):
    kind: Kind
    slug: str
    name: str
    url: str = Field(description="The name's page.")


class NameInArticle(NameRef):
    mentions: list[Span]


class NamesInArticle(Schema):
    items: list[NameInArticle]


class Version(Schema):
    """A text that an article had until it was replaced."""

    number: int
    title: str
    standfirst: str
    byline: list[str]
    body: list[str]
    published_at: datetime | None
    replaced_at: datetime
    url: str = Field(description="The page that shows what the next version changed.")


class Provenance(Schema):
    """From an article back to its bytes."""

    dump: str = Field(description="The dump's file name.")
    sha256: str = Field(description="Of the dump.")
    member: str = Field(description="The file inside the dump; empty where the dump is no container.")
    record: int
    line: int | None
    offset: int | None = Field(description="Of the record's first byte.")
    length: int | None
    kind: str
    run: int | None = Field(description="The ingest run that brought it.")


class LedgerLine(Schema):
    line: int = Field(description="Counts from 1 in the raw text.")
    text: str
    place: str = Field(description="Where it went: title, standfirst, byline, date, body, caption or removed.")
    rule: str
    reason: str
    is_removed: bool


class Ledger(Schema):
    """Every line that is not blank is here once: kept, or removed by a named rule."""

    items: list[LedgerLine]


class Name(NameRef):
    """A person, organisation or place."""

    article_count: int
    mention_count: int


class NameWhole(Name):
    aliases: list[str]


class Quote(Schema):
    text: str
    start: int
    end: int
    article: Brief


class Source(SourceRef):
    domain: str
    url: str = Field(description="The source's page.")
    article_count: int


class Run(Schema):
    id: int
    dump: str | None
    sha256: str | None
    status: str
    reason: str
    read: int
    stored: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Found(Schema):
    """A hit: the article, why it ranks where it does, and the passage that answers."""

    article: Brief
    score: float = Field(description="BM25F; 0 for readers from whom some source is kept.")
    title_html: str = Field(description="Escaped, the words that match in <mark>.")
    snippet: str = Field(description="Escaped, the words that match in <mark>.")


class FacetValue(Schema):
    value: str = Field(description="What the parameter of the facet's name takes.")
    label: str
    count: int


class Facet(Schema):
    name: str
    values: list[FacetValue]


class SearchAnswer(Schema):
    """What the search page says, for programs."""

    query: str
    canonical: str
    understood_as: str
    total: int
    sort: str
    generation: str = Field(description="Names the state of the index: equal ones give equal answers.")
    notes: list[str]
    also_searched: list[str]
    suggestion: str | None
    items: list[Found]
    facets: list[Facet]
    next: str | None = Field(description="The next page; null: this is the last.")


class Page(Schema):
    next: str | None = Field(description="The next page; null: this is the last.")


class Articles(Page):
    items: list[Brief]


class Versions(Page):
    items: list[Version]


class Names(Page):
    items: list[Name]


class Quotes(Page):
    items: list[Quote]


class Sources(Page):
    items: list[Source]


class Runs(Page):
    items: list[Run]
