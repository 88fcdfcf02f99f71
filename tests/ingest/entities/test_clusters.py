"""One name for all its mentions within a text."""

import time

import pytest

from archive.ingest.entities import correct, find_names
from archive.ingest.entities.clusters import gather
from archive.ingest.entities.model import Labelled
from archive.ingest.entities.page import Page
from archive.ingest.records import TextNames
from tests.ingest.entities.pages import ORGANISATION, PERSON, find

SEED = """Woman says she fled camps

Sayragul Sauytbay fled to Kazakhstan from China. Sauytbay said that she had worked in Xinjiang, near Kashgar, where \
Uygur and Kazakhs were held. Beijing has denied it, and praises its Belt and Road plan.

"I saw it with my own eyes," Sauytbay told Radio Free Europe/Radio Liberty in Astana. “They were afraid,” she said.

The Kazakhstan International Bureau for Human Rights and Rule of Law took up her case.

Photo: AFP"""


def test_a_story_names_one_person_its_places_and_its_organisations() -> None:
    (names,) = find_names([SEED])
    by_kind = {
        kind: {one.name for one in names.entities if one.kind == kind} for kind in ("person", "place", "organisation")
    }
    assert by_kind["person"] == {"Sayragul Sauytbay"}
    assert {"Kazakhstan", "China", "Xinjiang", "Kashgar", "Astana", "Beijing"} == by_kind["place"]
    assert by_kind["organisation"] == {
        "Radio Free Europe/Radio Liberty",
        "Kazakhstan International Bureau for Human Rights and Rule of Law",
    }
    assert [quote.speaker for quote in names.quotes] == ["Sayragul Sauytbay"] * 2


def test_texts_in_other_languages_get_no_names() -> None:
    german, english = find_names(
        ["Angela Merkel sprach in Berlin.", "Angela Merkel spoke in Berlin."], languages=["de", "en"]
    )
    assert german == TextNames(sought=False)
    assert {one.name for one in english.entities} == {"Angela Merkel", "Berlin"}


def test_shorter_forms_belong_to_the_full_name() -> None:
    page = Page("James A. Baker spoke. J. Baker left. Baker slept. Howard Dean met Baker.")
    found = [
        find(page, "James A. Baker", PERSON),
        find(page, "J. Baker", PERSON),
        find(page, "Baker", PERSON, nth=2),
        find(page, "Howard Dean", PERSON),
        find(page, "Baker", PERSON, nth=3),
    ]
    entities = gather(page, found)
    assert [(one.name, len(one.mentions)) for one in entities] == [("James A. Baker", 4), ("Howard Dean", 1)]


def test_a_surname_of_two_people_belongs_to_the_one_named_last_before() -> None:
    page = Page("Bill Clinton spoke. Hillary Clinton spoke. Clinton left.")
    found = [
        find(page, "Bill Clinton", PERSON),
        find(page, "Hillary Clinton", PERSON),
        find(page, "Clinton", PERSON, nth=2),
    ]
    assert [(one.name, len(one.mentions)) for one in gather(page, found)] == [
        ("Bill Clinton", 1),
        ("Hillary Clinton", 2),
    ]


def test_a_short_form_in_brackets_belongs_to_the_organisation() -> None:
    page = Page("The Patriotic Union (PUK) met. PUK men left.")
    found = [find(page, "Patriotic Union", ORGANISATION), *(find(page, "PUK", ORGANISATION, nth=n) for n in (0, 1))]
    (one,) = gather(page, found)
    assert (one.name, len(one.mentions)) == ("Patriotic Union", 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "“" * 5_000,
        '"' * 5_001,
        "A. " * 3_000,
        "\x00 \ufeff",
        "al-" * 3_000,
        "-" * 20_000 + " " + "x'" * 9_000,
        "LONDON, " * 3_000,
    ],
)
def test_odd_texts_are_read_in_linear_time(text: str) -> None:
    begun = time.process_time()
    correct(text, [])
    assert time.process_time() - begun < 2


def test_a_text_of_thousands_of_names_is_read_in_time() -> None:
    names = [
        f"Aaa{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} Bbb{chr(97 + n // 676 % 26)}{chr(97 + n % 26)}"
        for n in range(3_000)
    ]
    text = "\n\n".join(names)
    labels, start = [], 0
    for name in names:
        labels.append(Labelled(start, start + len(name), "PERSON"))
        start += len(name) + 2
    begun = time.process_time()
    correct(text, labels)
    assert time.process_time() - begun < 5
