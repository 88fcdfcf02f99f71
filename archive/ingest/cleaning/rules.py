"""Every rule whose name may stand in a ledger, with what it does in an editor's words, for every kind of record."""

from archive.ingest.cleaning.chain import RULES as CHAIN_RULES
from archive.ingest.cleaning.page import Rule

PAGE_RULES = (
    Rule("outside-the-story", "A line of an HTML page that stands outside the part in which the story is."),
    Rule("link-line", "A line inside the story of an HTML page that is nothing but a link to another page."),
    Rule(
        "page-furniture", "A box inside the story that its tag or class calls what it is: newsletter, share bar, promo."
    ),
    Rule("caption", "A picture's caption, known by its tag or class."),
    Rule("in-page-data", "A line of a story that stops at a wall; the publisher's own data hold the whole story."),
    Rule("page-data", "A paragraph that stands only in the publisher's own data (JSON-LD) for the page."),
)

REPEATED = Rule("repeated-in-source", "A line that stands in many articles of the same source.")
"""Decided by `ingest/habits.py`, once the article is cleaned and its source known."""

RECORD_RULES = (
    Rule("control-characters", "A line of a structured record with nothing on it that could be printed."),
    Rule("wire-sign-off", "The agency's name with which a wire ends its story."),
)

EDITORS_RULES = (
    Rule("source-rule", "A line that editors cut from every article of its source; the number says which rule it is."),
    Rule("source-keep", "A line that editors keep in every article of its source, whatever the other rules say."),
    Rule("cut-by-hand", "A line that an editor took out of this article."),
    Rule("restored-by-hand", "A line that an editor put back into this article."),
)

ALL_RULES: tuple[Rule, ...] = (*CHAIN_RULES, REPEATED, *PAGE_RULES, *RECORD_RULES, *EDITORS_RULES)
"""In the order of the chain, then what goes by a source's other articles, those that know tags, those of structured
records, and what people decided.

Names are unique; those of rules of one source go on with a number ("source-rule-12").
"""
