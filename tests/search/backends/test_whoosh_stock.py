"""The arrays answer as stock Whoosh does over the same files: hits, scores, counts and facets, whatever the segments."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.search import query
from archive.search.backends.base import Filter
from archive.search.backends.whoosh import merging
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.documents import IndexDocument
from archive.search.query import Keyword, Sort, TextField
from tests.search.backends.stock_whoosh import Stock

QUERIES = 1_000
FACETS = ("person", "source", "language")
STEMS = [
    "oil",
    "price",
    "market",
    "bank",
    "trade",
    "rate",
    "export",
    "dollar",
    "minister",
    "share",
    "company",
    "report",
    "government",
    "wheat",
    "coffee",
    "quota",
    "tanker",
    "université",
    "économie",
    "Straße",
    "co-operation",
    "O'Brien",
    "U.S.",
    "1,000",
    "東京都",
    "水",
    "don't",
    "Germany's",
    "the",
    "of",
    "in",
    "said",
]
ENDINGS = ("", "", "", "s", "ed", "ing")


def words(rng: random.Random, most: int) -> str:
    """Zipf-like text, so that some words are in nearly every document and some in one."""
    count = rng.randint(0, most)
    return " ".join(STEMS[min(int(rng.expovariate(0.15)), len(STEMS) - 1)] + rng.choice(ENDINGS) for _ in range(count))


def document(rng: random.Random, number: int) -> IndexDocument:
    day = None if rng.random() < 0.1 else date(1987, 1, 1) + timedelta(days=rng.randrange(900))
    return IndexDocument(
        id=number,
        content_hash=f"{rng.random()}",
        title=words(rng, 8),
        body=words(rng, 120),
        byline=words(rng, 3),
        said=words(rng, 20),
        language=rng.choice(("en", "en", "en-GB", "", "fr", "de")),
        source=rng.choice(("reuters", "afp", "dpa")),
        section=rng.choice(("", "money")),
        people=tuple(rng.sample([f"person-{n}" for n in range(12)], rng.randrange(4))),
        organisations=(),
        places=tuple(rng.sample(["rome", "paris", "bonn"], rng.randrange(3))),
        speakers=(),
        published_on=day,
        published_at=None,
        flags=("date-unknown",) if day is None else (),
    )


def node(rng: random.Random, depth: int = 2) -> query.Node:
    word = rng.choice(STEMS) + rng.choice(ENDINGS)
    field = rng.choice((TextField.ANYWHERE, TextField.ANYWHERE, TextField.ANYWHERE, *TextField))
    kind = rng.randrange(13 if depth else 8)
    match kind:
        case 0 | 1 | 2:
            return query.Word(word, field, exact=rng.random() < 0.2)
        case 3:
            phrase = tuple(rng.choice(STEMS) + rng.choice(ENDINGS) for _ in range(rng.randint(1, 3)))
            # Over more than two words Whoosh allows the slop between each two, and the language altogether.
            return query.Phrase(phrase, rng.choice((0, 0, 1, 3)) if len(phrase) == 2 else 0, field)
        case 4:
            return query.Prefix(word[: rng.randint(1, 3)], field)
        case 5:
            return query.Fuzzy(word, rng.randint(1, 2), field)
        case 6:
            return query.KeywordIn(rng.choice((Keyword.PERSON, Keyword.SOURCE)), (f"person-{rng.randrange(12)}", "afp"))
        case 7:
            start = date(1987, 1, 1) + timedelta(days=rng.randrange(900))
            return query.Dated(
                rng.choice((start, None)), rng.choice((start + timedelta(days=rng.randrange(200)), None))
            )
        case 8 | 9:
            return query.And(tuple(node(rng, depth - 1) for _ in range(rng.randint(1, 3))))
        case 10 | 11:
            return query.Or(tuple(node(rng, depth - 1) for _ in range(rng.randint(1, 3))))
        case _:
            # An exclusion by itself scores 1 in Whoosh and nothing here, so it comes with something it excludes from.
            return query.And((node(rng, 0), query.Not(node(rng, depth - 1))))


@pytest.fixture(scope="module")
def several_segments(tmp_path_factory: pytest.TempPathFactory) -> tuple[WhooshBackend, Path, Stock]:
    """180 documents in several commits, some replaced and some deleted, in segments that are never merged."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(merging, "_SMALL", 0)
    monkeypatch.setattr(merging, "_GROWTH", 0)
    rng = random.Random(7)
    folder = tmp_path_factory.mktemp("index")
    backend = WhooshBackend(str(folder))
    for first in range(0, 180, 36):
        backend.update([document(rng, number) for number in range(first, first + 36)])
    backend.update([document(rng, number) for number in range(0, 180, 7)], range(0, 180, 11))
    monkeypatch.undo()
    return backend, folder / "current", Stock(folder / "current")


