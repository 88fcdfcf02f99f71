"""The steps that correct the model, each by itself: a line where it acts and one that it must leave alone."""

import pytest

from archive.ingest.entities import (
    boundaries,
    consistency,
    datelines,
    headlines,
    organisations,
    people,
    places,
    recovery,
    sifting,
    titles,
)
from archive.ingest.entities.found import in_order
from archive.ingest.entities.page import Page
from archive.ingest.entities.peoples import is_people
from tests.ingest.entities.pages import ORGANISATION, PERSON, PLACE, find, labelled, told


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("He joined the Supreme Court's staff.", ("the Supreme Court's", "ORG"), [("Supreme Court", "organisation")]),
        (
            "It lay near Lattakia and Tartous.",
            ("Lattakia and Tartous", "GPE"),
            [("Lattakia", "place"), ("Tartous", "place")],
        ),
        (
            "Peter Laca\n\nBRATISLAVA",
            ("Peter Laca\n\nBRATISLAVA", "PERSON"),
            [("Peter Laca", "person"), ("BRATISLAVA", "person")],
        ),
        ("its Belt and Road Initiative", ("Belt and Road Initiative", "LOC"), [("Belt and Road Initiative", None)]),
        ("China's Camps", ("China's Camps", "GPE"), [("China", "place")]),
        ("20 mln N.Z. Dlrs", ("N.Z. Dlrs", "GPE"), [("N.Z.", "place")]),
        ("Bosnia and Herzegovina voted", ("Bosnia and Herzegovina", "GPE"), [("Bosnia and Herzegovina", "place")]),
    ],
)
def test_edges_are_cut_to_the_name(text: str, said: tuple[str, str], wanted: list[tuple[str, str]]) -> None:
    page = Page(text)
    assert told(page, boundaries.fit(page, labelled(text, said))) == wanted


@pytest.mark.parametrize(
    ("text", "name", "person", "roles"),
    [
        ("Treasury Secretary James Baker left.", "James Baker", "James Baker", ("Treasury Secretary",)),
        ("Then President Boris Yeltsin spoke.", "President Boris Yeltsin", "Boris Yeltsin", ("President",)),
        ("It was Mrs Thatcher.", "Mrs Thatcher", "Thatcher", ()),
        ("Then Adm. John Poindexter left.", "Adm. John Poindexter", "John Poindexter", ("Adm.",)),
        ("It was Mother Teresa.", "Teresa", "Mother Teresa", ()),
        ("It was James Baker.", "James Baker", "James Baker", ()),
    ],
)
def test_titles_are_cut_and_kept_as_roles(text: str, name: str, person: str, roles: tuple[str, ...]) -> None:
    page = Page(text)
    (found,) = titles.cut_titles(page, [find(page, name, PERSON)])
    assert (page.phrase(found.i, found.j), found.roles) == (person, roles)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Secertary James Baker", "James Baker"),
        ("Minsiter Ada Vale", "Ada Vale"),
        ("Marshall B. Vale", "Marshall B. Vale"),
    ],
)
def test_a_misspelt_title_is_no_part_of_a_name(name: str, person: str) -> None:
    page = Page(f"Yesterday {name} spoke.")
    (found,) = titles.cut_titles(page, [find(page, name, PERSON)])
    assert page.phrase(found.i, found.j) == person


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("LONDON, March 3 - He said", [("LONDON", "place")]),
        ("Head\n\nPARIS (AFP) — It rained", [("PARIS", "place")]),
        ("Head\n\nSHATOI, Russia 1996-08-29", [("SHATOI", "place"), ("Russia", "place")]),
        ("UNITED NATIONS, Nov 3 (Reuters) - The", [("UNITED NATIONS", "organisation")]),
        ("LAS CRUCES, N.M. 1996-08-22", [("LAS CRUCES", "place"), ("N.M.", "place")]),
        ("IBM March 3 was", []),
        ("HULL 12 13", []),
    ],
)
def test_datelines_open_with_places(text: str, wanted: list[tuple[str, str]]) -> None:
    page = Page(text)
    assert told(page, datelines.mark(page, [])) == wanted


def test_the_gazetteer_adds_places_and_settles_their_kind() -> None:
    page = Page("They fled Kashgar for Astana. The China Daily wrote.")
    found = places.from_gazetteer(page, [find(page, "Kashgar", PERSON)])
    assert told(page, found) == [("Kashgar", "place"), ("Astana", "place")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the Tafawa Balewa University said", [("Tafawa Balewa University", "organisation")]),
        ("Coopers & Lybrand Ltd said", [("Coopers & Lybrand Ltd", "organisation")]),
        ("The Ministry of Foreign Trade said", []),
        ("they met at the university", []),
    ],
)
def test_organisations_are_known_by_their_heads(text: str, wanted: list[tuple[str, str]]) -> None:
    page = Page(text)
    assert told(page, organisations.by_heads(page, [])) == wanted


def test_what_begins_with_a_head_is_an_organisation_where_the_model_saw_somebody() -> None:
    page = Page("Dr Solberg of the University of Lowmere counts fish.")
    seen = find(page, "University of Lowmere", PERSON)
    assert told(page, organisations.by_heads(page, [seen]))[0] == ("University of Lowmere", "organisation")


