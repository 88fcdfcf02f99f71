"""What the engines agree on: the fields of an index, how they weigh, and what of a document goes into each."""

from datetime import UTC, date, datetime

from archive.search.documents import IndexDocument
from archive.search.query import Keyword, TextField

ANALYSED = {TextField.TITLE: "title", TextField.ANYWHERE: "body", TextField.BYLINE: "byline", TextField.SAID: "said"}
"""Where a word is sought in its language's form (ANYWHERE: the body). Bylines are never stemmed."""
EXACT = {
    TextField.TITLE: "title_exact",
    TextField.ANYWHERE: "body_exact",
    TextField.BYLINE: "byline",
    TextField.SAID: "said_exact",
}
"""Where it is sought as written."""
STEMS_OF = {EXACT[place]: ANALYSED[place] for place in ANALYSED if EXACT[place] != ANALYSED[place]}
"""The field with the stems of each field of exact words."""
TEXT_FIELDS = ("title", "title_exact", "body", "body_exact", "byline", "said", "said_exact")
KEYWORDS = {keyword: keyword.value for keyword in Keyword}
DAY = "day"
"""Published on, as "19870301"; absent when unknown."""
MOMENT = "moment"
"""Published at, microseconds since 1970 UTC; what sorting goes by."""
UNKNOWN_MOMENT = -(2**63)
TITLE_BOOST = 0.7
"""On top of what the body scores: 0.5 to 1 is best on Reuters topics as queries and on TIME; 2 is worse on both."""
B, K1 = 0.9, 2.0
"""BM25F parameters (Robertson & Zaragoza 2009, §3.3): best on the odd queries of the TIME collection."""
FRESHNESS, HALF_LIFE = 0.25, 365.25 * 86_400 * 1_000_000
"""A quarter more for the newest, an eighth for what is a year older: it reorders what is about as relevant, no more."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fields_of(field: TextField) -> tuple[tuple[TextField, float], ...]:
    """The places where a word of a query's field is sought, with their boosts."""
    if field is TextField.ANYWHERE:
        return (TextField.TITLE, TITLE_BOOST), (TextField.ANYWHERE, 1.0)
    return ((field, 1.0),)


def moment_of(document: IndexDocument) -> int:
    """Microseconds since 1970 that a document is sorted by; a day without a time counts from its midnight UTC."""
    at = document.published_at
    if at is None:
        if document.published_on is None:
            return UNKNOWN_MOMENT
        at = datetime.combine(document.published_on, datetime.min.time(), UTC)
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day_of(document: IndexDocument) -> date | None:
    """The day a document is found under."""
    if document.published_on is None and document.published_at is not None:
        return document.published_at.astimezone(UTC).date()
    return document.published_on


def keywords_of(document: IndexDocument) -> dict[str, tuple[str, ...]]:
    """The exact values of a document by field, each once; empty values are no values."""
    values = {
        Keyword.SOURCE: (document.source,),
        Keyword.SECTION: (document.section,),
        Keyword.LANGUAGE: (document.language,),
        Keyword.PERSON: document.people,
        Keyword.ORGANISATION: document.organisations,
        Keyword.PLACE: document.places,
        Keyword.SPEAKER: document.speakers,
        Keyword.FLAG: document.flags,
    }
    return {KEYWORDS[field]: tuple(dict.fromkeys(filter(None, found))) for field, found in values.items()}
