"""Decisions as JSON: carried to another archive, or back into this one after it was built anew from its dumps.

Entities are told by kind and key (those that were split off by the decision that did it), articles by source and
identity (those without any by the hash of their text), decisions by their uid; so importing twice changes nothing, and
what the other archive does not have is reported instead of guessed.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from archive.choices import DecisionKind, EntityKind
from archive.errors import ArchiveError
from archive.ingest.entities import decisions
from archive.ingest.entities.decisions import By, NameInArticle
from archive.models import Article, Decision, Entity

VERSION = 1


@dataclass(slots=True)
class Imported:
    """What became of the decisions of a file."""

    made: int = 0
    known: int = 0
    problems: list[str] = field(default_factory=list)


def export_decisions() -> dict[str, Any]:
    """All decisions that stand, oldest first."""
    standing = Decision.objects.filter(undone_at=None).order_by("pk")
    rows = standing.select_related("entity", "other", "made_by").prefetch_related("assignments__article__source")
    splits = {one.other_id: one.uid for one in standing.filter(kind=DecisionKind.SPLIT)}
    return {"version": VERSION, "decisions": [_told(decision, splits) for decision in rows]}


def import_decisions(content: Any) -> Imported:
    """Makes the decisions of an export, in their order. Raises ArchiveError if it is none."""
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise ArchiveError(f'not an export of decisions: the file must be an object with "version": {VERSION}')
    done = Imported()
    for number, row in enumerate(content.get("decisions", ()), 1):
        try:
            uid = uuid.UUID(row["uid"])
            if Decision.objects.filter(uid=uid).exists():
                done.known += 1
                continue
            with transaction.atomic():
                decision = _make(row)
                Decision.objects.filter(pk=decision.pk).update(uid=uid)
        except (ArchiveError, KeyError, TypeError, ValueError, AttributeError) as problem:
            done.problems.append(f"decision {number}: {problem}")
            continue
        done.made += 1
    return done


def _told(decision: Decision, splits: Mapping[int | None, uuid.UUID]) -> dict[str, Any]:
    return {
        "uid": str(decision.uid),
        "kind": decision.kind,
        "entity": _entity_told(decision.entity, splits),
        "other": _entity_told(decision.other, splits) if decision.other else None,
        "after": decision.after,
        "reason": decision.reason,
        "by": decision.made_by.get_username() if decision.made_by else None,
        "at": decision.made_at.isoformat(),
        "names": [
            {
                "source": row.article.source.slug,
                "external_id": row.article.external_id,
                "url": row.article.canonical_url,
                "text_hash": row.article.ingested_hash or row.article.text_hash,
            }
            | {"kind": row.kind, "key": row.key, "nobody": row.entity_id is None}
            for row in decision.assignments.all()
        ],
    }


def _entity_told(entity: Entity, splits: Mapping[int | None, uuid.UUID]) -> dict[str, str]:
    alias = entity.aliases.order_by("pk").first()
    told = {"kind": alias.kind if alias else entity.kind, "key": alias.key if alias else "", "name": entity.name}
    return told | ({"split": str(splits[entity.pk])} if entity.pk in splits else {})


def _make(row: dict[str, Any]) -> Decision:
    kind, entity = DecisionKind(row["kind"]), _entity(row["entity"])
    by = By(
        reason=f"{row.get('reason', '')} (imported; by {row.get('by') or 'somebody'}, {row.get('at', '')[:10]})".strip()
    )
    names = list(_names(row.get("names", ())))
    match kind:
        case DecisionKind.MERGE:
            return decisions.merge(entity, _entity(row["other"]), by)
        case DecisionKind.DISTINCT:
            return decisions.declare_distinct(entity, _entity(row["other"]), by)
        case DecisionKind.RENAME:
            return decisions.rename(entity, str(row["after"]["name"]), by)
        case DecisionKind.KIND:
            return decisions.change_kind(entity, EntityKind(row["after"]["kind"]), by)
        case DecisionKind.HIDE:
            return decisions.hide(entity, by)
        case DecisionKind.SPLIT:
            return decisions.split(entity, names, by, name=str(row["other"]["name"]))
        case DecisionKind.ASSIGN:
            nobody = any(name.get("nobody") for name in row.get("names", ()))
            return decisions.assign(names, None if nobody else entity, by)


def _entity(told: dict[str, str]) -> Entity:
    """The entity of this archive that is meant. Raises ArchiveError if there is none."""
    if told.get("split"):
        splits = Decision.objects.filter(uid=uuid.UUID(told["split"]), kind=DecisionKind.SPLIT)
        split = splits.select_related("other").first()
        found = split.other if split else None
    else:
        found = Entity.objects.filter(aliases__kind=told["kind"], aliases__key=told["key"]).order_by("pk").first()
    if found is None:
        raise ArchiveError(f"no {told['kind']} called “{told['name']}” is in this archive")
    return found


def _names(rows: Iterable[dict[str, Any]]) -> Iterable[NameInArticle]:
    for row in rows:
        identity, of_source = _identity(row), Article.objects.filter(source__slug=row["source"])
        article = of_source.filter(identity).order_by("pk").first() if identity else None
        if article is None:
            without = f"whose text has the hash “{str(row.get('text_hash', ''))[:12]}”"
            called = row["external_id"] or row["url"] or without
            raise ArchiveError(f"article {called} of {row['source']} is not in this archive")
        yield NameInArticle(article.pk, EntityKind(row["kind"]), str(row["key"])[:300])


def _identity(row: dict[str, Any]) -> Q:
    """What tells an article of a source; empty where nothing does."""
    if row["external_id"]:
        return Q(external_id=row["external_id"])
    if row["url"]:
        return Q(canonical_url=row["url"])
    text = row.get("text_hash")
    # By hand a text may have been corrected in one archive, and not yet in the other.
    return Q(ingested_hash=text) | Q(text_hash=text) if text else Q()
