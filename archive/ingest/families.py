"""Nearly the same texts (wire copy with edits) as families: MinHash over word sequences, candidates by LSH.

Runs after ingest, outside its transactions, over what is new or changed since; the rest is read back from its sketches.
MinHash: Broder 1997; banding: Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, §3.4; both by rensa.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from rensa import RMinHash, RMinHashLSH

from archive.access import ANYBODY, Reader
from archive.ingest.identity import SHORT_WORDS
from archive.locks import archive_lock
from archive.models import Article, queue_for_index
from archive.sketches import TextSketch

THRESHOLD = 0.6
"""Least share of common word sequences: an article cut by a third, or with every tenth sentence rewritten."""
_SEQUENCE = 4
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 42  # finds pairs at the threshold with a chance of .99
_BATCH = 500
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FamilyReport:
    """How many articles were looked at, and how many of them are nearly the same as another."""

    articles: int
    related: int


@dataclass(frozen=True, slots=True)
class Relative:
    """Another article of the same family, and how much of the text they share (0–1)."""

    article: Article
    similarity: float


def relatives(article: Article, reader: Reader = ANYBODY) -> list[Relative]:
    """Listed articles that are nearly the same text, the most alike first."""
    own = TextSketch.objects.filter(article=article).first()
    if own is None or own.leader_id is None:
        return []
    others = TextSketch.objects.filter(leader=own.leader_id).exclude(article=article).in_bulk()
    # In two steps, or SQLite goes through all articles that a reader may see.
    shown = Article.objects.listed_for(reader).filter(pk__in=others).select_related("source")
    mine = _restored(own)
    found = [Relative(one, round(float(mine.jaccard(_restored(others[one.pk]))), 3)) for one in shown]
    return sorted(found, key=lambda one: (-one.similarity, one.article.pk))


def update_families() -> FamilyReport:
    """Sketch what is new or changed and put it into families. Only one process does so at a time; others wait.

    Raises Locked if another one takes longer than ten minutes.
    """
    with archive_lock("families", timeout=600):
        if not _pending().exists():
            return FamilyReport(0, 0)
        families = _Families()
        articles = related = 0
        for batch in _batches():
            with transaction.atomic():
                joined = [families.add(article) for article in batch]
                families.save(batch)
            articles += len(batch)
            related += sum(joined)
        return FamilyReport(articles, related)


def _pending() -> QuerySet[Article]:
    """Articles long enough to be compared whose present text was not sketched."""
    return Article.objects.filter(word_count__gte=SHORT_WORDS).filter(
        Q(sketch__isnull=True) | ~Q(sketch__version=F("version"))
    )


def _batches() -> Iterator[Sequence[Article]]:
    last = 0
    while batch := list(_pending().filter(pk__gt=last).order_by("pk").only("pk", "body", "version")[:_BATCH]):
        yield batch
        last = batch[-1].pk


class _Families:
    """All sketches in memory (about 1 KB an article), and the rules by which families grow, join and lose members."""

    def __init__(self) -> None:
        self._lsh = RMinHashLSH(THRESHOLD, _PERMUTATIONS, _BANDS)
        self._hashes: dict[int, RMinHash] = {}
        self._leaders: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        """By leader, itself among them: looking through all articles for each that joins would take for ever."""
        self._moved: set[int] = set()
        """Whose leader changed and is not saved yet. Search shows families as one, so their documents change too."""
        current = TextSketch.objects.filter(version=F("article__version"))
        for sketch in current.iterator(chunk_size=2000):
            self._remember(sketch.article_id, _restored(sketch))
            if sketch.leader_id is not None:
                self._leaders[sketch.article_id] = sketch.leader_id
                self._members.setdefault(sketch.leader_id, set()).add(sketch.article_id)

    def add(self, article: Article) -> bool:
        """Sketch an article and give it its place; whether it has relatives. Call `save` after a batch of these."""
        self._leave(article.pk)
        mine = sketch_of(article.body)
        near = [other for other in self._lsh.query(mine) if mine.jaccard(self._hashes[other]) >= THRESHOLD]
        self._remember(article.pk, mine)
        if near:
            self._unite({article.pk, *near, *(self._leaders[other] for other in near if other in self._leaders)})
        return bool(near)

    def save(self, batch: Sequence[Article]) -> None:
        """Write the sketches of these articles, and the leaders of all whose families changed through them."""
        versions = {article.pk: article.version for article in batch}
        sketches = [
            self._row(pk, version=version, state=self._hashes[pk].__getstate__()) for pk, version in versions.items()
        ]
        TextSketch.objects.bulk_create(
            sketches,
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["version", "state", "leader", "similarity"],
        )
        others = [self._row(pk) for pk in sorted(self._moved - versions.keys())]
        TextSketch.objects.bulk_update(others, ["leader", "similarity"], batch_size=_BATCH)
        queue_for_index(sorted(self._moved))
        self._moved.clear()

    def _row(self, article: int, **columns: Any) -> TextSketch:
        leader = self._leaders.get(article)
        similarity = 1.0 if leader is None else float(self._hashes[leader].jaccard(self._hashes[article]))
        return TextSketch(article_id=article, leader_id=leader, similarity=round(similarity, 3), **columns)

    def _unite(self, articles: set[int]) -> None:
        """One family of these articles and of all families that they lead; its first article leads it."""
        self._lead(articles.union(*(self._members.pop(one, ()) for one in articles)))

    def _leave(self, article: int) -> None:
        """Take an article whose text has changed out of its family; a family of one is none."""
        leader = self._leaders.pop(article, None) or self._stored_leader(article)
        if leader is None:
            return
        self._moved.add(article)
        rest = self._members.pop(leader, set()) - {article}
        if len(rest) == 1:
            self._leaders.pop(next(iter(rest)))
            self._moved |= rest
        elif rest and leader == article:
            self._lead(rest)
        elif rest:
            self._members[leader] = rest

    def _stored_leader(self, article: int) -> int | None:
        return TextSketch.objects.filter(article=article).values_list("leader", flat=True).first()

    def _lead(self, members: set[int]) -> None:
        leader = min(members)
        self._leaders.update(dict.fromkeys(members, leader))
        self._members[leader] = members
        self._moved |= members

    def _remember(self, article: int, sketch: RMinHash) -> None:
        self._hashes[article] = sketch
        self._lsh.insert(article, sketch)


def sketch_of(paragraphs: Sequence[str]) -> RMinHash:
    """The MinHash of all sequences of four words, case folded."""
    words = _WORD.findall(" ".join(paragraphs).casefold())
    sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update([" ".join(words[at : at + _SEQUENCE]) for at in range(max(1, len(words) - _SEQUENCE + 1))])
    return sketch


def _restored(sketch: TextSketch) -> RMinHash:
    restored = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    restored.__setstate__(bytes(sketch.state))
    return restored
