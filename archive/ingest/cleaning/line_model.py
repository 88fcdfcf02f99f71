"""The last resort for lines that no rule explains: a linear model whose features and weights can be read.

Its weights are trained by `manage.py train_line_model`; a line's score is the logistic function of the sum of the
weights of the features that are true of it, and says how likely the line is body.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.ingest.cleaning.line_features import page_features
from archive.ingest.cleaning.page import Page, Rule, Step

MODEL = Rule(
    "line-model",
    "A line that no rule explains and that the line model takes for furniture; the score stands beside it.",
)
WEIGHTS_FILE = Path(__file__).with_name("line_model.json")
_REASONS = 3


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights of the features, the constant term, and the score below which a line is cut."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def score(self, features: list[str]) -> float:
        """How likely a line with these features is body, 0–1."""
        total = self.bias
        get = self.weights.get
        for feature in features:
            total += get(feature, 0.0)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def reasons(self, features: list[str]) -> str:
        """The features that speak most strongly for furniture, in words."""
        against = sorted(
            {feature for feature in features if self.weights.get(feature, 0.0) < 0}, key=self.weights.__getitem__
        )
        return "; ".join(against[:_REASONS])


@lru_cache(maxsize=1)
def shipped_model() -> LineModel:
    """The model whose weights lie beside this module."""
    stored = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    return LineModel(stored["weights"], stored["bias"], stored["threshold"])


def cut_by_model(page: Page) -> None:
    """Cut open lines that score below the threshold, each with its score and strongest reasons."""
    if page.hints.extracted:
        return
    model = shipped_model()
    for line, features in zip(page.lines, page_features(page), strict=True):
        if features and (score := model.score(features)) < model.threshold:
            line.remove(MODEL.name, f"score {score:.2f}: {model.reasons(features)}")


STEP = Step((MODEL,), cut_by_model)
