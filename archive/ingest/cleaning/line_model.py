"""The last resort for lines that no rule explains: a linear model whose features and weights can be read.

Its weights are trained by `manage.py train_line_model`; a line's score is the logistic function of the sum of the
weights of the features that are true of it, and says how likely the line is body.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from archive.ingest.cleaning.line_features import page_traits
from archive.ingest.cleaning.model_scope import may_cut
from archive.ingest.cleaning.page import Page, Rule, Step
from archive.ingest.cleaning.traits import Traits, names_of

MODEL = Rule(
    "line-model",
    "A line that no rule explains and that the line model takes for furniture; the score stands beside it.",
)
WEIGHTS_FILE = Path(__file__).with_name("line_model.json")
_REASONS = 3
_MOST_SUMS = 20_000


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights of the features, the constant term, and the score below which a line is cut."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    _sums: dict[Traits, float] = field(default_factory=dict, repr=False, compare=False)
    """The sum of the weights of traits that were met before."""

    def score(self, traits: Iterable[Traits]) -> float:
        """How likely a line of which these are true is body, 0–1."""
        total, known = self.bias, self._sums.get
        for each in traits:
            found = known(each)
            total += self._sum(each) if found is None else found
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def _sum(self, traits: Traits) -> float:
        if len(self._sums) >= _MOST_SUMS:
            self._sums.clear()
        found = self._sums[traits] = sum(self.weights.get(name, 0.0) for name in traits.names)
        return found

    def reasons(self, traits: Iterable[Traits]) -> str:
        """The features that speak most strongly for furniture, in words."""
        names = (name for name in dict.fromkeys(names_of(traits)) if self.weights.get(name, 0.0) < 0)
        return "; ".join(sorted(names, key=self.weights.__getitem__)[:_REASONS])


@lru_cache(maxsize=1)
def shipped_model() -> LineModel:
    """The model whose weights lie beside this module."""
    stored = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    return LineModel(stored["weights"], stored["bias"], stored["threshold"])


def cut_by_model(page: Page) -> None:
    """Cut open lines in the model's scope that score below the threshold, each with its score and strongest reasons."""
    if page.hints.extracted:
        return
    model = shipped_model()
    for line, traits, asked in zip(page.lines, page_traits(page), may_cut(page), strict=True):
        if asked and traits and (score := model.score(traits)) < model.threshold:
            line.remove(MODEL.name, f"score {score:.2f}: {model.reasons(traits)}")


STEP = Step((MODEL,), cut_by_model)
