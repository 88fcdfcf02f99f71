"""Quotations: where they stand and who says them."""

import pytest

from archive.choices import EntityKind
from archive.ingest.entities.page import Page
from archive.ingest.entities.quotes import find_quotes
from archive.ingest.entities.speakers import attribute
from archive.ingest.records import NamedEntity, Span


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“It is cold here,” she said. “Very cold.”", ["It is cold here,", "Very cold."]),
        ('"It is cold here," she said. "Very cold."', ["It is cold here,", "Very cold."]),
        ("‘It’s a disgrace that we’re here,’ she said.", ["It’s a disgrace that we’re here,"]),
        ("'It's late in the workers' house,' he added.", ["It's late in the workers' house,"]),
        ("'Twas the '90s. The 'Big Four' firms' men said 'No way' twice, and 'It rained.", []),
        ("'Twas late. “It is cold here,” she said.", ["It is cold here,"]),
        (
            "“One paragraph ends open.\n\n“The next one closes it.”",
            ["One paragraph ends open.", "The next one closes it."],
        ),
        ("They sang “Dancing in the Street” all night.", []),
        ("The so-called “green” policy failed.", []),
        ('A 6\'2" man bought a 34" screen for $5.', []),
        ("He said it was “deeply troubling” to see.", ["deeply troubling"]),
        ("“Yes,” replied Hadid.", ["Yes,"]),
    ],
)
def test_quotations_are_what_somebody_said(text: str, quotes: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_quotes(text)] == quotes


def speakers(text: str, *people: str, roles: tuple[str, ...] = ()) -> list[str]:
    """The speakers of a text's quotations, where people are named by their full names or surnames."""
    entities = []
    for name in people:
        spans, start = [], 0
        while (
            found := min((at for form in (name, name.split()[-1]) if (at := text.find(form, start)) >= 0), default=-1)
        ) >= 0:
            form = name if text.startswith(name, found) else name.split()[-1]
            spans.append(Span(found, found + len(form), form))
            start = found + len(form)
        entities.append(NamedEntity(EntityKind.PERSON, name, tuple(spans), roles))
    return [quote.speaker for quote in attribute(Page(text), entities)]


JONES, SMITH = "Ann Jones", "Bob Smith"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("“It is cold here,” Ann Jones said. “Very cold.”", [JONES, JONES]),
        ("“It is cold here,” said Bob Smith, who knows Ann Jones.", [SMITH]),
        ("Ann Jones met Bob Smith. “It is cold here,” he said.", [SMITH]),
        ("Bob Smith said: “It is cold here.”", [SMITH]),
        ("“It is cold here,” according to Ann Jones.", [JONES]),
        ("“It is cold here,” a spokesman for Ann Jones said in town.", [""]),
        ("“It is cold here,” Smith said.\n\n“It will stay so for days.”\n\nAnn Jones left.", [SMITH, SMITH]),
        ("“It is cold here and\n\n“it will stay so,” Jones said.", [JONES, JONES]),
        ("Smith was furious. “It is a disgrace to us.”", [SMITH]),
        ("“It is cold here,” residents said.", [""]),
        ("“It is cold here,” comments Jones in a letter, “as it always was.”", [JONES, JONES]),
    ],
)
def test_the_speaker_is_the_one_whom_the_words_beside_name(text: str, wanted: list[str]) -> None:
    assert speakers(text, JONES, SMITH) == wanted


def test_a_role_means_the_person_who_was_named_with_it() -> None:
    text = "Treasury Secretary Bob Smith came. “It is cold here,” the secretary said."
    assert speakers(text, SMITH, roles=("Treasury Secretary",)) == [SMITH]
