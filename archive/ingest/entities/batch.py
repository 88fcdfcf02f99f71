"""Many names looked up at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.choices import EntityKind
from archive.models import Entity, EntityAlias
from archive.variants import entity_key

LIMIT = 1_000
"""Lines of one batch."""
NAMESAKES = 5
"""People told for a line that is a surname alone, those of most articles first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive knows of the name in one line."""

    line: int
    name: str
    entities: tuple[Entity, ...] = ()
    problem: str = ""
    by_surname: bool = False
    """Nobody goes by this name alone; these people have it as their surname."""


def look_up(lines: Sequence[str]) -> list[Answer]:
    """An answer for each line that is not blank, in order; lines beyond the limit are told as problems."""
    names = [(number, " ".join(line.split())) for number, line in enumerate(lines, 1) if line.strip()]
    keys: dict[tuple[EntityKind, str], list[Entity]] = defaultdict(list)
    wanted = sorted({entity_key(kind, name) for _, name in names[:LIMIT] for kind in EntityKind} - {""})
    aliases = EntityAlias.objects.filter(key__in=wanted, entity__is_hidden=False)
    for alias in aliases.select_related("entity__merged_into"):
        keys[EntityKind(alias.kind), alias.key].append(alias.entity.root)
    known = {key for _, key in keys}
    alone = [key for key in wanted if " " not in key and key not in known]
    surnames: dict[str, list[Entity]] = defaultdict(list)
    for alias in EntityAlias.objects.filter(
        kind=EntityKind.PERSON, family__in=alone, entity__is_hidden=False
    ).select_related("entity__merged_into"):
        surnames[alias.family].append(alias.entity.root)
    return [_answer(number, name, keys, surnames, beyond=place >= LIMIT) for place, (number, name) in enumerate(names)]


def _answer(
    number: int,
    name: str,
    keys: dict[tuple[EntityKind, str], list[Entity]],
    surnames: dict[str, list[Entity]],
    *,
    beyond: bool,
) -> Answer:
    if beyond:
        return Answer(number, name[:300], problem=f"only {LIMIT:,} names are looked up at once")
    if len(name) > 300:
        return Answer(number, name[:300], problem="longer than 300 characters")
    if not entity_key(EntityKind.PERSON, name):
        return Answer(number, name, problem="no letter or digit in it")
    found = {entity.pk: entity for kind in EntityKind for entity in keys.get((kind, entity_key(kind, name)), ())}
    if found:
        return Answer(number, name, _most_named(found.values()))
    namesakes = {entity.pk: entity for entity in surnames.get(entity_key(EntityKind.PERSON, name), ())}
    if namesakes:
        return Answer(number, name, _most_named(namesakes.values())[:NAMESAKES], by_surname=True)
    return Answer(number, name, problem="no such name in the archive")


def _most_named(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda one: (-one.article_count, one.pk)))
