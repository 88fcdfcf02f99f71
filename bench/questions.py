"""The queries of `bench_search.py`: classes of them, made from the corpus itself."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from archive.search.documents import IndexDocument
from archive.search.query import And, Dated, Fuzzy, Keyword, KeywordIn, Node, Or, Phrase, Prefix, Sort, Word

PAGE = 20
FACETS = ("person", "organisation", "place", "source", "year")
EACH = 10


@dataclass(frozen=True)
class Question:
    """One query in a form that every engine's adapter can translate."""

    words: tuple[str, ...]
    join: str = "and"
    """"and", "or", "phrase", "prefix", "fuzzy"."""
    days: tuple[date, date] | None = None
    keyword: tuple[Keyword, str] | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    facets: tuple[str, ...] = field(default=())

    def node(self) -> Node:
        parts: list[Node]
        match self.join:
            case "phrase":
                parts = [Phrase(self.words)]
            case "prefix":
                parts = [Prefix(self.words[0])]
            case "fuzzy":
                parts = [Fuzzy(self.words[0])]
            case "or":
                parts = [Or(tuple(Word(word) for word in self.words))]
            case _:
                parts = [Word(word) for word in self.words]
        if self.days:
            parts.append(Dated(*self.days))
        if self.keyword:
            parts.append(KeywordIn(self.keyword[0], (self.keyword[1],)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))


def questions(sample: list[IndexDocument], size: int, seed: int = 3) -> dict[str, list[Question]]:
    """Classes of queries; common, middling and rare words go by how many of the sample's documents hold them."""
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    people: Counter[str] = Counter()
    for document in sample:
        words = [word for word in document.body.lower().split() if word.isalpha() and len(word) > 3]
        counts.update(set(words))
        pairs.update(set(pairwise(words)))
        people.update(document.people)
    share = {word: count / len(sample) for word, count in counts.items()}
    common = [word for word, part in share.items() if 0.1 < part < 0.35]
    middling = [word for word, part in share.items() if 0.01 < part < 0.05]
    rare = [word for word, part in share.items() if 0.0004 < part < 0.001]
    phrases = [pair for pair, count in pairs.items() if count > len(sample) * 0.003]
    known = [slug for slug, _ in people.most_common(10)]

    def some(words: list[str], count: int = 1) -> tuple[str, ...]:
        return tuple(rng.sample(words, count))

    deep = min(9_980, int(size * 0.08))
    many = range(EACH)
    return {
        "common term": [Question(some(common)) for _ in many],
        "middling term": [Question(some(middling)) for _ in many],
        "rare term": [Question(some(rare)) for _ in many],
        "phrase": [Question(rng.choice(phrases), "phrase") for _ in many],
        "AND of 3": [Question((*some(common, 2), *some(middling))) for _ in many],
        "OR of 3": [Question((*some(common), *some(middling, 2)), "or") for _ in many],
        "person + term": [Question(some(common), keyword=(Keyword.PERSON, rng.choice(known))) for _ in many],
        "source + term": [Question(some(common), keyword=(Keyword.SOURCE, "source-01")) for _ in many],
        "date range + term": [Question(some(common), days=(date(1985, 1, 1), date(1987, 6, 30))) for _ in many],
        "prefix": [Question((word[:4],), "prefix") for word in some(middling, EACH)],
        "fuzzy": [Question((word,), "fuzzy") for word in some(middling, EACH)],
        "newest first": [Question(some(common), sort=Sort.NEWEST) for _ in many],
        "deep page": [Question(some(common), offset=deep) for _ in many],
        "page + 5 facets": [Question(some(common), facets=FACETS) for _ in many],
    }
