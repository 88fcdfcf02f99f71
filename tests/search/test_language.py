"""The language's one table against the parser and the documentation, in both directions."""

import re
from pathlib import Path

import pytest

from archive.search.fields import FIELDS
from archive.search.language import LANGUAGE, Operator, markdown
from archive.search.parser import parse

DOCS = Path(__file__).resolve().parents[2] / "docs/query-language.md"


@pytest.mark.parametrize("operator", LANGUAGE, ids=lambda one: one.syntax)
def test_every_example_is_understood(operator: Operator) -> None:
    assert parse(operator.example).notes == ()


def test_every_field_is_in_the_table_and_no_other() -> None:
    documented = {name for one in LANGUAGE for name in re.findall(r"\b([a-z]+):", one.syntax)}
    assert documented == set(FIELDS)


def test_the_documentation_holds_the_table_as_it_is() -> None:
    documented = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert documented == markdown().splitlines()
