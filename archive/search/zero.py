"""Help for a query with few hits or none: a better spelling from the index's own words."""

from dataclasses import replace
from difflib import SequenceMatcher
from operator import itemgetter

from django.db.models import Q

from archive.choices import EntityKind
from archive.models import EntityAlias
from archive.search.backends.view import View
from archive.search.describe import to_text
from archive.search.loosening import MAX_TRIED, total
from archive.search.names import resolve
from archive.search.query import And, Named, Node, Not, Or, Word
from archive.text import name_key

_CLOSE_ENOUGH = 0.75
MAX_NAMES, MAX_NAME, MAX_STARTS = 5_000, 100, 4
"""Names that are compared, the most mentioned first; letters of each; words of it whose beginnings are sought."""


def did_you_mean(view: View, root: Node) -> str | None:
    """The query with words that the index does not have replaced by the most like ones that it has; None if none is."""
    better = _respelt(view, root)
    return to_text(better) if better != root else None


def _respelt(view: View, node: Node) -> Node:
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_respelt(view, part) for part in parts[:MAX_TRIED]) + parts[MAX_TRIED:])
        case Not(part):
            return Not(_respelt(view, part))
        case Named(kind, name) if not resolve(node, view).entities:
            return replace(node, name=_nearest_name(view, kind, name) or name)
        case Word(text, _, False) if len(text) > 3 and text.isalpha() and not total(view, node, ()):
            return replace(node, text=_nearest(view, text) or text)
    return node


def _nearest(view: View, text: str) -> str | None:
    """The word of the index most like this one among those that begin alike; the more frequent of two as like."""
    word = text.casefold()
    candidates = {term: count for start in (word[:3], word[:2]) for term, count in view.suggest_terms(start, 200)}
    scored = [
        (SequenceMatcher(None, word, term).ratio(), count, term)
        for term, count in candidates.items()
        if abs(len(term) - len(word)) <= 2
    ]
    ratio, _, term = max(scored, default=(0.0, 0, ""))
    return term if ratio >= _CLOSE_ENOUGH else None


def _nearest_name(view: View, kind: EntityKind, name: str) -> str | None:
    """The name most like this one among those of its kind with a word that begins as one of its words does."""
    key = name_key(name)[:MAX_NAME]
    starts = {word[:2] for word in key.split() if len(word) > 2}
    begins = Q()
    for start in sorted(starts)[:MAX_STARTS]:
        begins |= Q(key__startswith=start) | Q(key__contains=f" {start}")
    if not begins:
        return None
    shown = EntityAlias.objects.filter(begins, kind=kind, entity__is_hidden=False, entity__article_count__gt=0)
    rows = shown.order_by("-entity__article_count", "pk").values_list("key", "name")[:MAX_NAMES]
    words = sorted(key.split())
    best = max(((_likeness(key, words, other), text) for other, text in rows), default=(0.0, ""), key=itemgetter(0))
    return best[1] if best[0] >= _CLOSE_ENOUGH else None


def _likeness(key: str, words: list[str], other: str) -> float:
    """Of two names, whatever the order of their words; 0 where their lengths alone say that they are different."""
    if abs(len(key) - len(other)) > 2:
        return 0.0
    return max(_ratio(key, other), _ratio(" ".join(words), " ".join(sorted(other.split()))))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _CLOSE_ENOUGH else 0.0
