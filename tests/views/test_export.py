"""Everything as a file: as many rows as the page says, said to be complete, and nothing that a spreadsheet runs."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Article
from archive.text import FORMULA, safe_cell
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def taken(answer: Any) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(taken(answer))))


@given(st.text(max_size=20))
def test_no_text_is_a_formula_to_a_spreadsheet_and_none_is_lost(text: str) -> None:
    made = safe_cell(text)
    assert not made.startswith(FORMULA)
    assert made.removeprefix("'") == text.removeprefix("'")


def test_the_whole_archive_is_taken_with_the_undated_and_without_the_hidden(site: Client) -> None:
    for number in range(1, 8):
        make_article(number, published_at=None if number == 3 else datetime(2020, 1, number, tzinfo=UTC))
    make_article(9, visibility="hidden")
    answer = site.get("/export.csv")
    assert answer["X-Total-Count"] == "7"
    found = rows(answer)
    assert len(found) == 1 + 7 + 1
    assert found[-1] == ["# complete: 7 of 7 articles"]


def test_every_article_of_a_person_is_taken_in_each_format(site: Client) -> None:
    made = [make_article(number) for number in range(1, 6)]
    person = make_person("Ada Vale", *made[:3])
    base = f"{person.get_absolute_url()}export."
    assert f'href="{base}csv"' in site.get(person.get_absolute_url()).content.decode()
    assert len(rows(site.get(f"{base}csv"))) == 1 + 3 + 1
    lines = [json.loads(line) for line in taken(site.get(f"{base}jsonl")).splitlines()]
    assert lines[-1] == {"complete": True, "articles": 3, "total": 3}
    assert {line["id"] for line in lines[:-1]} == {one.pk for one in made[:3]}
    bib = taken(site.get(f"{base}bib"))
    assert (bib.count("@article{"), bib.splitlines()[-1]) == (3, "% complete: 3 of 3 articles")
    ris = taken(site.get(f"{base}ris"))
    assert (ris.count("ER  - "), ris.splitlines()[-1]) == (3, "# complete: 3 of 3 articles")
    assert site.get(f"{base}exe").status_code == 404


def test_an_article_taken_down_on_the_way_makes_the_file_say_that_it_is_not_complete(site: Client) -> None:
    for number in range(1, 4):
        make_article(number)
    index()
    answer = site.get("/search/export.csv?q=quokka")
    Article.objects.filter(external_id="2").update(visibility="hidden")
    found = rows(answer)
    assert len(found) == 1 + 2 + 1
    assert found[-1][0].startswith("# incomplete: 2 of 3 articles")


def test_an_article_that_comes_meanwhile_does_not_change_what_was_promised(site: Client) -> None:
    make_article(1)
    answer = site.get("/export.jsonl")
    make_article(2)
    assert taken(answer).splitlines()[-1] == '{"complete": true, "articles": 1, "total": 1}'


def test_what_nothing_is_found_for_is_a_file_too(site: Client) -> None:
    make_article(1)
    index()
    assert rows(site.get("/search/export.csv?q=zebra"))[-1] == ["# complete: 0 of 0 articles"]


def test_the_first_line_comes_before_any_article_is_fetched(site: Client, django_assert_num_queries: Any) -> None:
    make_article(1)
    index()
    site.get("/search/?q=quokka")
    with django_assert_num_queries(2):
        answer = site.get("/search/export.csv?q=quokka")
        assert next(iter(answer.streaming_content)).startswith(b"\xef\xbb\xbf")  # type: ignore[call-overload]


@pytest.mark.parametrize("many", [10, 450])
def test_exports_ask_once_a_batch(site: Client, many: int, django_assert_num_queries: Any) -> None:
    made = [make_article(number) for number in range(1, many + 1)]
    make_person("Ada Vale", *made)
    index()
    site.get("/search/?q=quokka")
    for path, queries in {"/search/export.csv?q=quokka": 3, "/export.csv": 4, "/people/ada-vale/export.csv": 4}.items():
        with django_assert_num_queries(queries):
            assert len(rows(site.get(path))) == many + 2
