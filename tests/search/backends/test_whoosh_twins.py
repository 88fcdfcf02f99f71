"""What two fields hold alike is written once, and nothing else is taken for alike."""

import random

import numpy as np
import pytest

from archive.search.backends.whoosh import twins as module
from archive.search.backends.whoosh.arrays import narrow
from archive.search.backends.whoosh.columns import Postings, Vocabulary

Occurrences = dict[bytes, dict[int, list[int]]]
"""Term → document → places."""


def postings(terms: Occurrences) -> Postings:
    runs = [
        (docs, [len(docs[doc]) for doc in docs], [at for doc in docs for at in docs[doc]]) for docs in terms.values()
    ]
    edges = [np.cumsum([0, *(len(run[part]) for run in runs)]) for part in (0, 2)]
    docs, weights, places = (np.array([one for run in runs for one in run[part]], np.int32) for part in range(3))
    return Postings(Vocabulary.of(list(terms)), edges[0], docs, narrow(weights), edges[1], narrow(places))


def test_terms_that_stand_in_the_same_places_are_twins() -> None:
    stems = postings({b"oil": {1: [4, 9], 3: [2]}, b"price": {1: [5], 2: [1]}, b"rate": {1: [4], 3: [2, 9]}})
    exact = postings({b"oils": {1: [4, 9], 3: [2]}, b"prices": {1: [5]}, b"rates": {1: [4], 3: [2, 8]}})
    assert module.twins(exact, stems).tolist() == [0, -1, -1]
    assert module.twins(exact, postings({})).tolist() == [-1, -1, -1]
    assert module.twins(postings({}), stems).tolist() == []


@pytest.mark.parametrize("piece", [3, 1_000_000])
def test_random_terms_are_twins_only_where_everything_is_equal(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(module, "_PIECE", piece)
    rng = random.Random(5)

    def some() -> dict[int, list[int]]:
        return {doc: sorted(rng.sample(range(4), rng.randint(1, 2))) for doc in sorted(rng.sample(range(3), 2))}

    left, right = ({b"%03d" % n: some() for n in range(200)} for _ in range(2))
    found = module.twins(postings(left), postings(right)).tolist()
    others = list(right.values())
    chosen = [(docs, others[twin]) for docs, twin in zip(left.values(), found, strict=True) if twin >= 0]
    assert len(chosen) > 50
    assert all(docs == other for docs, other in chosen)


def test_some_of_the_terms_keep_their_postings() -> None:
    whole = {b"a": {1: [4, 9], 3: [2]}, b"b": {1: [5], 2: [1]}, b"c": {2: [4]}}
    some, wanted = module.only(postings(whole), np.array([0, 2])), postings({b"a": whole[b"a"], b"c": whole[b"c"]})
    assert some.terms[:] == wanted.terms[:]
    for name in ("starts", "docs", "weights", "place_starts", "places"):
        assert getattr(some, name).tolist() == getattr(wanted, name).tolist(), name
