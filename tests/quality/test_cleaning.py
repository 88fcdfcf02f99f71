"""How much of flattened pages cleaning gets right. The figures to trust are those of cross-validation by site, which
`manage.py train_line_model` writes beside the weights; what is measured here has been seen in training."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from archive.ingest.cleaning import clean_lines, line_training, title, title_training
from archive.ingest.cleaning.line_model import WEIGHTS_FILE, shipped_model
from archive.ingest.cleaning.measures import body_figures, line_accuracy
from archive.ingest.records import CleanArticle
from tests.quality.floors import assert_floor
from tests.quality.shingles import same_title

pytestmark = pytest.mark.quality
STORED = json.loads(WEIGHTS_FILE.read_text("utf-8"))


@cache
def cleaned(lines: tuple[str, ...]) -> CleanArticle:
    """Most of these pages are looked at twice: for the title and for the body."""
    return clean_lines(lines)


@pytest.fixture(scope="module")
def pages(request: pytest.FixtureRequest) -> list[line_training.LabelledPage]:
    data = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not data.is_dir():
        pytest.skip(f"the real data is not here: {data} does not exist")
    return line_training.labelled_pages(data)


def test_cross_validated_figures_of_the_shipped_model_hold(shared_data: Path) -> None:
    data = line_training.data_hash(shared_data)
    assert STORED["data_sha256"] == data, "the weights come from other data: run manage.py train_line_model"
    scores = STORED["cross_validated_by_site"]
    assert_floor("flattened_f1_unseen_sites", scores["f1"], data)
    assert_floor("flattened_recall_unseen_sites", scores["recall"], data)
    assert_floor("flattened_undamaged_unseen_sites", 1 - scores["damaged"], data)
    assert_floor("flattened_line_classes_unseen_sites", scores["line_classes"], data)


def test_cross_validated_figures_of_titles_hold(shared_data: Path) -> None:
    """Of pages on one line of which the title stands; a quarter of the gold titles stand on none (other headlines)."""
    data = title_training.data_hash(shared_data)
    stored = json.loads(title.WEIGHTS_FILE.read_text("utf-8"))
    assert stored["data_sha256"] == data, "the weights come from other data: run manage.py train_line_model"
    assert_floor("flattened_title_told_unseen_sites", stored["cross_validated_by_site"]["title_told"], data)


def test_the_shipped_weights_of_titles_are_those_that_training_gives_now(shared_data: Path) -> None:
    trained = title_training.fit(title_training.titled_pages(shared_data))
    shipped = title.shipped_weights()
    assert trained.keys() == shipped.keys()
    assert all(abs(weight - shipped[name]) < 0.05 for name, weight in trained.items())


def test_exact_titles_as_the_scoring_tool_counts_them(shared_data: Path) -> None:
    data = line_training.data_hash(shared_data)
    with gzip.open(shared_data / "flattened-html" / "dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["gold_title"]]
    found = [same_title(row["gold_title"], cleaned(tuple(row["raw"].splitlines())).title) for row in rows]
    stands = [any(same_title(row["gold_title"], line) for line in row["raw"].splitlines()) for row in rows]
    print(f"\ntitles exact: {sum(found)} of {len(rows)}; standing on a line at all: {sum(stands)}")
    assert_floor("flattened_title_exact_seen", sum(found) / len(rows), data)


def test_the_shipped_weights_are_those_that_training_gives_now(pages: list[line_training.LabelledPage]) -> None:
    """Whoever changes a rule or a feature trains again; otherwise the figures beside the weights would be untrue."""
    model = line_training.train(line_training.through_rules(pages))
    shipped = shipped_model()
    assert set(model.weights) ^ set(shipped.weights) <= {
        name for name in {*model.weights, *shipped.weights} if abs(model.weights.get(name, 0)) < 0.01
    }
    assert all(abs(weight - shipped.weights.get(name, 0)) < 0.02 for name, weight in model.weights.items())


def test_the_whole_chain_on_the_pages_it_was_built_on(
    pages: list[line_training.LabelledPage], shared_data: Path
) -> None:
    data = line_training.data_hash(shared_data)
    articles = [cleaned(page.lines) for page in pages]
    bodies = [(page, article) for page, article in zip(pages, articles, strict=True) if not page.read_by_hand]
    figures = body_figures((page.body, "\n".join(article.paragraphs)) for page, article in bodies)
    print(f"\nseen in training: {figures}")
    classed = []
    for page, article in zip(pages, articles, strict=True):
        if page.read_by_hand:
            kept = {line.number for line in article.lines if line.place == "body"}
            numbers = [number for number, line in enumerate(page.lines, 1) if line.strip()]
            classed.append((page.labels, [number in kept for number in numbers]))
    assert_floor("flattened_f1_seen", figures.f1, data)
    assert_floor("flattened_line_classes_seen", line_accuracy(classed), data)
