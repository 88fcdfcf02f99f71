"""docs/dump-formats.md is checked against the code, in both directions."""

import re
from pathlib import Path

from archive.ingest.readers import FORMATS, Limits
from archive.ingest.readers.compression import COMPRESSIONS
from archive.ingest.readers.fields import FIELD_NAMES
from tests.ingest.test_bad_input import CASES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "dump-formats.md").read_text("utf-8")
READERS = ROOT / "archive" / "ingest" / "readers"


def rows(heading: str) -> list[list[str]]:
    """Cells of the table below a heading."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_format_is_described_in_the_order_of_the_registry_and_none_else() -> None:
    assert [row[0].strip("`") for row in rows("Formats")] == [fmt.name for fmt in FORMATS]


def test_every_container_is_named() -> None:
    section = PAGE.split("## Containers\n", 1)[1].split("\n## ", 1)[0]
    for name in (*(compression.name for compression in COMPRESSIONS), "zip", "tar"):
        assert f"`{name}`" in section


def test_every_field_name_is_listed_in_its_order_and_none_else() -> None:
    listed = {row[0].strip("`"): tuple(re.findall(r"`([^`]+)`", row[1])) for row in rows("Fields")}
    assert listed == FIELD_NAMES


def test_every_rejection_code_is_explained_and_each_explained_one_exists() -> None:
    explained = {row[0].strip("`") for row in rows("What is rejected")}
    sources = "".join(path.read_text("utf-8") for path in READERS.glob("*.py"))
    assert explained == {code for code in explained if f'"{code}"' in sources}
    assert {case.code for case in CASES.values()} - {""} <= explained


def test_the_limits_are_those_of_the_code() -> None:
    limits = Limits()
    section = PAGE.split("## Limits\n", 1)[1].split("\n## ", 1)[0]
    assert f"{limits.record_bytes // 1024**2} MB" in section
    assert f"{limits.total_bytes // 1024**3} GB" in section
    assert f"{limits.bomb_ratio} times" in section
    assert f"{limits.bomb_floor // 1024**2} MB" in section
    assert f"{limits.entries:,} files" in section
