"""What readers type and what it means; whatever they type, it means something."""

from datetime import date

import pytest
from hypothesis import given, settings

from archive.choices import EntityKind
from archive.search.describe import describe, to_text
from archive.search.parser import parse
from archive.search.query import (
    And,
    Dated,
    Everything,
    Fuzzy,
    Keyword,
    KeywordIn,
    Named,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    TextField,
    Word,
)
from tests.search.queries import query_texts

TODAY = date(2026, 3, 15)
OIL, PRICE, TAX = Word("oil"), Word("price"), Word("tax")
BAKER = Named(EntityKind.PERSON, "James Baker")


def root(text: str) -> Node:
    return parse(text, today=TODAY).root


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", Everything()),
        ("oil", OIL),
        ("oil price", And((OIL, PRICE))),
        ("oil AND price", And((OIL, PRICE))),
        ("oil or price", Or((OIL, PRICE))),
        ("oil price OR tax", Or((And((OIL, PRICE)), TAX))),
        ("oil (price or tax)", And((OIL, Or((PRICE, TAX))))),
        ("oil NOT price", And((OIL, Not(PRICE)))),
        ("oil not price", And((OIL, Not(PRICE)))),
        ("did not", And((Word("did"), Word("not")))),
        ("did NOT price", And((Word("did"), Not(PRICE)))),
        ("oil -price", And((OIL, Not(PRICE)))),
        ('oil -"price tax"', And((OIL, Not(Phrase(("price", "tax")))))),
        ("oil -(price tax)", And((OIL, Not(And((PRICE, TAX)))))),
        ("NOT NOT oil", OIL),
        ("oil oil", OIL),
        ("co-operation", Word("co-operation")),
        ('"oil price"', Phrase(("oil", "price"))),
        ('="oil price"', Phrase(("oil", "price"), exact=True)),
        ("“oil price”", Phrase(("oil", "price"))),
        ("„oil price“", Phrase(("oil", "price"))),
        ("«oil price»", Phrase(("oil", "price"))),
        ('"oil price', Phrase(("oil", "price"))),
        ('"oil"', OIL),
        ('"oil price"~5', Phrase(("oil", "price"), 5)),
        ("oil near/5 price", Near(OIL, PRICE, 5)),
        ("oil w/5 price", Near(OIL, PRICE, 5)),
        ("oil adj3 price", Near(OIL, PRICE, 3)),
        ("oil NEAR3 price", Near(OIL, PRICE, 3)),
        ('oil near/5 "price tax"', Near(OIL, Phrase(("price", "tax")), 5)),
        ("oil near/5 (price OR tax)", Or((Near(OIL, PRICE, 5), Near(OIL, TAX, 5)))),
        ('(oil OR "price tax") w/2 tax', Or((Near(OIL, TAX, 2), Near(Phrase(("price", "tax")), TAX, 2)))),
        ("near misses", And((Word("near"), Word("misses")))),
        ("econom*", Prefix("econom")),
        ("volker~", Fuzzy("volker")),
        ("volker~2", Fuzzy("volker", 2)),
        ("=prices", Word("prices", exact=True)),
        ("title:oil", Word("oil", TextField.TITLE)),
        ("headline:oil", Word("oil", TextField.TITLE)),
        ("title:(oil tax)", And((Word("oil", TextField.TITLE), Word("tax", TextField.TITLE)))),
        ("title:-oil", Not(Word("oil", TextField.TITLE))),
        ("-title:oil", Not(Word("oil", TextField.TITLE))),
        ('said:"target zone"', Phrase(("target", "zone"), 0, TextField.SAID)),
        ('person:"James Baker"', BAKER),
        ("person:(James Baker)", BAKER),
        ("person:(James Baker OR Volcker)", Or((BAKER, Named(EntityKind.PERSON, "Volcker")))),
        ('person:(James Baker "")', BAKER),
        ("person:-Volcker", Not(Named(EntityKind.PERSON, "Volcker"))),
        ('speaker:"James Baker"', Named(EntityKind.PERSON, "James Baker", speaks=True)),
        ("org:OPEC", Named(EntityKind.ORGANISATION, "OPEC")),
        ("organisation:OPEC", Named(EntityKind.ORGANISATION, "OPEC")),
        ("PLACE:Tokyo", Named(EntityKind.PLACE, "Tokyo")),
        ("source:reuters", KeywordIn(Keyword.SOURCE, ("reuters",))),
        ("lang:de", KeywordIn(Keyword.LANGUAGE, ("de",))),
        ("has:versions", KeywordIn(Keyword.FLAG, ("versions",))),
        ("is:headline-only", KeywordIn(Keyword.FLAG, ("headline-only",))),
        ("changed:headline", KeywordIn(Keyword.FLAG, ("changed-headline",))),
        ("date:unknown", KeywordIn(Keyword.FLAG, ("date-unknown",))),
        ("date:1987", Dated(date(1987, 1, 1), date(1987, 12, 31))),
        ("date:1988-02", Dated(date(1988, 2, 1), date(1988, 2, 29))),
        ("date:1987-03-15", Dated(date(1987, 3, 15), date(1987, 3, 15))),
        ("date:1987-03..1987-06", Dated(date(1987, 3, 1), date(1987, 6, 30))),
        ("date:1987-06..1987-03", Dated(date(1987, 3, 1), date(1987, 6, 30))),
        ("date:1987..", Dated(date(1987, 1, 1), None)),
        ("date:last-30-days", Dated(date(2026, 2, 14), TODAY)),
        ('date:"last 30 days"', Dated(date(2026, 2, 14), TODAY)),
        ("date:last-week", Dated(date(2026, 3, 9), TODAY)),
        ("after:1987-03", Dated(date(1987, 3, 1), None)),
        ("before:1987-03", Dated(None, date(1987, 3, 31))),
    ],
)
def test_a_query_means_what_the_table_says(text: str, meaning: Node) -> None:
    query = parse(text, today=TODAY)
    assert query.root == meaning
    assert query.notes == ()


