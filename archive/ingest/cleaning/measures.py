"""How well cleaning does: word 4-gram shingle F1 of the article-extraction benchmark, and the share of lines put right.

The definition is that of scrapinghub/article-extraction-benchmark (MIT), so that figures compare with its table.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

_WORD = re.compile(r"\w+")
_DAMAGED = 0.9


@dataclass(frozen=True, slots=True)
class BodyFigures:
    """Figures over pages, each 0–1; `damaged` is the share of pages that lost a tenth of their body or more."""

    pages: int
    f1: float
    precision: float
    recall: float
    damaged: float


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def body_score(gold: str, found: str) -> tuple[float, float]:
    """Precision and recall of one body."""
    wanted, given = _shingles(gold), _shingles(found)
    if not wanted and not given:
        return 1.0, 1.0
    hits = (wanted & given).total()
    return (hits / given.total() if given else 0.0, hits / wanted.total() if wanted else 0.0)


def body_figures(pairs: Iterable[tuple[str, str]]) -> BodyFigures:
    """Figures over (gold, found) bodies; there must be at least one."""
    scores = [body_score(gold, found) for gold, found in pairs]
    precision, recall = mean(score[0] for score in scores), mean(score[1] for score in scores)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return BodyFigures(len(scores), f1, precision, recall, mean(score[1] < _DAMAGED for score in scores))


def line_accuracy(pages: Iterable[tuple[Sequence[bool | None], Sequence[bool]]]) -> float:
    """Share of lines kept that are body or cut that are not, over (labels, kept) of each page; None is no matter."""
    right = [
        label == keep for labels, kept in pages for label, keep in zip(labels, kept, strict=True) if label is not None
    ]
    return mean(right) if right else 0.0
