"""Names as readers type them → the entities and sources that are meant, as values that a backend understands."""

from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_
from typing import Any

from django.conf.locale import LANG_INFO
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from archive.access import ANYBODY
from archive.choices import EntityKind
from archive.models import Entity, EntityAlias, Mention, Source
from archive.search.backends.view import View
from archive.search.query import And, Everything, Keyword, KeywordIn, Named, Node, Not, Nothing, Or
from archive.text import fold, name_key
from archive.variants import entity_key

MAX_ENTITIES, _MANY_SECTIONS = 200, 100_000
_FIELDS = {
    EntityKind.PERSON: Keyword.PERSON,
    EntityKind.ORGANISATION: Keyword.ORGANISATION,
    EntityKind.PLACE: Keyword.PLACE,
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A query ready for a backend, and what was decided about the names in it."""

    root: Node
    notes: tuple[str, ...]
    entities: tuple[Entity, ...]
    """The entities that names in the query stand for, most named first."""


def resolve(root: Node, view: View) -> Resolved:
    """Replace names and sources by the values of the index. A name that nobody bears matches nothing, and says so."""
    resolver = _Resolver(view)
    resolved = resolver.node(root)
    return Resolved(resolved, tuple(resolver.notes), tuple(dict.fromkeys(resolver.entities)))


class _Resolver:
    def __init__(self, view: View) -> None:
        self.view = view
        self.notes: list[str] = []
        self.entities: list[Entity] = []

    def node(self, node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return replace(node, parts=tuple(self.node(part) for part in parts))
            case Not(part):
                return Not(self.node(part))
            case Named():
                return self._named(node)
            case KeywordIn(Keyword.SOURCE, values):
                return self._keyword(
                    Keyword.SOURCE,
                    [slug for value in values for slug in source_slugs(value, self.view.hidden_sources)],
                    node,
                )
            case KeywordIn(Keyword.SECTION, values):
                return self._keyword(
                    Keyword.SECTION, [name for value in values for name in sections(value, self.view)], node
                )
            case KeywordIn(Keyword.LANGUAGE, values):
                return self._keyword(Keyword.LANGUAGE, [code for value in values for code in languages(value)], node)
        return node

    def _named(self, node: Named) -> Node:
        found = entities_named(node.kind, node.name, self.view)
        self.entities += found
        if not found:
            self.notes.append(f"No {node.kind.label.lower()} in the archive is called “{node.name}”.")
            return Nothing()
        field = Keyword.SPEAKER if node.speaks else _FIELDS[node.kind]
        return KeywordIn(field, tuple(entity.slug for entity in found))

    def _keyword(self, field: Keyword, values: list[str], node: KeywordIn) -> Node:
        if not values:
            where = "known here" if field is Keyword.LANGUAGE else "in the archive"
            self.notes.append(f"No {field.value} {where} is called “{', '.join(node.values)}”.")
            return Nothing()
        return KeywordIn(field, tuple(values))


def entities_named(kind: EntityKind, name: str, view: View) -> list[Entity]:
    """The entities of a kind that bear this name and stand in what a reader may see, most named first.

    A name that is an alias as it stands means those alone; else all whose alias holds every word of it, so that
    `person:baker` finds every Baker; else those whom articles call so ("J. Baker" is no alias of James Baker's, as it
    could mean others). Merged entities count as what they became.
    """
    keys = {name_key(name), entity_key(kind, name)} - {""}
    if not keys:
        return []
    # A librarian may have changed the kind since; then the aliases still say the old one.
    of_kind = Q(entity__kind=kind) | Q(entity__merged_into__isnull=False)
    aliases = EntityAlias.objects.filter(of_kind, entity__is_hidden=False)
    changed = Q(key__in={entity_key(other, name) for other in EntityKind}) & ~Q(kind=kind)
    ways: tuple[QuerySet[Any], ...] = (
        aliases.filter(Q(kind=kind, key__in=keys) | changed),
        aliases.filter(reduce(or_, (_holds_words(key) for key in keys))),
        Mention.objects.filter(kind=kind, key__in=keys, entity__isnull=False).order_by(),
    )
    return next((found for way in ways if (found := _entities(way, kind, view))), [])


def _holds_words(key: str) -> Q:
    """Aliases with every word of a key, up to eight."""
    words = Q()
    for word in key.split()[:8]:
        at_an_end = Q(key__startswith=f"{word} ") | Q(key__endswith=f" {word}")
        words &= Q(key=word) | at_an_end | Q(key__contains=f" {word} ")
    return words


def _entities(names: "QuerySet[Any]", kind: EntityKind, view: View) -> list[Entity]:
    found = Entity.objects.filter(pk__in=names.values("entity")).select_related("merged_into")[:MAX_ENTITIES]
    roots = {entity.root for entity in found}
    shown = (one for one in roots if one.kind == kind and not one.is_hidden and _is_seen(one, view))
    return sorted(shown, key=lambda one: (-one.article_count, one.pk))


def _is_seen(entity: Entity, view: View) -> bool:
    """Whether an article that the reader may see names it; stored counts are those of what everybody may see."""
    if entity.article_count or view.reader == ANYBODY:
        return bool(entity.article_count)
    return bool(view.search(KeywordIn(_FIELDS[EntityKind(entity.kind)], (entity.slug,)), limit=0).total)


def source_slugs(value: str, hidden: frozenset[str]) -> list[str]:
    """Slugs of the sources called so, but of hidden ones: by slug or name, else those whose name or domain holds it."""
    slug, shown = slugify(value), Source.objects.exclude(slug__in=hidden)
    exact = shown.filter(Q(slug=slug) | Q(name__iexact=value))
    found = exact if exact.exists() else shown.filter(Q(name__icontains=value) | Q(domain__icontains=value))
    return list(found.order_by("slug").values_list("slug", flat=True)[:MAX_ENTITIES])


@cache
def _languages() -> dict[str, str]:
    """Codes and names of languages, in English and in their own, folded, with the two letters that stand for each."""
    names: dict[str, str] = {}
    for code, info in LANG_INFO.items():
        short = code.partition("-")[0]
        for said in (code, short, info.get("name", ""), info.get("name_local", "")):
            if said:
                names.setdefault(fold(said), short)
    return names


def languages(value: str) -> list[str]:
    """The code that articles of this language carry: by code, with or without a region, or by name."""
    known, typed = _languages(), fold(value.strip())
    code = typed.replace("_", "-").partition("-")[0]
    # A code that we have no name for may still be what articles carry.
    found = known.get(typed) or known.get(code) or (code if len(code) == 2 and code.isalpha() else "")
    return [found] if found else []


def sections(value: str, view: View) -> list[str]:
    """The sections of that name, whatever the case."""
    (found,) = view.search(Everything(), limit=0, facets=("section",), facet_limit=_MANY_SECTIONS).facets
    return [one.value for one in found.values if one.value.casefold() == value.casefold()]
