"""How the line model's weights come about: labelled pages, cross-validation by site, logistic regression.

Needs numpy and the real data beside the project; nothing else of the archive imports it.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from archive.choices import LinePlace
from archive.ingest.cleaning.alignment import aligned
from archive.ingest.cleaning.chain import BEFORE_MODEL
from archive.ingest.cleaning.doubles import glued_copies
from archive.ingest.cleaning.line_features import page_traits
from archive.ingest.cleaning.line_model import LineModel
from archive.ingest.cleaning.model_scope import may_cut
from archive.ingest.cleaning.page import NO_HINTS, Page
from archive.ingest.cleaning.traits import Traits, names_of

MIN_SITES = 8
"""A feature seen on fewer sites says more of them than of news pages."""
L2 = 20.0
FOLDS = 10
SEED = 7
THRESHOLD = 0.35
"""Below one half: a line wrongly cut costs the archive more than a line wrongly kept."""

_LINE_SHARE = 0.5
_HEAVIEST = 0.2

Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page whose lines are known: `labels` holds for each non-blank line True (body), False or None (no matter)."""

    read_by_hand: bool
    """Whether a reader classed each line; otherwise the lines were held against a known body."""
    site: str
    lines: tuple[str, ...]
    labels: tuple[bool | None, ...]
    body: str


@dataclass(frozen=True, slots=True)
class PageLines:
    """A labelled page after the rules: its lines' features, and the weight of each in training."""

    page: LabelledPage
    lines: Page
    traits: list[list[Traits]]


def labelled_pages(data: Path) -> list[LabelledPage]:
    """All pages of `flattened-html/dev.jsonl.gz` and `flattened/expected/` below the data folder."""
    return [*_flattened_html(data / "flattened-html" / "dev.jsonl.gz"), *_flattened(data / "flattened")]


def data_hash(data: Path) -> str:
    """SHA-256 over the files that the pages come from, in order."""
    digest = hashlib.sha256((data / "flattened-html" / "dev.jsonl.gz").read_bytes())
    for path in sorted((data / "flattened" / "expected").glob("*.json")):
        digest.update(path.read_bytes())
        digest.update((data / "flattened" / "raw" / f"{path.stem}.txt").read_bytes())
    return digest.hexdigest()


def _flattened_html(path: Path) -> Iterator[LabelledPage]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            lines = tuple(row["raw"].splitlines())
            yield LabelledPage(False, site_of(row["source"]), lines, _labels(lines, row["gold_body"]), row["gold_body"])


def _labels(lines: Sequence[str], body: str) -> tuple[bool, ...]:
    """Which lines the known body is made of; a copy of the story on one line is not what it is made of."""
    found = Page(lines, NO_HINTS).lines
    copies = {line.number for line in glued_copies(found)}
    return tuple(aligned(["" if line.number in copies else line.text for line in found], body))


