"""Names of articles become entities of the archive: the one place that decides who is whom across articles.

Organisations and places are one where their keys are equal. Persons are grouped by `partition`, family by family,
whenever a new form of a name arrives; mentions that now belong elsewhere move. Librarians' merges are followed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from anyascii import anyascii
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from archive.access import ANYBODY
from archive.choices import DecisionKind, EntityKind, LinkBy
from archive.ingest.entities.partition import GENERATIONS, family, is_full, partition
from archive.locks import transaction_lock
from archive.models import Article, Entity, EntityAlias, Mention, Quotation
from archive.text import fold, name_key
from archive.variants import canonical_name, entity_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

Name = tuple[EntityKind, str]
LOUD = 4
"""Letters from which a word in capitals is no abbreviation but shouting."""
Value = TypeVar("Value")
CHUNK = 500
"""Values in one IN clause; SQLite's limit is far above, its patience is not."""


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a name means, and how sure that is; no entity where several known persons fit."""

    entity: Entity | None
    by: LinkBy = LinkBy.NAME


@dataclass(slots=True)
class Linking:
    """The links of a batch of names, and what else they changed: articles whose mentions moved, entities to recount."""

    links: dict[Name, Link] = field(default_factory=dict)
    moved_articles: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    spellings: set[Name] = field(default_factory=set)
    """Those that are aliases already."""


def sort_name(kind: EntityKind, name: str) -> str:
    """What lists sort by: "Baker, James" for persons, the name for others, folded."""
    words = name.split()
    if kind is EntityKind.PERSON and len(words) > 1:
        last = len(words) - 1
        while last > 1 and name_key(words[last]) in GENERATIONS:
            last -= 1
        name = " ".join([words[last] + ",", *words[:last], *words[last + 1 :]])
    return fold(name)[:300]


def one_at_a_time() -> None:
    """Until this transaction ends nobody else links names: two that meet a man at once would make two of him."""
    transaction_lock("names")


def link(names: Iterable[Name]) -> Linking:
    """Finds or makes the entity of each name; call it in the transaction that stores the mentions.

    Names without a letter or digit that could be compared are left out of the result.
    """
    done = Linking()
    shown: dict[Name, str] = {}
    asked: dict[Name, Name] = {}
    for kind, name in sorted(set(names)):
        key = entity_key(kind, name)
        if key:
            asked[kind, name] = (kind, key)
            shown[kind, key] = min(
                shown.get((kind, key), name[:300]), name[:300], key=lambda form: _plainness(form, key)
            )
    found: dict[Name, Link] = _link_things(shown, done)
    found |= _link_people({key: name for (kind, key), name in shown.items() if kind is EntityKind.PERSON}, done)
    done.links = {name: found[key] for name, key in asked.items()}
    _name_plainly(shown, found)
    _keep_spellings(asked, done)
    return done


def _name_plainly(shown: dict[Name, str], found: dict[Name, Link]) -> None:
    """An entity goes by the plainest spelling of its name, whichever article came first; its address stays."""
    for (kind, key), name in shown.items():
        entity = found[kind, key].entity
        if entity is None or entity_key(EntityKind(entity.kind), entity.name) != key:
            continue
        if _plainness(name, key) < _plainness(entity.name, key) and not is_renamed(entity):
            entity.name, entity.sort_name = name, sort_name(EntityKind(entity.kind), name)
            entity.save(update_fields=["name", "sort_name"])


@lru_cache(maxsize=4096)
def _plainness(name: str, key: str) -> tuple[bool, bool, int, str]:
    """Least for the plainest spelling: that of the key (which "U.N." is not), without shouting, "The" and "Ltd"."""
    loud = any(word.isupper() and len(word) > LOUD for word in name.split())
    return " ".join(name_key(name).split()[: len(key.split())]) != key, loud, len(name), name


def _keep_spellings(asked: dict[Name, Name], done: Linking) -> None:
    """Every spelling of a name becomes an alias, but for surnames and initials, which may mean others too."""
    EntityAlias.objects.bulk_create(
        [
            _alias(entity, name, key)
            for (kind, name), (_, key) in asked.items()
            if (entity := done.links[kind, name].entity) is not None
            and done.links[kind, name].by is LinkBy.NAME
            and (kind, name) not in done.spellings
        ],
        ignore_conflicts=True,
    )


def _link_things(shown: dict[Name, str], done: Linking) -> dict[Name, Link]:
    wanted = {name: text for name, text in shown.items() if name[0] is not EntityKind.PERSON}
    found: dict[Name, Link] = {}
    for chunk in _chunks(sorted({key for _, key in wanted})):
        aliases = EntityAlias.objects.filter(key__in=chunk).exclude(kind=EntityKind.PERSON)
        for alias in aliases.select_related("entity__merged_into").order_by("-entity_id"):
            found[EntityKind(alias.kind), alias.key] = Link(alias.entity.root)
            done.spellings.add((EntityKind(alias.kind), alias.name))
    missing = [name for name in wanted if name not in found]
    made = create([(kind, canonical_name(kind, key) or wanted[kind, key], [key]) for kind, key in missing])
    return found | {name: Link(entity) for name, entity in zip(missing, made, strict=True)}


def _link_people(shown: dict[str, str], done: Linking) -> dict[Name, Link]:
    families: dict[str, dict[str, Entity]] = {family(key): {} for key in shown}
    for chunk in _chunks(sorted(families)):
        aliases = EntityAlias.objects.filter(kind=EntityKind.PERSON, family__in=chunk)
        for alias in aliases.select_related("entity__merged_into").order_by("-entity_id"):
            families[alias.family][alias.key] = alias.entity
            done.spellings.add((EntityKind.PERSON, alias.name))
    asked: dict[str, list[str]] = defaultdict(list)
    for key in shown:
        asked[family(key)].append(key)
    clans = [_Family(name, known, {key: shown[key] for key in asked[name]}) for name, known in families.items()]
    short = _short_forms([clan for clan in clans if clan.fresh])
    for clan in clans:
        clan.divide(short[clan.name])
    _house(clans)
    found: dict[Name, Link] = {}
    for clan in clans:
        clan.move_others(done)
        found |= {(EntityKind.PERSON, key): clan.linked(key) for key in clan.asked}
    return found


class _Family:
    """The forms of one family: those known, those asked for now, and who is who among them all."""

    def __init__(self, name: str, known: dict[str, Entity], asked: dict[str, str]) -> None:
        self.name, self.known, self.asked = name, known, asked
        self.fresh = [key for key in asked if key not in known]
        self.short: set[str] = set()
        self.stands: dict[str, str | None] = {}
        self.members: dict[str, list[str]] = defaultdict(list)
        """By the form that stands for a person, all forms of that person's name."""
        self.homes: dict[str, Entity] = {}
        """By the same form, the person's entity."""
        self.orphans: list[str] = []
        """Those that have no entity yet."""

    def divide(self, short: set[str]) -> None:
        """Say who is who, and which known entity is whose; `short` are surnames and initials, see _short_forms."""
        self.short = short
        merged = {key: entity.root.pk for key, entity in self.known.items()}
        self.stands = partition([*self.known, *self.asked, *short], merged=merged)
        for key, best in self.stands.items():
            if best is not None:
                self.members[best].append(key)
        taken: set[int] = set()
        for best in sorted(self.members, key=lambda key: (key not in self.known, key)):
            claims = [self.known[key] for key in [best, *sorted(self.members[best])] if key in self.known]
            entity = next((claim for claim in claims if claim.pk not in taken), None)
            if entity is not None:
                taken.add(entity.pk)
                self.homes[best] = entity
        self.orphans = [best for best in self.members if best not in self.homes]

    def settle(self) -> list[EntityAlias]:
        """Bring aliases and names of its entities up to date; returns the aliases to be made."""
        aliases: list[EntityAlias] = []
        orphans = set(self.orphans)
        for best, keys in self.members.items():
            entity = self.homes[best]
            for key in keys:
                is_form = key == best or is_full(key)
                if not is_form or (best in orphans and key == best):
                    continue
                if key not in self.known:
                    aliases.append(_alias(entity, self.asked.get(key, key.title()), key))
                elif self.known[key] != entity:
                    of_form = EntityAlias.objects.filter(kind=EntityKind.PERSON, key=key, entity=self.known[key])
                    of_form.update(entity=entity)
            if best in self.asked and best not in self.known and best not in orphans and not is_renamed(entity):
                # The fullest plain form names the entity, whichever form came first; its address stays.
                entity.name, entity.sort_name = self.asked[best], sort_name(EntityKind.PERSON, self.asked[best])
                entity.save(update_fields=["name", "sort_name"])
        return aliases

    def nobodies(self) -> list[str]:
        """Known short forms that stand for nobody any more."""
        return [key for key in self.known if self.stands[key] != key and not is_full(key)]

    def linked(self, key: str) -> Link:
        best = self.stands[key]
        return Link(None, LinkBy.NONE) if best is None else Link(self.homes[best].root, _sureness(key, best))

    def move_others(self, done: Linking) -> None:
        """Move the mentions of forms that were known, where fresh forms changed who is who."""
        if not self.fresh:
            return
        for key in {*self.known, *self.short} - set(self.fresh):
            before = self.known[key].root if key in self.known else None
            after = self.linked(key)
            if before is None or after.entity != before:
                _move(EntityKind.PERSON, key, after, done)


