"""Words of a text."""

import pytest

from archive.ingest.entities.page import Page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sauytbay's colleague, al-Assad", ["Sauytbay", "colleague", "al-Assad"]),
        ("the U.S. and J. Baker", ["the", "U.S.", "and", "J.", "Baker"]),
        ("a Seoul-based firm, Kim Dae-jung", ["a", "Seoul", "based", "firm", "Kim", "Dae-jung"]),
        (
            "Mr. Smith of Smith & Sons Inc. at Moody's",
            ["Mr.", "Smith", "of", "Smith", "&", "Sons", "Inc.", "at", "Moody's"],
        ),
        ("the arms-to-Iran deal, pro-Taiwan", ["the", "arms-to", "Iran", "deal", "pro", "Taiwan"]),
        ("bin-Laden, Abdel el-Sisi", ["bin-Laden", "Abdel", "el-Sisi"]),
        ("S&P cut AT&T", ["S&P", "cut", "AT&T"]),
        ("", []),
    ],
)
def test_words_are_names_without_their_possessives(text: str, words: list[str]) -> None:
    assert Page(text).words == words


def test_a_line_in_capitals_is_known_as_one() -> None:
    page = Page("GREEK SOCIALISTS GIVE GREEN LIGHT\n\nThe NATO alliance met.")
    assert page.in_capitals == [True] * 5 + [False] * 4


def test_names_run_on_within_a_line_only() -> None:
    page = Page("Peter Laca\n\nBRATISLAVA, Slovakia")
    assert [page.runs_on(k) for k in range(4)] == [False, True, False, False]
    assert page.begins_sentence(2)
    assert not page.begins_sentence(3)
