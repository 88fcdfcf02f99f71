"""Why this hit, why not that one; what a reader may have begun to type."""

import pytest
from django.contrib.auth.models import Group

from archive.choices import Visibility
from archive.models import Appearance, Article, Entity, Quotation, Source, TextSketch, queue_for_index
from archive.search import indexing
from archive.search.backends.base import Filter
from archive.search.explain import explain
from archive.search.query import Sort
from archive.search.reasons import Match
from archive.search.run import search
from archive.search.suggest import complete
from tests.search.conftest import article, mention

WRITTEN = "as written"


def test_a_hit_says_what_met_each_condition(archive: dict[str, Article]) -> None:
    made = archive["oil"]
    why = explain("oil price person:baker -gas", str(made.pk))
    assert (why.is_hit, why.reason, why.article) == (True, "", made)
    oil, price, person, gas = why.conditions
    assert (oil.said, oil.matches) == ("oil", (Match("title", "Oil", 1, WRITTEN), Match("body", "Oil", 1, WRITTEN)))
    assert price.matches == (Match("title", "prices", 1, "another form of the word"),)
    assert (person.said, person.is_met, person.share) == ("person baker", True, 0.0)
    assert person.matches == (Match("text", "James Baker", 1, WRITTEN),)
    assert (gas.said, gas.is_met, gas.matches) == ("NOT gas", True, ())
    assert oil.share + price.share == pytest.approx(1)


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("uygur", Match("body", "Uighur", 1, "another spelling")),
        ("uighr~", Match("body", "Uighur", 1, "spelt nearly so")),
        ("uigh*", Match("body", "Uighur", 1, "begins so")),
        ("families", Match("body", "family", 1, "another form of the word")),
        ("harbour", Match("caption", "harbour", 1, WRITTEN)),
        ("west near/20 families", Match("standfirst", "families", 1, WRITTEN)),
        ("person:baker", Match("text", "Uighur", 1, "a name of James Baker")),
        ("speaker:baker", Match("quotations", "James Baker", 1, "as the speaker")),
    ],
)
def test_a_match_says_by_which_rule_it_is_one(archive: dict[str, Article], query: str, match: Match) -> None:
    made = archive["uygur"]
    Article.objects.filter(pk=made.pk).update(
        captions=[{"text": "The harbour at night"}], standfirst="In the west, families left."
    )
    made.refresh_from_db()
    baker = Entity.objects.get(slug="james-baker")
    mention(made, baker, "Uighur")
    Quotation.objects.create(article=made, start=20, end=30, text="An Uighur", speaker=baker)
    queue_for_index([made.pk])
    indexing.drain()
    (condition,) = explain(query, str(made.pk)).conditions
    assert match in condition.matches


@pytest.mark.parametrize(
    ("query", "filters", "reason"),
    [
        ("oil wheat", (), "It does not meet the condition: wheat."),
        ("oil date:1990", (), "It does not meet the condition: 1990."),
        ("oil -prices", (), "It does not meet the condition: NOT prices."),
        ("wheat OR zinc", (), "It meets none of the alternatives."),
        ("person:nobody", (), "It does not meet the condition: person nobody."),
        ("oil", (Filter("source", ("times",)),), "The chosen source does not include it."),
        ("oil", (Filter("source", ("reuters",), True),), "The chosen source excludes it."),
    ],
)
def test_what_keeps_an_article_out_is_said(
    archive: dict[str, Article], query: str, filters: tuple[Filter, ...], reason: str
) -> None:
    why = explain(query, archive["oil"].get_absolute_url(), filters)
    assert (why.is_hit, why.reason) == (False, reason)


def test_an_article_is_known_by_number_page_or_original_address(archive: dict[str, Article]) -> None:
    made, page = archive["oil"], archive["oil"].get_absolute_url()
    Article.objects.filter(pk=made.pk).update(canonical_url="https://example.org/oil/")
    here = "archive.example:8000"
    for pasted in (
        str(made.pk),
        page,
        f"https://{here}{page}?q=oil#p2",
        f"{here.upper()}{page}",
        " https://example.org/oil/ ",
        "http://example.org/oil",
    ):
        assert explain("oil", pasted, host=here).article == made, pasted
    tracked = "https://example.org/oil/?utm_source=mail"
    assert explain("oil", tracked, address="https://example.org/oil/").article == made


def test_an_address_of_another_site_is_never_taken_for_a_number_of_ours(archive: dict[str, Article]) -> None:
    page = archive["oil"].get_absolute_url()
    theirs = f"https://example.com{page}"
    for pasted in (
        theirs,
        f"example.com{page}",
        f"https://archive.example.com{page}",
        f"https://archive.example/x{page}",
    ):
        assert explain("oil", pasted, host="archive.example").article is None, pasted
    Article.objects.filter(pk=archive["gas"].pk).update(canonical_url=theirs)
    assert explain("oil", theirs, host="archive.example").article == archive["gas"]


def test_the_address_of_a_copy_leads_to_the_article_that_keeps_it(archive: dict[str, Article]) -> None:
    theirs = "https://times.example/articles/2/oil"
    copy = Appearance.objects.create(
        article=archive["oil"], source=Source.objects.get(slug="times"), canonical_url=theirs
    )
    why = explain("oil", theirs)
    assert (why.article, why.is_copy, why.is_hit) == (archive["oil"], True, True)
    Source.objects.filter(pk=copy.source_id).update(only_for=Group.objects.create(name="investigations"))
    assert explain("oil", theirs).article is None


def test_a_hit_that_another_stands_for_is_told_so(archive: dict[str, Article]) -> None:
    oil, gas = archive["oil"], archive["gas"]
    for one in (oil, gas):
        TextSketch.objects.create(article=one, version=1, state=b"", leader=oil)
    queue_for_index([oil.pk, gas.pk])
    indexing.drain()
    shown, below = (oil, gas) if search("oil", collapse=True).hits[0].article == oil else (gas, oil)
    assert explain("oil", str(below.pk)).under == shown
    assert explain("oil", str(shown.pk)).under is None
    assert explain("oil", str(below.pk), collapse=False).under is None
    assert explain("oil", str(gas.pk), sort=Sort.OLDEST).under == oil


def test_what_is_not_there_not_shown_or_not_indexed_yet_is_said(archive: dict[str, Article]) -> None:
    assert "No article in the archive" in explain("oil", "https://example.org/nowhere").reason
    assert "No article in the archive" in explain("oil", "9" * 18).reason
    assert "No article in the archive" in explain("oil", "").reason
    assert explain("zinc", str(article("Zinc", "Zinc.").pk)).reason == "It is not in the index yet."
    Article.objects.filter(pk=archive["oil"].pk).update(visibility=Visibility.HIDDEN)
    assert explain("oil", str(archive["oil"].pk)).article is None


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("bak", ["James Baker"]),
        ("JAMES BA", ["James Baker"]),
        ("petrol", ["OPEC"]),
        ("oil pr", ["Oil prices rise"]),
        ("caf", ["Le café"]),
        ("o", []),
        ("(", []),
        ("%%", []),
    ],
)
def test_what_is_begun_is_completed(archive: dict[str, Article], typed: str, labels: list[str]) -> None:
    assert [one.label for one in complete(typed)] == labels