def _short_forms(clans: list[_Family]) -> dict[str, set[str]]:
    """By family, surnames and initials linked to persons of it because nobody else fitted until now."""
    owners: dict[int, set[str]] = defaultdict(set)
    for clan in clans:
        for entity in clan.known.values():
            owners[entity.root.pk].add(clan.name)
    found: dict[str, set[str]] = defaultdict(set)
    for chunk in _chunks(sorted(owners)):
        mentions = Mention.objects.filter(entity_id__in=chunk, link=LinkBy.SHORT).order_by()
        for key, owner in mentions.values_list("key", "entity_id").distinct():
            if owner is not None and (name := family(key)) in owners[owner]:
                found[name].add(key)
    return found


def _house(clans: list[_Family]) -> None:
    """Give every person of these families an entity and aliases: those that are not there yet are made, all at once."""
    wanted = [(clan, best) for clan in clans for best in clan.orphans]
    made = create([(EntityKind.PERSON, clan.asked.get(best, best.title()), [best]) for clan, best in wanted])
    for (clan, best), entity in zip(wanted, made, strict=True):
        clan.homes[best] = entity
    EntityAlias.objects.bulk_create([alias for clan in clans for alias in clan.settle()], ignore_conflicts=True)
    for chunk in _chunks(sorted({key for clan in clans for key in clan.nobodies()})):
        short = EntityAlias.objects.filter(kind=EntityKind.PERSON, key__in=chunk, entity__merged_into=None)
        short.exclude(family="").delete()


