"""Nearly the same texts (wire copy with edits) as families: MinHash over word sequences, candidates by LSH.

Runs after ingest, outside its transactions, over what is new or changed since; of the rest only bands are in memory.
MinHash: Broder 1997, by rensa.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from rensa import RMinHash

from archive.access import ANYBODY, Reader
from archive.ingest.bands import PERMUTATIONS, SEED, Bands
from archive.ingest.identity import SHORT_WORDS
from archive.locks import archive_lock
from archive.models import Article, queue_for_index
from archive.sketches import TextSketch

THRESHOLD = 0.6
"""Least share of common word sequences: an article cut by a third, or with every tenth sentence rewritten."""
_SEQUENCE = 4
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
        bands = _all_bands()
        articles = related = 0
        for batch in _batches():
            with transaction.atomic():
                related += _Families(batch, bands).update()
            articles += len(batch)
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
    """The families that a batch of articles touches, and the rules by which they grow, join and lose members."""

    def __init__(self, batch: Sequence[Article], bands: Bands) -> None:
        """`bands` are those of all articles whose present text is sketched; the batch's are added."""
        self._versions = {article.pk: article.version for article in batch}
        self._sketches = {article.pk: sketch_of(article.body) for article in batch}
        mine = list(self._sketches.values())
        bands.add(list(self._versions), mine)
        # Of two in the batch, the later one finds the earlier.
        self._candidates = {
            article: {other for other in found if other < article or other not in self._versions}
            for article, found in zip(self._versions, bands.candidates(mine), strict=True)
        }
        self._before = dict(TextSketch.objects.filter(article__in=self._versions).values_list("article", "leader"))
        """Whom the articles of the batch followed with their old text."""
        self._leaders: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        """By leader, itself among them."""
        self._moved: set[int] = set()
        """Whose leader changed and is not saved yet. Search shows families as one, so their documents change too."""
        leaders = set(filter(None, self._before.values()))
        for sketch in _current("article", set().union(*self._candidates.values()) - self._versions.keys()):
            self._sketches[sketch.article_id] = _restored(sketch)
            if sketch.leader_id is not None:
                leaders.add(sketch.leader_id)
        for sketch in _current("leader", leaders):
            if sketch.leader_id is not None:
                self._leaders[sketch.article_id] = sketch.leader_id
                self._members.setdefault(sketch.leader_id, set()).add(sketch.article_id)

    def update(self) -> int:
        """Give each article of the batch its place and write all that changed; how many have relatives."""
        related = sum([self._add(article) for article in self._versions])
        self._save()
        return related

    def _add(self, article: int) -> bool:
        self._leave(article)
        mine = self._sketches[article]
        near = {
            other
            for other in self._candidates[article]
            if other in self._sketches and mine.jaccard(self._sketches[other]) >= THRESHOLD
        }
        if near:
            self._unite({article, *near, *(self._leaders[other] for other in near if other in self._leaders)})
        return bool(near)

    def _save(self) -> None:
        """Write the sketches of the batch, and the leaders of all whose families changed through them."""
        others = sorted(self._moved - self._versions.keys())
        missing = {*others, *(self._leaders[one] for one in others if one in self._leaders)} - self._sketches.keys()
        self._sketches |= {sketch.article_id: _restored(sketch) for sketch in _current("article", missing)}
        TextSketch.objects.bulk_create(
            [
                self._row(pk, version=version, state=self._sketches[pk].__getstate__())
                for pk, version in self._versions.items()
            ],
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["version", "state", "leader", "similarity"],
        )
        still = [self._row(pk) for pk in others if pk in self._sketches]
        TextSketch.objects.bulk_update(still, ["leader", "similarity"], batch_size=_BATCH)
        queue_for_index(sorted(self._moved))

    def _row(self, article: int, **columns: Any) -> TextSketch:
        leader = self._leaders.get(article)
        similarity = 1.0 if leader is None else float(self._sketches[leader].jaccard(self._sketches[article]))
        return TextSketch(article_id=article, leader_id=leader, similarity=round(similarity, 3), **columns)

    def _unite(self, articles: set[int]) -> None:
        """One family of these articles and of all families that they lead; its first article leads it."""
        self._lead(articles.union(*(self._members.pop(one, ()) for one in articles)))

    def _leave(self, article: int) -> None:
        """Take an article whose text has changed out of its family; a family of one is none."""
        leader = self._leaders.pop(article, None) or self._before.get(article)
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

    def _lead(self, members: set[int]) -> None:
        leader = min(members)
        self._leaders.update(dict.fromkeys(members, leader))
        self._members[leader] = members
        self._moved |= members


def _all_bands() -> Bands:
    """The bands of all articles whose present text is sketched."""
    bands = Bands()
    current = TextSketch.objects.filter(version=F("article__version")).only("article", "state")
    sketches = current.iterator(chunk_size=_BATCH)
    while batch := list(islice(sketches, _BATCH)):
        bands.add([sketch.article_id for sketch in batch], [_restored(sketch) for sketch in batch])
    return bands


def _current(column: str, ids: Collection[int]) -> Iterator[TextSketch]:
    """The sketches of present texts that have one of these ids in a column; not all ids at once, SQLite has a limit."""
    still = iter(sorted(ids))
    while some := list(islice(still, _BATCH)):
        yield from TextSketch.objects.filter(version=F("article__version"), **{f"{column}__in": some})


def sketch_of(paragraphs: Sequence[str]) -> RMinHash:
    """The MinHash of all sequences of four words, case folded."""
    words = _WORD.findall(" ".join(paragraphs).casefold())
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update([" ".join(words[at : at + _SEQUENCE]) for at in range(max(1, len(words) - _SEQUENCE + 1))])
    return sketch


def _restored(sketch: TextSketch) -> RMinHash:
    restored = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    restored.__setstate__(bytes(sketch.state))
    return restored