def _flattened(folder: Path) -> Iterator[LabelledPage]:
    sites = {}
    for row in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        sites[row["id"]] = row["site"]
    for path in sorted((folder / "expected").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        places: dict[str, bool | None] = {}
        for key, label in (("body", True), ("captions", False), ("removed", False), ("meta_lines", False)):
            for line in gold[key]:
                places.setdefault(line.strip(), label)
        lines = tuple((folder / "raw" / f"{path.stem}.txt").read_text("utf-8").splitlines())
        labels = tuple(places.get(line.strip()) for line in lines if line.strip())
        yield LabelledPage(True, site_of(sites[path.stem]), lines, labels, "\n".join(gold["body"]))


def site_of(name: str) -> str:
    """A site's own word: "www.bbc.co.uk" and "bbc.com" are both "bbc"; pages of one site never part between folds."""
    parts = name.lower().removeprefix("www.").split(".")
    if len(parts) == 1:
        return parts[0].removesuffix("en")
    return parts[-3] if len(parts) > 2 and parts[-2] in ("co", "com", "org", "net") else parts[-2]


def through_rules(pages: Sequence[LabelledPage]) -> list[PageLines]:
    """Run the rules before the model over every page and take what is true of the lines still open."""
    result = []
    for page in pages:
        lines = Page(page.lines, NO_HINTS)
        for step in BEFORE_MODEL:
            step.run(lines)
        result.append(PageLines(page, lines, page_traits(lines)))
    return result


def train(pages: Sequence[PageLines]) -> LineModel:
    """Weights of a length-weighted logistic regression over the open lines of these pages."""
    sites: dict[str, set[str]] = {}
    for page in pages:
        for traits in page.traits:
            for feature in names_of(traits):
                sites.setdefault(feature, set()).add(page.page.site)
    names = sorted(feature for feature, seen in sites.items() if len(seen) >= MIN_SITES)
    index = {name: number for number, name in enumerate(names)}
    rows: list[list[int]] = []
    labels: list[float] = []
    weights: list[float] = []
    for page in pages:
        for traits, label, weight in zip(page.traits, page.page.labels, _line_weights(page), strict=True):
            if traits and label is not None:
                rows.append([index[feature] for feature in names_of(traits) if feature in index])
                labels.append(float(label))
                weights.append(weight)
    matrix = np.zeros((len(rows), len(names) + 1))
    matrix[:, -1] = 1
    for number, row in enumerate(rows):
        matrix[number, row] = 1
    scale = np.array(weights) * len(weights) / sum(weights)
    fitted = _newton(matrix, np.array(labels), scale)
    learned = {name: round(float(weight), 3) for name, weight in zip(names, fitted, strict=False)}
    return LineModel(
        {name: weight for name, weight in learned.items() if weight}, round(float(fitted[-1]), 3), THRESHOLD
    )


def _line_weights(page: PageLines) -> list[float]:
    """Half of a page's weight goes to its lines alike, half by their words: that is how cleaning is scored."""
    lines = page.lines.lines
    body = sum(line.words for line, label in zip(lines, page.page.labels, strict=True) if label) or 1
    return [_LINE_SHARE / len(lines) + (1 - _LINE_SHARE) * min(line.words / body, _HEAVIEST) for line in lines]


def _newton(matrix: Matrix, labels: Matrix, scale: Matrix, rounds: int = 15) -> Matrix:
    """Penalised logistic regression by Newton's method (iteratively reweighted least squares)."""
    size = matrix.shape[1]
    penalty = np.full(size, L2)
    penalty[-1] = 0.01
    weights: Matrix = np.zeros(size)
    for _ in range(rounds):
        predicted = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (scale * (predicted - labels)) + penalty * weights
        curve = (matrix * (scale * np.maximum(predicted * (1 - predicted), 1e-4))[:, None]).T @ matrix
        curve[np.diag_indices(size)] += penalty
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-3:
            break
    return weights


def folds_of(names: Iterable[str]) -> dict[str, int]:
    """The fold of each site, drawn with the seed."""
    sites = sorted(set(names))
    random.Random(SEED).shuffle(sites)  # noqa: S311 - folds, not secrets
    return {site: number % FOLDS for number, site in enumerate(sites)}


def cross_validated(
    pages: Sequence[PageLines], progress: Callable[[str], None] = lambda _: None
) -> list[tuple[LabelledPage, tuple[str, ...], tuple[bool, ...]]]:
    """For every page its body and its kept lines, by a model that saw no page of its site."""
    fold_of = folds_of(page.page.site for page in pages)
    result = []
    for fold in range(FOLDS):
        model = train([page for page in pages if fold_of[page.page.site] != fold])
        for page in pages:
            if fold_of[page.page.site] == fold:
                kept = tuple(_kept(page, model))
                body = tuple(line.text for line, keep in zip(page.lines.lines, kept, strict=True) if keep)
                result.append((page.page, body, kept))
        progress(f"fold {fold + 1} of {FOLDS}")
    return result


def _kept(page: PageLines, model: LineModel) -> Iterator[bool]:
    for line, traits, asked in zip(page.lines.lines, page.traits, may_cut(page.lines), strict=True):
        if traits and asked:
            yield model.score(traits) >= model.threshold
        else:
            yield line.place in (None, LinePlace.BODY)
