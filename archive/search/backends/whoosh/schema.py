"""The fields of the Whoosh index. All are stock field types, so that plain Whoosh opens and searches the same index.

What goes into a field is decided in analysis.py and written in writing.py; no field is ever given raw text.
"""

from whoosh import columns, fields
from whoosh.analysis import SpaceSeparatedTokenizer

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
TEXT_FIELDS = ("title", "title_exact", "body", "body_exact", "byline", "said", "said_exact")
KEYWORDS = {keyword: keyword.value for keyword in Keyword}
DAY = "day"
"""Published on, as "19870301"; absent when unknown."""
MOMENT = "moment"
"""Published at, microseconds since 1970 UTC; what sorting goes by."""
UNKNOWN_MOMENT = -(2**63)
KEY = "key"
"""Stored: (article id, content hash)."""
TITLE_BOOST = 0.7
"""On top of what the body scores: 0.5 to 1 is best on Reuters topics as queries and on TIME; 2 is worse on both."""
B, K1 = 0.9, 2.0
"""BM25F parameters (Robertson & Zaragoza 2009, §3.3): best on the odd queries of the TIME collection."""


def fields_of(field: TextField) -> tuple[tuple[TextField, float], ...]:
    """The places where a word of a query's field is sought, with their boosts."""
    if field is TextField.ANYWHERE:
        return (TextField.TITLE, TITLE_BOOST), (TextField.ANYWHERE, 1.0)
    return ((field, 1.0),)


def schema() -> fields.Schema:
    """A fresh schema."""
    text = {name: fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True) for name in TEXT_FIELDS}
    keywords = {name: fields.ID() for name in KEYWORDS.values()}
    return fields.Schema(
        **text,
        **keywords,
        **{
            DAY: fields.ID(),
            MOMENT: fields.COLUMN(columns.NumericColumn("q", default=UNKNOWN_MOMENT)),
            KEY: fields.STORED(),
        },
    )