def test_capitals_in_brackets_are_the_organisation_before_them() -> None:
    page = Page("The Sudan People's Liberation Army (SPLA) fled. SPLA men said so.")
    found = organisations.from_brackets(page, [find(page, "Sudan People's Liberation Army", ORGANISATION)])
    assert [text for text, _ in told(page, found)].count("SPLA") == 2


def test_a_person_after_an_organisation_and_a_role_is_parted_from_it() -> None:
    page = Page("He met Reserve Bank of India Governor Chakravarty Rangarajan.")
    found = people.by_context(page, [find(page, "Reserve Bank of India Governor Chakravarty Rangarajan", ORGANISATION)])
    assert told(page, found) == [("Reserve Bank of India", "organisation"), ("Chakravarty Rangarajan", "person")]
    assert found[1].roles == ("Governor",)


def test_a_speaker_after_a_quotation_is_a_person() -> None:
    page = Page("“It is cold,” Yastrezhembsky said. He said so.")
    assert told(page, people.by_context(page, [])) == [("Yastrezhembsky", "person")]


def test_the_kind_of_a_name_is_settled_by_all_its_mentions() -> None:
    page = Page("Ion Iliescu won. Nationalists want Iliescu ousted. Iliescu, 66, said no.")
    found = [
        find(page, "Ion Iliescu", PERSON),
        find(page, "Iliescu", ORGANISATION, nth=1),
        find(page, "Iliescu", PLACE, nth=2),
    ]
    assert {kind for _, kind in told(page, consistency.settle_kinds(page, found))} == {"person"}


def test_words_beside_a_name_outweigh_the_model() -> None:
    page = Page("A stake in Arequipa rose. Arequipa shares fell.")
    found = [find(page, "Arequipa", PERSON), find(page, "Arequipa", PERSON, nth=1)]
    assert {kind for _, kind in told(page, consistency.settle_kinds(page, found))} == {"organisation"}


def test_a_missed_surname_is_recovered_and_a_longer_name_left_alone() -> None:
    page = Page("Sayragul Sauytbay fled. Then Sauytbay spoke. The Sauytbay Foundation paid.")
    found = recovery.recover(page, [find(page, "Sayragul Sauytbay", PERSON)])
    assert told(page, found) == [("Sayragul Sauytbay", "person"), ("Sauytbay", "person")]


@pytest.mark.parametrize("word", ["Uygur", "Kazakhs", "Uighurs", "Anglo-American", "Frenchmen", "KURDS", "Iraqi"])
def test_peoples_are_no_persons(word: str) -> None:
    assert is_people(word)


@pytest.mark.parametrize("word", ["Kazakhstan", "Johnson", "Thais-Berg"])
def test_other_names_are_no_peoples(word: str) -> None:
    assert not is_people(word)


@pytest.mark.parametrize(
    ("text", "name", "kept"),
    [
        ("The crowd.\n\nPhoto: AFP", "AFP", False),
        ("A man (Reuters) fell.", "Reuters", False),
        ("He told Reuters that it rained.", "Reuters", True),
        ("AFP and Reuters contributed to this report.", "AFP", False),
        ("Reuters contributed to the fund.", "Reuters", True),
        ("the Defence Minister spoke", "Defence", False),
        ("Deputy Secretary of State Strobe Talbott", "State", False),
    ],
)
def test_credits_and_offices_are_no_organisations(text: str, name: str, kept: bool) -> None:
    page = Page(text)
    assert bool(sifting.sift(page, [find(page, name, ORGANISATION)])) is kept


def test_a_title_in_capitals_makes_no_person_either() -> None:
    page = Page("PRESIDENT SMITH VOWS REFORM\n\nThe crowds were there.")
    assert sifting.sift(page, titles.cut_titles(page, [find(page, "SMITH", PERSON)])) == []


def test_whose_son_somebody_is_is_no_role() -> None:
    page = Page("He met his son George Reed and Senator Ada Reed.")
    found = titles.cut_titles(page, [find(page, "George Reed", PERSON), find(page, "Ada Reed", PERSON)])
    assert [one.roles for one in found] == [(), ("Senator",)]


def test_a_mayor_is_a_towns() -> None:
    page = Page("The mayor of Exeter met the widow of Exeter.")
    found = places.from_gazetteer(page, [find(page, "Exeter", PERSON), find(page, "Exeter", PERSON, nth=1)])
    assert told(page, found) == [("Exeter", "place"), ("Exeter", "person")]


def test_capitals_alone_make_no_person() -> None:
    page = Page("EAGER CROWDS GREET THE QUEEN\n\nThe crowds were there.")
    assert sifting.sift(page, [find(page, "EAGER CROWDS", PERSON)]) == []


def test_a_capital_headline_is_read_as_the_story_writes_its_words() -> None:
    text = "CLINTON MEETS NATO CHIEFS IN PARIS\n\nBill Clinton met chiefs of NATO."
    assert headlines.recase(text) == "Clinton meets NATO chiefs in Paris\n\nBill Clinton met chiefs of NATO."
    assert headlines.recase("ALL OF THIS TEXT\n\nIS IN CAPITALS ONLY") == "ALL OF THIS TEXT\n\nIS IN CAPITALS ONLY"
    assert headlines.recase("A quiet text.") == "A quiet text."


def test_of_two_that_overlap_the_longer_stays() -> None:
    page = Page("New York Times said")
    assert told(page, in_order([find(page, "New York", PLACE), find(page, "New York Times", ORGANISATION)])) == [
        ("New York Times", "organisation")
    ]
