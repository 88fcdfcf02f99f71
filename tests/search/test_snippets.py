"""Passages and marks: nothing that matches is missed, nothing unescaped gets through."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.query import Phrase, Word
from archive.search.snippets import MAX_CHARACTERS, Highlighter, may_hold

ENDINGS = (
    "",
    "s",
    "es",
    "ed",
    "ing",
    "ings",
    "er",
    "ly",
    "ies",
    "y",
    "ation",
    "ational",
    "ness",
    "fulness",
    "ibility",
    "iveness",
)
STEMS = (
    "oil",
    "happ",
    "tr",
    "tie",
    "die",
    "fil",
    "hop",
    "fizz",
    "siz",
    "relat",
    "hesitanc",
    "sens",
    "dy",
    "cr",
    "O'Brien",
    "co-operat",
    "U.S.",
    "1,000",
)


@given(st.sampled_from(STEMS), st.sampled_from(ENDINGS), st.sampled_from(ENDINGS))
@settings(max_examples=2_000, deadline=None)
def test_the_sieve_lets_every_matching_word_through(stem: str, typed: str, written: str) -> None:
    backend = WhooshBackend("unused")
    forms = backend.matched_forms(Word(stem + typed))["body"]
    text = f"Before “{stem + written}” and after"
    if any(term in forms for term, _, _ in backend.analyse(text, "en")):
        assert may_hold(text, forms)


def test_the_sieve_keeps_back_what_cannot_match() -> None:
    assert not may_hold("The price of wheat", {"oil", "miner"})
    assert may_hold("Zażółć", {"oil"})


@pytest.fixture
def marker(tmp_path: Path) -> Highlighter:
    backend = WhooshBackend(str(tmp_path))
    root = Phrase(("oil", "price"))
    return Highlighter(backend.analyse, backend.matched_forms(root))


def test_the_passage_with_most_of_the_words_is_shown(marker: Highlighter) -> None:
    paragraphs = ["Only oil here.", "Here the price of oil is named.", "Nothing."]
    assert marker.passage(paragraphs, "en").html == "Here the <mark>price</mark> of <mark>oil</mark> is named."


def test_words_that_stand_apart_are_shown_from_both_places(marker: Highlighter) -> None:
    both = "A barrel of <mark>oil</mark>. … Its <mark>price</mark>."
    found = marker.passage(["Filler.", "A barrel of oil.", "Filler.", "Its price."], "en")
    assert (found.html, found.number) == (both, 1)
    far = "He spoke of oil at length. " + "Filler words here. " * 40 + "In the end the prices fell." + " More." * 40
    html = marker.passage([far], "en").html
    assert html.startswith("He spoke of <mark>oil</mark> at length.")
    assert " … " in html
    assert "the <mark>prices</mark> fell." in html
    assert len(html) < MAX_CHARACTERS + 100


def test_two_forms_of_one_word_are_not_two_words(marker: Highlighter) -> None:
    assert marker.passage(["Its price.", "Two prices."], "en").html == "Its <mark>price</mark>."


def test_without_a_match_the_text_begins_as_it_does(marker: Highlighter) -> None:
    assert marker.passage(["", "Nothing <b>at</b> all."], "en").html == "Nothing &lt;b&gt;at&lt;/b&gt; all."
    assert marker.passage([], "en").html == ""
    assert len(marker.passage(["石" * 900], "zh").html) == MAX_CHARACTERS + 2


@given(st.lists(st.text("oil prce<>&\"' \n…é", max_size=400), max_size=4))
@settings(max_examples=300, deadline=None)
def test_marks_change_nothing_of_the_text(paragraphs: list[str]) -> None:
    backend = WhooshBackend("unused")
    marker = Highlighter(backend.analyse, backend.matched_forms(Word("oil")))
    html = marker.passage(paragraphs, "en").html
    plain = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert len(plain) < 6 * (MAX_CHARACTERS + 40)
