"""Spellings of one name."""

import json
from pathlib import Path

from archive.choices import EntityKind
from archive.text import name_key
from archive.variants import canonical_key, variants


def test_other_spellings_are_found_whatever_the_case() -> None:
    assert set(variants("UYGUR")) == {"Uyghur", "Uighur", "Uigur"}
    assert variants("peking") == ("Beijing",)
    assert "Gorbachev" in variants("Gorbachov")
    assert variants("Uighurs")[0] == "Uyghurs"
    assert variants("table") == ()


def test_all_spellings_share_one_key() -> None:
    assert canonical_key(EntityKind.PLACE, "u s") == canonical_key(EntityKind.PLACE, "usa") == "united states"
    assert canonical_key(EntityKind.PERSON, "moamer kadhafi") == "muammar gaddafi"
    assert canonical_key(EntityKind.ORGANISATION, "nato") == "north atlantic treaty organization"
    assert canonical_key(EntityKind.PERSON, "us") == "us"
    assert canonical_key(EntityKind.PLACE, "conn") == "connecticut"


def test_an_abbreviated_state_widens_no_search() -> None:
    assert variants("ore") == variants("Mass.") == ()


def test_no_spelling_stands_in_two_groups() -> None:
    content = json.loads(Path("archive/variants.json").read_text("utf-8"))
    for name, groups in content.items():
        keys = [key for forms in groups for key in {name_key(form) for form in forms}]
        assert len(keys) == len(set(keys)), name
        assert all(len(forms) > 1 for forms in groups)
