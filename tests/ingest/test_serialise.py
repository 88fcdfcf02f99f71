"""Raw records survive being kept."""

import pytest

from archive.choices import ContentKind
from archive.ingest import serialise
from archive.ingest.records import Locator, RawRecord

PLACE = Locator(3, 10, 20, 2, "a.zip/b.txt")


def test_every_field_comes_back() -> None:
    record = RawRecord(
        PLACE, ContentKind.FIELDS, "body", "title", "stand", ("A", "B"), "1987", "src", "id", "url", "sec",
        ("t",), "en", ("note",),
    )  # fmt: skip
    assert serialise.loads(serialise.dumps(record), PLACE, ContentKind.FIELDS) == record


def test_nuls_and_lone_surrogates_come_back() -> None:
    record = RawRecord(PLACE, ContentKind.PAGE_TEXT, "a\0b\ud800c\U0001f600")
    assert serialise.loads(serialise.dumps(record), PLACE, ContentKind.PAGE_TEXT) == record


def test_text_is_kept_in_a_fraction_of_its_size() -> None:
    record = RawRecord(PLACE, ContentKind.PAGE_TEXT, "The bridge is shut. " * 500)
    assert len(serialise.dumps(record)) < 200


def test_bytes_of_another_version_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown version"):
        serialise.loads(b"\x09abc", PLACE, ContentKind.PAGE_TEXT)
