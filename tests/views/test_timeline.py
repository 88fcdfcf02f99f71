"""Timelines: their counts add up, every bar and every two ends lead to the list that they count."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from archive.choices import EntityKind
from archive.search.backends.base import Filter
from archive.views.narrowing import chosen_filters, pairs, span_label
from archive.views.timeline import Brush, Timeline, timeline
from tests.views.makers import index, make_article, make_person

MONTHS = {"1987-01": 2, "1987-02": 5, "1987-04": 1, "": 3}


def total(drawn: Timeline) -> int:
    return sum(bar.count for bar in drawn.all_bars)


def test_bars_and_the_undated_add_up_to_the_list() -> None:
    drawn = timeline(MONTHS, Brush())
    assert [(bar.value, bar.count) for bar in drawn.all_bars] == [
        ("1987-01", 2),
        ("1987-02", 5),
        ("1987-03", 0),
        ("1987-04", 1),
        ("unknown", 3),
    ]
    assert total(drawn) == sum(MONTHS.values())


def test_many_years_are_bars_of_years_and_a_wrong_date_is_counted_among_the_earlier_ones() -> None:
    drawn = timeline({"0001-01": 1, "1850-05": 2, "1901-12": 3, "2024-02": 4, "": 5}, Brush())
    assert drawn.unit == "year"
    assert len(drawn.bars) <= 120
    assert (drawn.bars[0].label, drawn.bars[0].count) == ("until 1905", 6)
    assert total(drawn) == 15
    assert timeline({"0001-01": 1, "9999-12": 1}, Brush()).bars[0].value == "..9880"


def test_only_undated_articles_are_one_bar() -> None:
    drawn = timeline({"": 4}, Brush())
    assert [bar.label for bar in drawn.all_bars] == ["date unknown"]
    assert timeline({}, Brush()).all_bars == ()


def test_bars_never_leave_the_drawing() -> None:
    for months in (1, 24, 120):
        drawn = timeline({f"{1980 + n // 12}-{n % 12 + 1:02}": n + 1 for n in range(months)} | {"": 9}, Brush())
        assert max(bar.x + bar.width for bar in drawn.all_bars) <= 960


@pytest.mark.parametrize(
    ("chosen", "marked"),
    [
        (("month", "1987-02"), ["1987-02"]),
        (("month", "1987-02..1987-03"), ["1987-02", "1987-03"]),
        (("month", "..1987-02"), ["1987-01", "1987-02"]),
        (("month", "1987-04.."), ["1987-04"]),
        (("month", "unknown"), ["unknown"]),
        (("year", "1987"), ["1987-01", "1987-02", "1987-03", "1987-04"]),
        (("year", "1986"), []),
        (("source", "1987-02"), []),
    ],
)
def test_what_is_chosen_is_marked(chosen: tuple[str, str], marked: list[str]) -> None:
    drawn = timeline(MONTHS, Brush((chosen,)))
    assert [bar.value for bar in drawn.all_bars if bar.is_chosen] == marked


def test_a_year_stays_chosen_when_a_month_of_it_is_brushed() -> None:
    drawn = timeline(MONTHS, Brush((("q", "oil"), ("year", "1987"), ("month", "1987-01"))))
    assert drawn.bars[1].url == "/search/?" + urlencode({"q": "oil", "year": "1987", "month": "1987-02"})
    assert drawn.fields == (("q", "oil"), ("year", "1987"))


def test_days_are_those_of_one_month_and_a_day_goes_when_another_month_is_brushed() -> None:
    chosen = (("q", "oil"), ("month", "1987-02"), ("day", "1987-02-05"))
    drawn = timeline({"1987-02-05": 3, "1987-02-07": 1}, Brush(chosen))
    assert (drawn.unit, len(drawn.bars), total(drawn)) == ("day", 28, 4)
    assert [bar.label for bar in drawn.bars if bar.is_chosen] == ["5 February 1987"]
    assert drawn.bars[6].url == "/search/?" + urlencode({"q": "oil", "month": "1987-02", "day": "1987-02-07"})
    assert timeline(MONTHS, Brush(chosen)).bars[0].url == "/search/?" + urlencode({"q": "oil", "month": "1987-01"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from=1987-02&to=1987-04", [("month", "1987-02..1987-04")]),
        ("from=1987&to=1990", [("year", "1987..1990")]),
        ("from=1987-02&to=1990", [("month", "1987-02..1990-12")]),
        ("from=&to=1990", [("year", "..1990")]),
        ("from=1987-02-03&to=1987-02-09", [("day", "1987-02-03..1987-02-09")]),
        ("from=1987-02-03&to=1988-02", [("day", "1987-02-03..1988-02-29")]),
        ("from=1987&to=1987-02-09", [("day", "1987-01-01..1987-02-09")]),
        ("from=1987-13&to=", []),
        ("from=1987-02", [("month", "1987-02..")]),
        ("from=soon&to=later", []),
        ("from=&to=", []),
        ("q=oil&page=3&at=7&from=1987&to=1987", [("q", "oil"), ("year", "1987..1987")]),
    ],
)
def test_the_two_ends_of_a_form_are_one_range(query: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(QueryDict(query)) == expected


def test_the_undated_have_a_name_in_addresses() -> None:
    assert chosen_filters(QueryDict("month=unknown&not-year=unknown&section=unknown")) == (
        Filter("year", ("",), True),
        Filter("month", ("",)),
        Filter("section", ("unknown",)),
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1987-03", "March 1987"),
        ("1987-03..1987-05", "March 1987 to May 1987"),
        ("1987-03..1987-03", "March 1987"),
        ("..1904", "until 1904"),
        ("1987-03..", "from March 1987"),
        ("", "date unknown"),
        ("<b>", "<b>"),
        ("1987-99", "1987-99"),
        ("1987-03-05", "5 March 1987"),
    ],
)
def test_spans_are_said_in_words(value: str, said: str) -> None:
    assert span_label(value) == said


def shown_total(page: str) -> int:
    found = re.search(r'class="understood"><b>([\d,]+) article', page)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/search/?q=quokkas", "/people/ada-vale/", "/organisations/zoo/", "/places/ellery/", "/sources/island-post/"],
)
def test_every_bar_of_every_list_leads_to_as_many_articles_as_it_counts(
    client: Client, data_dir: Path, path: str
) -> None:
    articles = [make_article(number) for number in range(1, 20)]
    articles += [make_article(20, published_at=None), make_article(21, published_at=None)]
    make_person("Ada Vale", *articles)
    make_person("Zoo", *articles, kind=EntityKind.ORGANISATION)
    make_person("Ellery", *articles, kind=EntityKind.PLACE)
    articles.append(make_article(22, published_at=datetime(2021, 7, 1, tzinfo=UTC), body=["Quokkas sleep."]))
    index()
    page = client.get(path).content.decode()
    bars = re.findall(r'<a href="([^"]+)" aria-label="[^":]+: (\d+)" data-start', page)
    assert len(bars) >= 12
    expected = 22 if path in ("/", "/search/?q=quokkas", "/sources/island-post/") else 21
    assert sum(int(count) for _, count in bars) == expected
    for url, count in bars:
        found = client.get(url.replace("&amp;", "&"))
        if url.startswith("/dates/"):
            assert f"<b>{count} article" in found.content.decode()
        else:
            assert shown_total(found.content.decode()) == int(count)
    fields = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">',
        page.partition('class="span"')[2].partition("</form>")[0],
    )
    ends = urlencode([*fields, ("from", "2020-02"), ("to", "2020-05")])
    between = client.get(f"/search/?{ends}").content.decode()
    assert shown_total(between) == sum(int(count) for url, count in bars if re.search(r"2020[-/]0?[2-5]\b", url))
    assert "February 2020 to May 2020" in between


@pytest.mark.django_db
def test_where_one_month_is_chosen_its_days_are_bars_that_lead_to_as_many(client: Client, data_dir: Path) -> None:
    for number, day in enumerate((3, 3, 9), start=1):
        make_article(number, published_at=datetime(2020, 1, day, tzinfo=UTC))
    make_article(4, published_at=datetime(2020, 2, 3, tzinfo=UTC))
    index()
    page = client.get("/search/?q=quokkas&month=2020-01").content.decode()
    days = re.findall(r'<a href="([^"]+)" aria-label="([^":]+: \d+)"[^>]*data-start="2020-01-\d\d"', page)
    assert [label for _, label in days] == ["3 January 2020: 2", "9 January 2020: 1"]
    narrowed = client.get(days[0][0].replace("&amp;", "&")).content.decode()
    assert shown_total(narrowed) == 2
    assert "<b>3 January 2020</b>" in narrowed
    assert "Articles by day" not in client.get("/search/?q=quokkas").content.decode()
