"""The query language as a table: what docs/query-language.md and the help page are made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """One thing a reader can type; `example` is a query that works as it stands."""

    syntax: str
    example: str
    meaning: str


LANGUAGE: tuple[Operator, ...] = (
    Operator("word word", "oil price", "articles with all of the words, in any form: price finds prices"),
    Operator('"a phrase"', '"oil price"', "the words one after another; straight or curly quotation marks"),
    Operator('"a phrase"~N', '"oil rose"~3', "the words in order with up to N others in between"),
    Operator("OR", "oil OR gas", "either of the two; capitals do not matter"),
    Operator("NOT, -", "oil NOT crude", "articles without the word; -crude says the same"),
    Operator("AND", "oil AND price", "said or not, it is the rule; said, a long query is never widened"),
    Operator("( )", "oil (price OR tax)", "keeps alternatives together"),
    Operator(
        "near/N, w/N",
        "oil near/5 embargo",
        "both sides within N words of each other, in any order; adj5 and near5 too; a side may be (price OR tax)",
    ),
    Operator("word*", "econom*", "words that begin so; at least two letters before the star"),
    Operator("word~", "volker~", "words spelt nearly like it: one letter other, more or less; volker~2 for two"),
    Operator("=word", "=prices", "the word exactly as written, in no other form"),
    Operator('="a b"', '="Uygur people"', "the phrase as it is spelt, without other spellings of the names in it"),
    Operator("title:", "title:oil", "in headlines; title:(oil tax) for several words"),
    Operator("byline:", "byline:smith", "in the names of the authors"),
    Operator("said:", 'said:"target zone"', "in what somebody is quoted as saying"),
    Operator("person:", 'person:"James Baker"', "articles that name the person, by any of the person's names"),
    Operator("org:", 'org:"World Bank"', "articles that name the organisation"),
    Operator("place:", "place:Tokyo", "articles that name the place"),
    Operator("speaker:", 'speaker:"James Baker"', "articles that quote the person"),
    Operator("source:", "source:reuters", "articles of one publisher"),
    Operator("section:", "section:business", "articles of one section"),
    Operator("lang:", "lang:en", "articles in a language, by its two-letter code or its name: lang:german"),
    Operator("date:", "date:1987-03", "published on a day, in a month or a year"),
    Operator("date:A..B", "date:1987-03..1987-06", "published from A to B; either may be left out"),
    Operator("date:last-N-days", "date:last-30-days", "published in the last days, weeks, months or years"),
    Operator("date:unknown", "date:unknown", "articles whose date is not known"),
    Operator("after:", "after:1987-03-15", "published on that day or later"),
    Operator("before:", "before:1987-03-15", "published on that day or earlier"),
    Operator("has:versions", "has:versions", "articles of which an earlier text is kept"),
    Operator("changed:headline", "changed:headline", "articles whose headline was changed"),
    Operator("is:headline-only", "is:headline-only", "headlines without a text"),
)


def markdown() -> str:
    """The table as docs/query-language.md carries it."""
    rows = [("type", "to find", "for example"), ("---", "---", "---")]
    rows += [(f"`{one.syntax}`", one.meaning, f"`{one.example}`") for one in LANGUAGE]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
