"""Librarians' decisions about names: made, undone, and obeyed.

What a name means is always worked out anew from the aliases and the decisions that stand, so undoing is marking the
decision and working it out again. Every function here is one transaction: rows, counts and outbox together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from archive.audit import record
from archive.choices import Act, DecisionKind, EntityKind, LinkBy
from archive.errors import ArchiveError
from archive.ingest.entities.link import Name, create, one_at_a_time, recount, relink, said_by, sort_name
from archive.ingest.entities.partition import family, is_full
from archive.models import Assignment, Decision, Entity, EntityAlias, Mention, queue_for_index
from archive.variants import entity_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet


class DecisionRefused(ArchiveError):
    """A decision that would contradict itself or another one; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, and why."""

    user: "AbstractBaseUser | None" = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NameInArticle:
    """All mentions of one name in one article: the smallest thing that can be assigned."""

    article_id: int
    kind: EntityKind
    key: str


@transaction.atomic
def merge(entity: Entity, into: Entity, by: By) -> Decision:
    """`entity` is the same as `into`: its mentions, aliases and address now lead there."""
    entity, into = _locked(entity), _locked(into)
    became = into.root
    if entity.merged_into_id is not None:
        raise DecisionRefused(f"{entity} was merged already, into {entity.merged_into}; undo that first")
    if became.pk == entity.pk:
        raise DecisionRefused(f"{entity} cannot be merged into itself")
    if entity.kind != became.kind:
        raise DecisionRefused(
            f"{entity} is a {entity.kind}, {became} a {became.kind}; change the kind of one of them first"
        )
    # Into the one that was chosen, not into what that became: the one may be undone without the other.
    decision = _record(DecisionKind.MERGE, entity, by, other=into)
    _work_out([entity, into])
    return decision


@transaction.atomic
def rename(entity: Entity, name: str, by: By) -> Decision:
    """The entity is called `name`; its earlier names stay aliases, its address stays."""
    entity, name = _locked(entity), _one_line(name)
    if not name or not entity_key(EntityKind(entity.kind), name):
        raise DecisionRefused("a name needs at least one letter or digit")
    if len(name) > 300:
        raise DecisionRefused("a name can have at most 300 characters")
    before = {"name": entity.name, "was_alias": entity.aliases.filter(name=name).exists()}
    decision = _record(DecisionKind.RENAME, entity, by, before=before, after={"name": name})
    _work_out([entity])
    return decision


@transaction.atomic
def change_kind(entity: Entity, kind: EntityKind, by: By) -> Decision:
    """The entity is a person, an organisation, a place, whatever the model says of its name."""
    entity = _locked(entity)
    if entity.kind == kind:
        raise DecisionRefused(f"{entity} is a {kind} already")
    before = {"kind": str(entity.kind), "slug": entity.slug}
    decision = _record(DecisionKind.KIND, entity, by, before=before, after={"kind": str(kind)})
    _work_out([entity])
    return decision


@transaction.atomic
def hide(entity: Entity, by: By) -> Decision:
    """The entity is not a name, anywhere: it has no page, and search does not know it."""
    decision = _record(DecisionKind.HIDE, _locked(entity), by)
    _work_out([entity])
    return decision


@transaction.atomic
def assign(names: Sequence[NameInArticle], to: Entity | None, by: By) -> Decision:
    """In these articles the names mean `to`, or nobody (not a name there)."""
    about = to or _bearer(names)
    decision = _record(DecisionKind.ASSIGN, _locked(about), by)
    _keep_assignments(decision, names, to)
    _work_out([about], names)
    return decision


@transaction.atomic
def split(entity: Entity, names: Sequence[NameInArticle], by: By, *, name: str = "") -> Decision:
    """In these articles the names mean somebody else than `entity`, who gets an entity of their own."""
    entity = _locked(entity)
    if not names:
        raise DecisionRefused("choose the articles in which the name means somebody else")
    kind, called = EntityKind(entity.kind), _one_line(name) or entity.name
    (new,) = create([(kind, called, [entity_key(kind, called)])])
    # Only the articles chosen decide where this name means the new one.
    new.aliases.update(family="")
    decision = _record(DecisionKind.SPLIT, entity, by, other=new)
    _keep_assignments(decision, names, new)
    _work_out([entity, new], names)
    return decision


@transaction.atomic
def declare_distinct(entity: Entity, other: Entity, by: By) -> Decision:
    """The two are not the same; they are not proposed for merging again."""
    if entity.pk == other.pk:
        raise DecisionRefused(f"{entity} is the same as itself")
    first, second = sorted((entity, other), key=lambda one: one.pk)
    return _record(DecisionKind.DISTINCT, first, by, other=second)


@transaction.atomic
def undo(decision: Decision, by: By) -> Decision:
    """The decision no longer stands; what it changed is as if it had never been made, whatever came after it."""
    one_at_a_time()
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if not decision.is_active:
        raise DecisionRefused(f"“{decision}” was undone already")
    decision.undone_at, decision.undone_by_id = timezone.now(), by.user.pk if by.user else None
    decision.save(update_fields=["undone_at", "undone_by"])
    about = decision.entity
    record(Act.UNDO_NAME, f"decision {decision.pk} undone", by=by.user, about=about, decision=decision.pk)
    names = [NameInArticle(row.article_id, EntityKind(row.kind), row.key) for row in decision.assignments.all()]
    if decision.kind == DecisionKind.SPLIT and decision.other is not None:
        # Nobody bears the split-off name any more; the row stays for the record.
        decision.other.aliases.all().delete()
    if decision.kind != DecisionKind.DISTINCT:
        _work_out([one for one in (decision.entity, decision.other) if one is not None], names)
    return decision


def _locked(entity: Entity) -> Entity:
    # Before any row, as naming does, or the two could wait for each other.
    one_at_a_time()
    return Entity.objects.select_for_update().get(pk=entity.pk)


def _bearer(names: Sequence[NameInArticle]) -> Entity:
    """The entity that the decision "not a name here" is about."""
    for name in names:
        mention = Mention.objects.filter(article_id=name.article_id, kind=name.kind, key=name.key).first()
        if mention is not None and mention.entity is not None:
            return mention.entity
    raise DecisionRefused("these names mean nobody already")


def _one_line(name: str) -> str:
    """A name as it was typed, without what no name holds; PostgreSQL takes no NUL."""
    return " ".join(name.replace("\0", " ").split())


def _record(kind: DecisionKind, entity: Entity, by: By, **fields: object) -> Decision:
    user = by.user.pk if by.user else None
    decision = Decision.objects.create(
        kind=kind, entity=entity, reason=by.reason.replace("\0", ""), made_by_id=user, **fields
    )
    record(Act.NAME, f"{kind.label} (decision {decision.pk})", by=by.user, about=entity, decision=decision.pk)
    return decision


def _keep_assignments(decision: Decision, names: Iterable[NameInArticle], to: Entity | None) -> None:
    Assignment.objects.bulk_create(
        Assignment(decision=decision, article_id=name.article_id, kind=name.kind, key=name.key, entity=to)
        for name in dict.fromkeys(names)
    )


def _work_out(entities: Sequence[Entity], names: Sequence[NameInArticle] = ()) -> None:
    """Brings entities and mentions in line with the decisions that stand."""
    articles: set[int] = set()
    touched = {entity.pk for entity in entities}
    for entity in entities:
        touched |= {entity.root.pk, _obey(entity.pk).pk}
    articles |= _obey_assignments([*names, *_assigned_to(touched)], touched)
    affected = _names_of(touched) | {(name.kind, name.key) for name in names}
    linking = relink(affected)
    articles |= linking.moved_articles
    touched |= linking.touched
    articles |= set(
        Mention.objects.filter(entity_id__in=touched).order_by().values_list("article_id", flat=True).distinct()
    )
    recount(touched)
    queue_for_index(sorted(articles))


def _obey(pk: int) -> Entity:
    """Sets what the standing decisions say of one entity: whom it became, its name, kind, and whether it is shown."""
    entity = Entity.objects.get(pk=pk)
    every = list(Decision.objects.filter(entity=entity).exclude(kind=DecisionKind.DISTINCT).order_by("pk"))
    standing = {decision.kind: decision for decision in every if decision.is_active}
    merged = standing.get(DecisionKind.MERGE)
    entity.merged_into = merged.other if merged else None
    entity.is_hidden = DecisionKind.HIDE in standing
    renames = [decision for decision in every if decision.kind == DecisionKind.RENAME]
    if renames:
        last = standing.get(DecisionKind.RENAME)
        entity.name = last.after["name"] if last else renames[0].before["name"]
        _obey_names(entity, renames)
    kinds = [decision for decision in every if decision.kind == DecisionKind.KIND]
    if kinds:
        last = standing.get(DecisionKind.KIND)
        _obey_kind(entity, last.after["kind"] if last else kinds[0].before["kind"], kinds[0].before["slug"])
    entity.sort_name = sort_name(EntityKind(entity.kind), entity.name)
    entity.save()
    return entity


def _obey_names(entity: Entity, renames: Sequence[Decision]) -> None:
    """The names that librarians gave are aliases as long as their decisions stand."""
    kind = EntityKind(entity.aliases.values_list("kind", flat=True).first() or entity.kind)
    own = {decision.after["name"] for decision in renames if decision.is_active}
    for decision in renames:
        name = decision.after["name"]
        key = entity_key(kind, name)
        if name in own:
            EntityAlias.objects.get_or_create(
                entity=entity,
                name=name,
                # A surname alone is found by search, but never decides by itself whom an article means.
                defaults={
                    "kind": kind,
                    "key": key,
                    "family": family(key) if kind is EntityKind.PERSON and is_full(key) else "",
                },
            )
        elif not decision.before.get("was_alias") and name != entity.name:
            entity.aliases.filter(name=name).delete()


def _obey_kind(entity: Entity, kind: str, first_slug: str) -> None:
    if entity.kind == kind:
        return
    entity.kind = kind
    number, free = 1, first_slug
    while Entity.objects.filter(kind=kind, slug=free).exclude(pk=entity.pk).exists():
        number += 1
        free = f"{first_slug}-{number}"
    entity.slug = free


def _assigned_to(entity_ids: set[int]) -> list[NameInArticle]:
    """The names that were assigned to these entities or to what was merged into them."""
    about = Entity.objects.with_all_merged(entity_ids)
    rows = Assignment.objects.filter(entity_id__in=about, decision__undone_at=None)
    return [NameInArticle(row.article_id, EntityKind(row.kind), row.key) for row in rows]


def _obey_assignments(names: Sequence[NameInArticle], touched: set[int]) -> set[int]:
    """Moves the mentions of these names where the latest standing assignment says; frees those that have none now."""
    for name in dict.fromkeys(names):
        mentions = Mention.objects.filter(article_id=name.article_id, kind=name.kind, key=name.key)
        quotations = said_by(name.kind, name.key, [name.article_id])
        touched |= {pk for pk in mentions.values_list("entity_id", flat=True) if pk is not None}
        rows = Assignment.objects.filter(article_id=name.article_id, kind=name.kind, key=name.key)
        standing = rows.filter(decision__undone_at=None).order_by("-pk").select_related("entity").first()
        if standing is None:
            # `relink` finds its place again.
            mentions.update(entity=None, link=LinkBy.NONE)
            quotations.update(speaker=None)
        else:
            meant = standing.entity.root if standing.entity else None
            mentions.update(entity=meant, link=LinkBy.STAFF)
            quotations.update(speaker=meant)
            if meant is not None:
                touched.add(meant.pk)
    return {name.article_id for name in names}


def _names_of(entity_ids: Iterable[int]) -> set[Name]:
    """Kinds and keys of all names whose meaning can depend on these entities, surnames and initials included."""
    ids = set(entity_ids)
    aliases = EntityAlias.objects.filter(entity_id__in=Entity.objects.with_all_merged(ids))
    names = {(EntityKind(alias.kind), alias.key) for alias in aliases}
    families = {alias.family for alias in aliases if alias.family}
    for name in families:
        names.add((EntityKind.PERSON, name))
        names |= {(EntityKind.PERSON, f"{initial} {name}") for initial in "abcdefghijklmnopqrstuvwxyz"}
    keys = Mention.objects.filter(entity_id__in=ids).exclude(link=LinkBy.STAFF).order_by()
    names |= {(EntityKind(kind), key) for kind, key in keys.values_list("kind", "key").distinct()}
    return names


def history(entity: Entity) -> list[Decision]:
    """What was decided about an entity, latest first, undone decisions among them."""
    about = Decision.objects.filter(Q(entity=entity) | Q(other=entity))
    return list(about.select_related("entity", "other", "made_by", "undone_by"))


def formerly_at(kind: EntityKind, slug: str) -> Entity | None:
    """The entity that had this address before its kind was changed, or while it was; None if none had."""
    was, meanwhile = Q(before__kind=kind, before__slug=slug), Q(after__kind=kind, entity__slug=slug)
    decision = Decision.objects.filter(was | meanwhile, kind=DecisionKind.KIND).select_related("entity").first()
    return decision.entity.root if decision else None


def names_in_articles(entity: Entity) -> "QuerySet[Any, Any]":
    """The names by which articles mention an entity: what can be split off or assigned elsewhere.

    Rows are {"article_id", "kind", "key", "count"}, those of the latest articles first.
    """
    names = entity.mentions.order_by().values("article_id", "kind", "key").annotate(count=Count("pk"))
    return names.order_by("-article_id", "kind", "key")