def is_renamed(entity: Entity) -> bool:
    """Whether a librarian gave the entity its name."""
    return entity.decisions.filter(kind=DecisionKind.RENAME, undone_at=None).exists()


def relink(names: Iterable[Name]) -> Linking:
    """Links known names anew after a decision, and moves their mentions; no entity or alias is made.

    `names` are kinds and keys. Mentions that a librarian assigned stay where they are.
    """
    done = Linking()
    wanted = _mentioned(set(names))
    things: dict[Name, Link] = {}
    families: dict[str, dict[str, Entity]] = defaultdict(dict)
    for chunk in _chunks(sorted({key for kind, key in wanted if kind is not EntityKind.PERSON})):
        aliases = EntityAlias.objects.filter(key__in=chunk).exclude(kind=EntityKind.PERSON)
        for alias in aliases.select_related("entity__merged_into").order_by("-entity_id"):
            things[EntityKind(alias.kind), alias.key] = Link(alias.entity.root)
    for chunk in _chunks(sorted({family(key) for kind, key in wanted if kind is EntityKind.PERSON})):
        aliases = EntityAlias.objects.filter(kind=EntityKind.PERSON, family__in=chunk)
        for alias in aliases.select_related("entity__merged_into").order_by("-entity_id"):
            families[alias.family][alias.key] = alias.entity
    for kind, key in sorted(wanted):
        if kind is not EntityKind.PERSON:
            to = things.get((kind, key))
        else:
            known = families[family(key)]
            merged = {form: entity.root.pk for form, entity in known.items()}
            best = partition([*known, key], merged).get(key)
            to = Link(known[best].root, _sureness(key, best)) if best in known else Link(None, LinkBy.NONE)
        if to is not None:
            _move(kind, key, to, done)
    return done


