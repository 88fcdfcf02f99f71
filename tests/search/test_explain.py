"""Why this hit, why not that one; what a reader may have begun to type."""

import pytest

from archive.choices import Visibility
from archive.models import Article
from archive.search.backends.base import Filter
from archive.search.explain import explain
from archive.search.suggest import complete
from tests.search.conftest import article


def test_a_hit_says_what_met_each_condition(archive: dict[str, Article]) -> None:
    made = archive["oil"]
    why = explain("oil price person:baker -gas", str(made.pk))
    assert (why.is_hit, why.reason, why.article) == (True, "", made)
    oil, price, person, gas = why.conditions
    assert (oil.said, oil.forms) == ("oil", (("title", "Oil", 1), ("body", "Oil", 1)))
    assert price.forms == (("title", "prices", 1),)
    assert (person.said, person.is_met, person.share, person.forms) == ("person baker", True, 0.0, ())
    assert (gas.said, gas.is_met, gas.forms) == ("NOT gas", True, ())
    assert oil.share + price.share == pytest.approx(1)


def test_a_variant_is_named_as_it_stands_in_the_text(archive: dict[str, Article]) -> None:
    (condition,) = explain("uygur", str(archive["uygur"].pk)).conditions
    assert condition.forms == (("body", "Uighur", 1),)


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
    made = archive["oil"]
    Article.objects.filter(pk=made.pk).update(canonical_url="https://example.org/oil")
    for pasted in (str(made.pk), f"https://archive.example{made.get_absolute_url()}", " https://example.org/oil "):
        assert explain("oil", pasted).article == made


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
