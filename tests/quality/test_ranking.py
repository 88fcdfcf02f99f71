"""Questions as people ask them, over the TIME collection: the ranking beside FTS5's and tantivy's in the same run."""

import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.parser import parse
from archive.search.prose import ranked
from tests.quality.floors import assert_floor, data_hash
from tests.quality.time_collection import Collection, average_precision, index_document, ndcg, read

pytestmark = pytest.mark.quality
DEPTH = 423
Ask = Callable[[str], list[int]]


def ours(documents: dict[int, str], folder: Path) -> Ask:
    """As `run.search` answers: all words first, the ranking by telling words where hardly anything has them all."""
    backend = WhooshBackend(str(folder))
    backend.rebuild(lambda: (index_document(number, text) for number, text in documents.items()))

    def ask(text: str) -> list[int]:
        query = parse(text)
        strict = backend.search(query.root, limit=DEPTH)
        page = backend.search(sentence, limit=DEPTH) if strict.total < 5 and (sentence := ranked(query)) else strict
        return [hit.article_id for hit in page.hits]

    return ask


def fts5(documents: dict[int, str], folder: Path) -> Ask:
    """SQLite's full text, Porter stems, an OR of the question's words by bm25()."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table article using fts5(body, tokenize='porter unicode61')")
    db.executemany("insert into article (rowid, body) values (?, ?)", documents.items())

    def ask(text: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in words_of(text))
        rows = db.execute("select rowid from article where article match ? order by bm25(article), rowid", [words])
        return [number for (number,) in rows]

    return ask


def tantivy(documents: dict[int, str], folder: Path) -> Ask:
    """tantivy, analyser `en_stem`, an OR of the question's words."""
    engine = pytest.importorskip("tantivy", reason="tantivy is not installed: pip install -r requirements-dev.txt")
    builder = engine.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("body", tokenizer_name="en_stem")
    index = engine.Index(builder.build())
    writer = index.writer()
    for number, text in documents.items():
        writer.add_document(engine.Document(number=number, body=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> list[int]:
        query = index.parse_query(" ".join(words_of(text)), ["body"])
        return [searcher.doc(address)["number"][0] for _, address in searcher.search(query, DEPTH).hits]

    return ask


def words_of(text: str) -> list[str]:
    # In lower case: AND and OR in capitals would be operators of both engines.
    return re.findall(r"\w+", text.lower())


def score(collection: Collection, ask: Ask) -> tuple[float, float]:
    """Mean (nDCG@10, average precision) over the judged questions."""
    rankings = [(ask(collection.queries[number]), found) for number, found in collection.relevant.items()]
    return mean(ndcg(*pair) for pair in rankings), mean(average_precision(*pair) for pair in rankings)


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def test_questions_are_answered_at_least_as_well_as_by_fts5_and_tantivy(shared_data: Path, tmp_path: Path) -> None:
    collection = read(shared_data / "time")
    assert (len(collection.documents), len(collection.queries), len(collection.relevant)) == (423, 83, 42)
    scores = {make.__name__: score(collection, make(collection.documents, tmp_path)) for make in (ours, fts5, tantivy)}
    print(f"\nTIME, {len(collection.relevant)} questions as asked    nDCG@10   MAP")
    for name, (gain, precision) in scores.items():
        print(f"   {name:32} {gain:.4f}   {precision:.4f}")
    best_gain, best_precision = (max(scores["fts5"][n], scores["tantivy"][n]) for n in (0, 1))
    print(
        f"   against the better of both: {scores['ours'][0] / best_gain:.3f}, {scores['ours'][1] / best_precision:.3f}"
    )
    assert scores["ours"][0] >= best_gain
    assert scores["ours"][1] >= best_precision
    data = data_hash((shared_data / "time").iterdir())
    assert_floor("ranking_ndcg10", scores["ours"][0], data)
    assert_floor("ranking_map", scores["ours"][1], data)
