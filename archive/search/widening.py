"""Other spellings of one name: a query for "Uygur" finds "Uighur" too, says so, and `=Uygur` searches it as written.

They are those of the archive's table and those that librarians' merges taught: whole names of what is one now.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from django.db.models import Exists, OuterRef, Q

from archive.models import Entity, EntityAlias
from archive.search.query import And, Node, Not, Or, Phrase, Word, leaves
from archive.text import name_key
from archive.variants import variants

_SHORT = 3
_ALTERNATIVES = 12
"""Other spellings of one word or phrase."""
_ASKED, _MERGED = 50, 100
"""Names of a query for which merges are asked, and merged names that are read for them."""

Taught = Mapping[str, tuple[str, ...]]
"""By the key of a name the other names of what bears it, since librarians merged them."""


@dataclass(frozen=True, slots=True)
class Widened:
    """A query with other spellings as alternatives, these spellings, and the query that asks for none of them."""

    root: Node
    also: tuple[str, ...]
    literal: Node


def widened(root: Node) -> Widened:
    """The query with the other spellings of its words and phrases; one question to the database, more after merges."""
    taught = _taught(root)
    also: dict[str, None] = {}

    def widen(node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return replace(node, parts=tuple(widen(part) for part in parts))
            case Not(part):
                return Not(widen(part))
            case Word() | Phrase() if forms := _others(node, taught):
                also.update(dict.fromkeys(" ".join(words) for words in forms))
                return Or((node, *(_spelt(node, words) for words in forms)))
        return node

    def literal(node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return replace(node, parts=tuple(literal(part) for part in parts))
            case Not(part):
                return Not(literal(part))
            case Word() | Phrase() if _others(node, taught):
                return replace(node, exact=True)
        return node

    return Widened(widen(root), tuple(also), literal(root))


def _spelt(node: Word | Phrase, words: tuple[str, ...]) -> Node:
    if len(words) > 1:
        return Phrase(words, node.slop if isinstance(node, Phrase) else 0, node.field)
    return Word(words[0], node.field)


def _others(node: Word | Phrase, taught: Taught) -> list[tuple[str, ...]]:
    """Other spellings of a word or phrase, each as its words."""
    if node.exact:
        return []
    typed = (node.text,) if isinstance(node, Word) else node.words
    whole = [*(_spellings(typed[0]) if len(typed) == 1 else ()), *taught.get(name_key(" ".join(typed)), ())]
    found = [tuple(form.split()) for form in whole]
    if len(typed) > 1:
        ways = product(*[[(word,), *(tuple(form.split()) for form in _spellings(word))] for word in typed])
        found += [tuple(part for parts in way for part in parts) for way in islice(ways, 1, _ALTERNATIVES)]
    return list(dict.fromkeys(found))[:_ALTERNATIVES]


def _spellings(word: str) -> tuple[str, ...]:
    """Those of the table; a short word must be in capitals, or "us" would mean the United States."""
    return () if len(word) <= _SHORT and not word.isupper() else variants(word)


def _taught(root: Node) -> Taught:
    """What merges teach of the names in a query. A form that holds the other, as a surname does, is none."""
    asked = {
        key: None
        for leaf in leaves(root)
        if isinstance(leaf, Word | Phrase) and not leaf.exact
        for typed in [leaf.text if isinstance(leaf, Word) else " ".join(leaf.words)]
        if (len(typed) > _SHORT or typed.isupper()) and (key := name_key(typed))
    }
    others = Entity.objects.filter(merged_into=OuterRef("entity"))
    merged = EntityAlias.objects.filter(Q(entity__merged_into__isnull=False) | Exists(others))
    aliases = merged.filter(key__in=list(asked)[:_ASKED], entity__is_hidden=False).order_by("pk")
    homes: dict[str, set[int]] = defaultdict(set)
    for alias in aliases.select_related("entity__merged_into")[:_MERGED]:
        homes[alias.key].add(alias.entity.root.pk)
    found: dict[str, tuple[str, ...]] = {}
    for key, roots in homes.items():
        one = Entity.objects.with_all_merged(roots)
        names = Entity.objects.filter(pk__in=one, is_hidden=False).order_by("-mention_count", "pk")
        told = names.values_list("name", flat=True)[:_ALTERNATIVES]
        words = set(key.split())
        found[key] = tuple(
            name for name in told if (own := {*name_key(name).split()}) and not (own <= words or words <= own)
        )
    return found