def _mentioned(names: set[Name]) -> set[Name]:
    """Those of the names that stand in some article."""
    found: set[Name] = set()
    for chunk in _chunks(sorted({key for _, key in names})):
        keys = Mention.objects.filter(key__in=chunk).exclude(link=LinkBy.STAFF).order_by()
        found |= {(EntityKind(kind), key) for kind, key in keys.values_list("kind", "key").distinct()}
    return found & names


def _sureness(key: str, best: str) -> LinkBy:
    """How sure it is that the form `key` means the person that `best` stands for."""
    return LinkBy.SHORT if best != key and not is_full(key) else LinkBy.NAME


def _move(kind: EntityKind, key: str, to: Link, done: Linking) -> None:
    mentions = Mention.objects.filter(kind=kind, key=key).exclude(link=LinkBy.STAFF)
    mentions = mentions.exclude(entity=to.entity, link=to.by) if to.entity else mentions.exclude(entity=None)
    places = list(mentions.values_list("article_id", "entity_id"))
    if not places:
        return
    done.moved_articles.update(article for article, _ in places)
    done.touched.update(entity for _, entity in places if entity is not None)
    if to.entity is not None:
        done.touched.add(to.entity.pk)
    mentions.update(entity=to.entity, link=to.by)
    for chunk in _chunks(sorted({article for article, _ in places})):
        said_by(kind, key, chunk).update(speaker=to.entity)


def said_by(kind: EntityKind, key: str, article_ids: Iterable[int]) -> "QuerySet[Quotation]":
    """The quotations of whoever is called so in these articles: wherever mentions move, these move too."""
    return Quotation.objects.filter(article_id__in=article_ids, speaker_kind=kind, speaker_key=key)


def create(wanted: list[tuple[EntityKind, str, list[str]]]) -> list[Entity]:
    """New entities with their own names as aliases, each with an address that nobody has."""
    if not wanted:
        return []
    roots = [
        (kind, slugify(anyascii(name if kind is EntityKind.PERSON else keys[0]))[:100] or "name")
        for kind, name, keys in wanted
    ]
    taken: set[tuple[str, str]] = set()
    for chunk in _chunks(sorted({slug for _, slug in roots})):
        taken.update(Entity.objects.filter(slug__in=chunk).values_list("kind", "slug"))
    entities: list[Entity] = []
    for (kind, name, _), (_, slug) in zip(wanted, roots, strict=True):
        number, free = 1, slug
        while (kind, free) in taken or (number > 1 and Entity.objects.filter(kind=kind, slug=free).exists()):
            number += 1
            free = f"{slug}-{number}"
        taken.add((kind, free))
        entities.append(Entity(kind=kind, name=name, slug=free, sort_name=sort_name(kind, name)))
    Entity.objects.bulk_create(entities)
    EntityAlias.objects.bulk_create(
        _alias(entity, name, key) for entity, (_, name, keys) in zip(entities, wanted, strict=True) for key in keys
    )
    return entities


def _alias(entity: Entity, name: str, key: str) -> EntityAlias:
    own = family(key) if entity.kind == EntityKind.PERSON else ""
    return EntityAlias(entity=entity, kind=entity.kind, name=name[:300], key=key, family=own)


def recount(entity_ids: Iterable[int]) -> None:
    """Brings the counts of these entities up to date with their mentions in articles that everybody may see."""
    # One statement that counts by itself: telling the database the counts row by row took a third of a batch's time.
    seen = Mention.objects.exclude(article__in=Article.objects.kept_from(ANYBODY).values("pk"))
    mentions = seen.filter(entity=OuterRef("pk")).order_by().values("entity")
    articles = mentions.annotate(number=Count("article", distinct=True)).values("number")
    places = mentions.annotate(number=Count("pk")).values("number")
    for chunk in _chunks(sorted(set(entity_ids))):
        Entity.objects.filter(pk__in=chunk).update(
            article_count=Coalesce(Subquery(articles), 0), mention_count=Coalesce(Subquery(places), 0)
        )


def recount_named_in(article_ids: Iterable[int]) -> None:
    """Brings the counts of all whom these articles name up to date, after the articles were hidden or shown."""
    for chunk in _chunks(sorted(set(article_ids))):
        recount(
            Mention.objects.filter(article__in=chunk, entity__isnull=False)
            .order_by()
            .values_list("entity_id", flat=True)
        )


def _chunks(values: list[Value]) -> Iterable[list[Value]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