def check(backend: WhooshBackend, oracle: Stock, root: query.Node, facets: tuple[str, ...] = FACETS) -> int:
    stock = oracle.ask(root, facets)
    ours = backend.search(root, limit=1_000, facets=facets, facet_limit=100)
    assert ours.total == len(stock.scores)
    assert len({hit.article_id for hit in ours.hits}) == ours.total
    assert {hit.article_id: hit.score for hit in ours.hits} == pytest.approx(stock.scores, rel=1e-4, abs=1e-6)
    assert [hit.score for hit in ours.hits] == sorted((hit.score for hit in ours.hits), reverse=True)
    assert {facet.name: {v.value: v.count for v in facet.values} for facet in ours.facets} == stock.facets
    return ours.total


def test_random_queries_are_answered_as_by_stock_whoosh(several_segments: tuple[WhooshBackend, Path, Stock]) -> None:
    backend, folder, stock = several_segments
    assert len(list(folder.glob("*.arrays"))) >= 5
    rng = random.Random(11)
    # Grouping takes Whoosh most of the time, so one facet a query has to do.
    found = [check(backend, stock, node(rng), (rng.choice(FACETS),)) for _ in range(QUERIES)]
    assert sum(1 for total in found if total) > QUERIES / 2


def test_filters_and_orders_of_date_are_those_of_stock_whoosh(
    several_segments: tuple[WhooshBackend, Path, Stock],
) -> None:
    backend, _, stock = several_segments
    rng = random.Random(19)
    for _ in range(20):
        root = node(rng)
        people = tuple(rng.sample([f"person-{n}" for n in range(12)], rng.randint(1, 3)))
        chosen, excluded = query.KeywordIn(Keyword.PERSON, people), query.KeywordIn(Keyword.SOURCE, ("afp",))
        filters = (Filter("person", people), Filter("source", ("afp",), exclude=True))
        wanted = stock.ask(query.And((root, chosen, query.Not(excluded))), ())
        ours = backend.search(root, filters=filters, limit=1_000)
        assert {hit.article_id: hit.score for hit in ours.hits} == pytest.approx(wanted.scores, rel=1e-4, abs=1e-6)
        for sort in (Sort.NEWEST, Sort.OLDEST):
            found = [hit.article_id for hit in backend.search(root, sort=sort, limit=1_000).hits]
            days = stock.days(root)
            dated = [days[pk] for pk in found if days[pk]]
            assert set(found) == set(days)
            assert dated == sorted(dated, reverse=sort is Sort.NEWEST)
            assert not any(days[pk] for pk in found[len(dated) :])


def test_pages_of_random_queries_follow_one_another(several_segments: tuple[WhooshBackend, Path, Stock]) -> None:
    backend, _, _ = several_segments
    rng = random.Random(13)
    for _ in range(60):
        root, sort = node(rng), rng.choice(list(Sort))
        whole = backend.search(root, sort=sort, limit=1_000).hits
        size = rng.randint(1, 30)
        pages = [
            backend.search(root, sort=sort, offset=start, limit=size).hits
            for start in range(0, len(whole) + size, size)
        ]
        assert [hit.article_id for page in pages for hit in page] == [hit.article_id for hit in whole]
        assert [hit.score for page in pages for hit in page] == pytest.approx([hit.score for hit in whole])


def test_a_merged_index_is_answered_as_by_stock_whoosh(tmp_path: Path) -> None:
    rng = random.Random(17)
    backend = WhooshBackend(str(tmp_path))
    for first in range(0, 90, 30):
        backend.update([document(rng, number) for number in range(first, first + 30)], [first - 5])
    assert len(list((tmp_path / "current").glob("*.arrays"))) == 1
    stock = Stock(tmp_path / "current")
    for _ in range(100):
        check(backend, stock, node(rng))
