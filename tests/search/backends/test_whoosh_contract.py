"""The embedded backend keeps the contract, and finds what looking at every document finds."""

import random
from datetime import date, timedelta
from pathlib import Path

from archive.search.backends.base import FACETS, Filter, SearchBackend
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.documents import IndexDocument
from archive.search.query import (
    And,
    Dated,
    Fuzzy,
    Keyword,
    KeywordIn,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Sort,
    TextField,
    Word,
)
from tests.search.contract import SearchBackendContract
from tests.search.library import document
from tests.search.reference import ReferenceBackend


class TestWhoosh(SearchBackendContract):
    @staticmethod
    def make(folder: Path) -> SearchBackend:
        return WhooshBackend(str(folder))

    @staticmethod
    def same(backend: SearchBackend, folder: Path) -> SearchBackend:
        return WhooshBackend(str(folder))


VOCABULARY = "oil price prices market bank rate rated exports dollar minister café zinc quota".split()


def random_document(rng: random.Random, number: int) -> IndexDocument:
    day = date(1987, 1, 1) + timedelta(days=rng.randrange(900)) if rng.random() < 0.8 else None
    return document(
        number,
        " ".join(rng.choices(VOCABULARY, k=rng.randint(0, 12))),
        title=" ".join(rng.choices(VOCABULARY, k=rng.randint(0, 4))),
        language=rng.choice(("en", "fr")),
        source=rng.choice(("afp", "reuters", "times")),
        people=tuple(rng.sample(("baker", "volcker", "thatcher"), rng.randint(0, 3))),
        family=rng.choice((0, 0, 3, 8)),
        day=day,
    )


def random_node(rng: random.Random, depth: int) -> Node:
    def word() -> Word:
        return Word(rng.choice(VOCABULARY), exact=rng.random() < 0.2)

    match rng.randrange(11 if depth else 7):
        case 0 | 1:
            return word()
        case 2:
            return Phrase(tuple(rng.choices(VOCABULARY, k=rng.randint(2, 3))), rng.randint(0, 3))
        case 3:
            left, right = rng.sample(VOCABULARY, 2)
            return Near(Word(left), Word(right), rng.randint(1, 4))
        case 4:
            return Prefix(rng.choice(VOCABULARY)[: rng.randint(1, 3)])
        case 5:
            return rng.choice((Fuzzy(rng.choice(VOCABULARY)), Word(rng.choice(VOCABULARY), TextField.TITLE)))
        case 6:
            return rng.choice((KeywordIn(Keyword.PERSON, ("baker",)), Dated(date(1987, 6, 1), date(1988, 6, 30))))
        case 7 | 8:
            return And(tuple(random_node(rng, depth - 1) for _ in range(rng.randint(1, 3))))
        case 9:
            return Or(tuple(random_node(rng, depth - 1) for _ in range(rng.randint(1, 3))))
    return Not(random_node(rng, depth - 1))


def test_random_queries_find_what_looking_at_every_document_finds(tmp_path: Path) -> None:
    rng = random.Random(5)
    oracle, backend = ReferenceBackend(), WhooshBackend(str(tmp_path))
    for first in range(0, 90, 30):
        documents = [random_document(rng, number) for number in range(first, first + 35)]
        deleted = rng.sample(range(first), min(first, 5))
        for one in (oracle, backend):
            one.update(documents, deleted)
    for _ in range(600):
        root = random_node(rng, 2)
        filters = (Filter("source", ("afp", "times"), exclude=rng.random() < 0.5),) if rng.random() < 0.5 else ()
        sort = rng.choice((Sort.NEWEST, Sort.OLDEST))
        options = {"filters": filters, "sort": sort, "facets": FACETS, "limit": 30, "offset": rng.choice((0, 7))}
        options |= {
            "collapse": rng.random() < 0.5,
            "hidden_sources": frozenset(rng.sample(("afp", "times"), rng.randint(0, 1))),
        }
        ours, expected = backend.search(root, **options), oracle.search(root, **options)
        assert [(hit.article_id, hit.others) for hit in ours.hits] == [
            (hit.article_id, hit.others) for hit in expected.hits
        ], root
        assert (ours.total, ours.stories, ours.facets) == (expected.total, expected.stories, expected.facets), root