@pytest.mark.parametrize(
    ("text", "meaning", "note"),
    [
        ("oil (price", And((OIL, PRICE)), "not closed"),
        ("oil) price", And((OIL, PRICE)), "closing parenthesis"),
        ("OR oil", OIL, "both sides"),
        ("oil NOT", OIL, "NOT needs"),
        ("oil near/5", OIL, "needs words"),
        ("subject:oil", And((Word("subject"), OIL)), "no field"),
        ("oil near/5 (price tax)", And((OIL, PRICE, TAX)), "needs words or phrases on both sides"),
        ("oil near/5 (price OR -tax)", And((OIL, Or((PRICE, Not(TAX))))), "needs words or phrases on both sides"),
        ("oil~3", Fuzzy("oil", 2), "“oil~3”: one or 2 letters can be other; searched 2."),
        ("title:", Word("title"), ""),
        ("date:soon", Word("soon"), "was not understood"),
        ("is:nice", Word("nice"), "was not understood"),
        ("p*", Word("p"), "a star needs"),
        ("pr*ce", And((Word("pr"), Word("ce"))), "a star works"),
        ("* oil", OIL, "no word"),
        ("?!", Nothing(), "no word to search"),
        ("()", Nothing(), "no word to search"),
    ],
)
def test_what_is_not_understood_is_searched_as_words_and_said(text: str, meaning: Node, note: str) -> None:
    query = parse(text, today=TODAY)
    assert query.root == meaning
    assert note in " ".join(query.notes)


def test_a_query_too_long_is_searched_by_its_beginning() -> None:
    assert "first 2,000 characters" in parse("x" * 5_000).notes[0]
    assert "first 200 words" in parse("ab " * 500).notes[0]


def test_parentheses_too_deep_are_ignored() -> None:
    query = parse("(" * 199 + "oil")
    assert query.root == OIL
    assert any("20 deep" in note for note in query.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("oil price", "oil AND price, in titles and text"),
        (
            'oil price person:"James Baker" date:1987-03',
            "oil AND price, in titles and text; person James Baker; March 1987",
        ),
        ("oil -(price OR tax)", "oil AND NOT (price OR tax), in titles and text"),
        ("title:oil", "oil in titles"),
        ("volker~", "words spelt nearly like “volker” (1 letter other at most), in titles and text"),
        ("title:volker~2", "words spelt nearly like “volker” (2 letters other at most) in titles"),
        ("", "every article"),
        ("date:1987-01..1988-12", "1987 to 1988"),
        ("-person:Volcker", "NOT person Volcker"),
        ("oil near/3 price", "oil within 3 words of price, in titles and text"),
    ],
)
def test_a_query_says_itself_in_words(text: str, words: str) -> None:
    assert describe(root(text)) == words


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("oil   AND “crude price” ", 'oil "crude price"'),
        ("oil or gas", "oil OR gas"),
        ("date:1987-03-01..1987-03-31", "date:1987-03"),
        ("date:1987-01-01..1987-12-31", "date:1987"),
        ("person:baker", 'person:"baker"'),
        ("title:(oil or -gas)", "title:oil OR NOT title:gas"),
    ],
)
def test_the_canonical_text_is_the_shortest_way_to_type_a_query(text: str, canonical: str) -> None:
    assert to_text(root(text)) == canonical


@given(query_texts)
@settings(max_examples=600, deadline=None)
def test_the_canonical_text_parses_to_the_same_query(text: str) -> None:
    first = parse(text, today=TODAY)
    canonical = to_text(first.root)
    assert parse(canonical, today=TODAY).root == first.root, canonical
    assert describe(first.root)


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("talks between Portugal and the U.S .", True),
        ("what is the “hot line” proposal", True),
        ("oil AND gas AND tax AND price", False),
        ("oil prices in Kuwait AND Iraq", False),
        ("(oil OR gas) in the gulf", False),
        ("oil price -tax", False),
        ("the price of oil near/3 gas", False),
        ("title:oil the price of it", False),
        ("the price of =oil", False),
    ],
)
def test_a_sentence_is_told_from_a_search_with_operators(text: str, is_plain: bool) -> None:
    assert parse(text).is_plain is is_plain
