"""Articles like one: those that share its rare names and the rare words of its headline, with what they share."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from archive.access import Reader
from archive.errors import IndexUnavailable
from archive.models import Article, Entity, Mention
from archive.querysets import seen_through
from archive.search.backends.view import View, view
from archive.search.extent import size
from archive.search.query import Word
from archive.search.stop_words import STOP_WORDS
from archive.text import fold

RARE = 300
"""Articles that may have a name or word for it to tell anything; bounds the work, too: 16 things, 300 articles each."""
NAMES, WORDS, SHOWN, REASONS = 8, 8, 5, 4
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Similar:
    article: Article
    shared: tuple[str, ...]
    """The names and words that both have, the rarest first."""


def similar(article: Article, named: Iterable[Entity], leave_out: Iterable[int], reader: Reader) -> list[Similar]:
    """Up to five articles by the sum over what they share of ln(N / n), N all articles and n those that have it.

    That is the inverse document frequency (Spärck Jones 1972) over sets of names and headline words: each counts once,
    and what more than 300 articles have counts nothing. Two things must be shared, or one that five or fewer have.
    `named` are the entities of the article, `leave_out` articles that its page shows already. Without an index only
    names are compared. At most 3 questions to the database and 9 to the index.
    """
    seen = view(reader)
    shared = _by_name(named, reader)
    total = size(seen)
    with suppress(IndexUnavailable):
        shared.update(_by_word(article, seen))
    found: dict[int, list[tuple[float, str, int]]] = defaultdict(list)
    for thing, ids in shared.items():
        weight = math.log(max(total, len(ids) + 1) / max(1, len(ids)))
        for pk in ids:
            found[pk].append((weight, thing, len(ids)))
    for pk in (article.pk, *leave_out):
        found.pop(pk, None)
    scored = [
        (sum(weight for weight, _, _ in reasons), pk, sorted(reasons, reverse=True))
        for pk, reasons in found.items()
        if len(reasons) > 1 or reasons[0][2] <= SHOWN
    ]
    best = sorted(scored, key=lambda row: (-row[0], -row[1]))[: SHOWN * 2]
    articles = Article.objects.listed_for(reader).select_related("source").in_bulk([pk for _, pk, _ in best])
    return [
        Similar(articles[pk], tuple(thing for _, thing, _ in reasons[:REASONS]))
        for _, pk, reasons in best
        if pk in articles
    ][:SHOWN]


def _by_name(named: Iterable[Entity], reader: Reader) -> dict[str, frozenset[int]]:
    rare = sorted((one for one in named if 1 < one.article_count <= RARE), key=lambda one: (one.article_count, one.pk))
    names = {one.pk: one.name for one in rare[:NAMES]}
    articles: dict[str, set[int]] = defaultdict(set)
    seen = Mention.objects.filter(seen_through("article", reader), entity__in=names)
    rows = seen.order_by().values_list("entity_id", "article_id").distinct()
    for entity_id, article_id in rows:
        if entity_id is not None:
            articles[names[entity_id]].add(article_id)
    return {name: frozenset(ids) for name, ids in articles.items()}


def _by_word(article: Article, seen: View) -> list[tuple[str, frozenset[int]]]:
    """The rare words of the headline and the articles that have them; the vocabulary spares the frequent the search."""
    found = []
    for word in _telling(article.title):
        if dict(seen.suggest_terms(word, 20)).get(word, 0) <= RARE:
            page = seen.search(Word(word), limit=RARE)
            if 1 < page.total <= RARE:
                found.append((word, frozenset(hit.article_id for hit in page.hits)))
    return found


def _telling(title: str) -> Sequence[str]:
    words = [word.strip(".,:;!?()“”‘’\"'<>") for word in fold(title).split()]
    kept = [word for word in words if len(word) >= _SHORTEST and word.isalpha() and word not in STOP_WORDS]
    return sorted(dict.fromkeys(kept), key=lambda word: (-len(word), word))[:WORDS]
