"""Whether names of different articles are the same: pairs labelled by hand, all names in one archive.

Persons are all pairs that share a last word among the names that CoNLL-2003's editors marked (sport included, where
many are initials), a sample of those that are not the same; what was not clear was left out.
"""

import csv
from pathlib import Path

import pytest

from archive.choices import EntityKind
from archive.ingest.entities.link import link
from tests.quality.floors import assert_floor, data_hash

PAIRS = Path(__file__).with_name("name_pairs.tsv")


@pytest.mark.quality
@pytest.mark.django_db
def test_pairs_of_names_that_are_the_same_or_not() -> None:
    with PAIRS.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    links = link((EntityKind(row["kind"]), row[name]) for row in pairs for name in ("name", "other")).links
    right = wrong = missed = 0
    for row in pairs:
        kind, same = EntityKind(row["kind"]), row["same"] == "yes"
        one, other = (links[kind, row[name]].entity for name in ("name", "other"))
        joined = one is not None and one == other
        right += joined and same
        wrong += joined and not same
        missed += same and not joined
        if joined != same:
            print(f"   {'joined' if joined else 'missed'}: {row['name']} | {row['other']}")
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"\n{len(pairs)} pairs: merge precision {precision:.3f}, recall {recall:.3f}")
    assert_floor("names_merge_precision", precision, data_hash([PAIRS]))
    assert_floor("names_merge_recall", recall, data_hash([PAIRS]))
