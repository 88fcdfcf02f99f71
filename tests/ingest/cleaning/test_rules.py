"""The rules that editors read about are the rules that cut, in both directions."""

import re
from pathlib import Path

from archive.ingest.cleaning.rules import ALL_RULES

DOCS = (Path(__file__).parents[3] / "docs" / "cleaning.md").read_text("utf-8")


def test_every_rule_stands_in_the_docs_and_every_rule_there_exists():
    documented = re.findall(r"^\| `([a-z-]+)` \|", DOCS, re.MULTILINE)
    assert sorted(documented) == sorted(rule.name for rule in ALL_RULES)


def test_rules_have_names_of_their_own_and_say_what_they_do():
    names = [rule.name for rule in ALL_RULES]
    assert len(names) == len(set(names))
    assert all(rule.says.endswith(".") for rule in ALL_RULES)
