"""The measure of the public article-extraction benchmark: word 4-gram shingles, F1 of mean precision and mean recall.

github.com/scrapinghub/article-extraction-benchmark (MIT); a page's score is exact counting of its 4-grams.
"""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import mean

_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def precision_recall(gold: str, found: str) -> tuple[float, float]:
    wanted, got = shingles(gold), shingles(found)
    if not wanted and not got:
        return 1.0, 1.0
    hit = (wanted & got).total()
    return hit / (got.total() or 1), hit / (wanted.total() or 1)


def f1_of_means(scores: Sequence[tuple[float, float]]) -> float:
    precision, recall = mean(p for p, _ in scores), mean(r for _, r in scores)
    return 2 * precision * recall / (precision + recall or 1)


def same_title(one: str, other: str) -> bool:
    """Equal but for blanks, case, and curly or straight quotation marks."""
    return " ".join(one.translate(_QUOTES).casefold().split()) == " ".join(other.translate(_QUOTES).casefold().split())
