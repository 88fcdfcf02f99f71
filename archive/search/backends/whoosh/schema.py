"""The fields of the Whoosh index. All are stock field types, so that plain Whoosh opens and searches the same index.

What goes into a field is decided in analysis.py and written in writing.py; no field is ever given raw text.
"""

from whoosh import columns, fields
from whoosh.analysis import SpaceSeparatedTokenizer

from archive.search.backends.shape import DAY, KEYWORDS, MOMENT, TEXT_FIELDS, UNKNOWN_MOMENT

FAMILY = "family"
"""The first article of its family, 0 for none."""
FAMILY_COLUMN = columns.NumericColumn("q", default=0)
KEY = "key"
"""Stored: (article id, content hash)."""


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
            FAMILY: fields.COLUMN(FAMILY_COLUMN),
            KEY: fields.STORED(),
        },
    )
