"""Entities that are probably one, for librarians to judge: proposals only, most articles gained first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from archive.choices import DecisionKind, EntityKind
from archive.ingest.entities.partition import family, one_letter_apart
from archive.models import Decision, Entity
from archive.text import name_key

CONSIDERED = 5_000
"""Entities looked at, the most named ones: the tail gains little and costs much."""
BLOCK = 300
"""Entities compared with each other at most; a larger block is no evidence."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`one` has more articles; merging brings it those of `other`."""

    one: Entity
    other: Entity
    reason: str

    @property
    def gained(self) -> int:
        return self.other.article_count


def probable_duplicates(limit: int = 50, called: str = "") -> list[Proposal]:
    """The proposals that gain most, without the pairs that librarians declared distinct.

    `called`, a `text.name_key`, keeps those of which one name holds it.
    """
    entities = list(Entity.objects.shown().order_by("-article_count", "pk")[:CONSIDERED])
    told_apart = set(
        Decision.objects.filter(kind=DecisionKind.DISTINCT, undone_at=None).values_list("entity_id", "other_id")
    )
    found: dict[tuple[int, int], Proposal] = {}
    for one, other, reason in _alike(entities):
        pair = (min(one.pk, other.pk), max(one.pk, other.pk))
        if pair in told_apart or pair in found:
            continue
        if called and not any(called in name_key(entity.name) for entity in (one, other)):
            continue
        more, fewer = sorted((one, other), key=lambda entity: (-entity.article_count, entity.pk))
        found[pair] = Proposal(more, fewer, reason)
    return sorted(found.values(), key=lambda each: (-each.gained, each.one.pk, each.other.pk))[:limit]


def _alike(entities: Iterable[Entity]) -> Iterator[tuple[Entity, Entity, str]]:
    families: dict[str, list[Entity]] = defaultdict(list)
    given: dict[str, list[Entity]] = defaultdict(list)
    same: dict[str, list[Entity]] = defaultdict(list)
    short: dict[str, list[Entity]] = defaultdict(list)
    long: list[Entity] = []
    for entity in entities:
        key = name_key(entity.name)
        words = key.split()
        same[key].append(entity)
        if entity.kind == EntityKind.PERSON and len(words) > 1:
            families[family(key)].append(entity)
            given[words[0]].append(entity)
        elif entity.kind == EntityKind.ORGANISATION and len(words) == 1:
            short[key].append(entity)
        elif entity.kind == EntityKind.ORGANISATION:
            long.append(entity)
    for one, other in _pairs(same):
        yield one, other, "the same name"
    for one, other in _pairs(families):
        if _near(name_key(one.name).split()[0], name_key(other.name).split()[0]):
            yield one, other, "the same surname, and given names alike"
    for one, other in _pairs(given):
        surnames = family(name_key(one.name)), family(name_key(other.name))
        if min(map(len, surnames)) > 5 and _near(*surnames):
            yield one, other, "the same given name, and surnames alike"
    for entity in long:
        initials = "".join(word[0] for word in name_key(entity.name).split() if word not in ("of", "the", "and", "for"))
        for other in short.get(initials, ()) if len(initials) > 2 else ():
            yield entity, other, "initials of the longer name"


def _pairs(blocks: dict[str, list[Entity]]) -> Iterator[tuple[Entity, Entity]]:
    for block in blocks.values():
        if len(block) <= BLOCK:
            yield from combinations(block, 2)


def _near(one: str, other: str) -> bool:
    """Whether two words of some length are one letter apart."""
    return min(len(one), len(other)) > 3 and one_letter_apart(one, other)
