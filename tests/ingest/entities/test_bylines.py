"""Who wrote the story: names on lines of their own above datelines, and in the lines that sign wire copy."""

import pytest

from archive.ingest.entities import bylines, consistency, datelines, sifting, titles
from archive.ingest.entities.found import Found
from archive.ingest.entities.page import Page
from tests.ingest.entities.pages import ORGANISATION, PERSON, PLACE, find, told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rain falls on Exeter.\n\nKieran Murray\n\nLAS CRUCES, N.M. 1996-08-22\n\nIt rained.", "Kieran Murray"),
        ("Rain falls.\n\nAnna van der Meer\n\nPARIS, March 3 - It rained.", "Anna van der Meer"),
        ("Shares fell.\n\n-- Keiron Henderson, Amsterdam Newsroom +31 20 504 5000", "Keiron Henderson"),
        ("Shares fell.\n\n-- R Leong, New York Power Desk +1 212 859 1622", "R Leong"),
    ],
)
def test_a_reporter_is_a_person_whatever_the_model_took_the_line_for(text: str, wanted: str) -> None:
    page = Page(text)
    found = bylines.sign(page, datelines.mark(page, [find(page, wanted, ORGANISATION)]))
    assert (wanted, "person") in told(page, found)
    assert (wanted, "organisation") not in told(page, found)


@pytest.mark.parametrize(
    "text",
    [
        "Kieran Murray\n\nPARIS, March 3 - It rained.",
        "Rain falls.\n\nSaudi Arabia\n\nPARIS, March 3 - It rained.",
        "Rain falls.\n\nMarket Report\n\nIt rained.",
        "Shares fell.\n\n-- Frankfurt Newsroom, +49 69 756525",
        "Shares fell.\n\n-- New York newsroom +1 212 859 1622",
        "Shares fell.\n\n-- Ada Vale had left by then.",
    ],
)
def test_headlines_places_and_desks_are_no_reporters(text: str) -> None:
    page = Page(text)
    assert not [one for one in bylines.sign(page, datelines.mark(page, [])) if one.kind is PERSON]


def settled(text: str, phrase: str, kind: object, *, label: str = "ORG") -> list[tuple[str, str | None]]:
    page = Page(text)
    return told(page, consistency.settle_kinds(page, [find(page, phrase, kind, label=label)]))  # type: ignore[arg-type]  # an EntityKind


def test_words_beside_a_name_that_leave_little_doubt_settle_its_kind() -> None:
    assert settled("The news agency Tanjug said so.", "Tanjug", PERSON) == [("Tanjug", "organisation")]
    assert settled("It told Yedioth Ahronoth newspaper.", "Yedioth Ahronoth", PERSON)[0][1] == "organisation"
    assert settled('"It fell," said Burcin Mavituna here.', "Burcin Mavituna", PLACE)[0][1] == "person"
    assert settled('"It fell," said Lloyds Bank.', "Lloyds Bank", ORGANISATION)[0][1] == "organisation"


def test_a_persons_people_and_words_that_open_sentences_are_no_part_of_the_name() -> None:
    page = Page("Dutchman Richard Wisinga was kidnapped.")
    (cut,) = titles.cut_titles(page, [find(page, "Dutchman Richard Wisinga", PERSON)])
    assert page.phrase(cut.i, cut.j) == "Richard Wisinga"


def test_peoples_of_a_quarter_are_no_persons() -> None:
    page = Page("S. Korean won ends up. South Korea voted.")
    found = [find(page, "S. Korean", PERSON), find(page, "South Korea", PLACE)]
    assert told(page, sifting.sift(page, found)) == [("South Korea", "place")]


def test_don_is_a_given_name() -> None:
    page = Page("Deputy Prime Minister Don McKinnon spoke.")
    (one,) = titles.cut_titles(page, [Found(3, 5, PERSON)])
    assert page.phrase(one.i, one.j) == "Don McKinnon"
