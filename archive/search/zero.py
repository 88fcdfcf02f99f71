"""Help for a query with few hits or none: a better spelling from the index's own words, and what to loosen."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from archive.search.backends.base import Filter
from archive.search.backends.view import View
from archive.search.describe import describe_part, to_text
from archive.search.names import resolve
from archive.search.query import And, Near, Node, Not, Or, Phrase, Word
from archive.search.widening import widened

MAX_TRIED = 8
_CLOSE_ENOUGH = 0.75


@dataclass(frozen=True, slots=True)
class Loosening:
    """A query with one condition less, and what it would find."""

    dropped: str
    canonical: str
    total: int
    keeps_filters: bool = True


def loosenings(view: View, root: Node, filters: tuple[Filter, ...]) -> tuple[Loosening, ...]:
    """For each condition of a query that finds nothing: what would be found without it, most first."""
    found = []
    if filters and (total := _total(view, root, ())):
        found.append(Loosening("the chosen filters", to_text(root), total, keeps_filters=False))
    tie, parts = _parts(root)
    parts = tuple(dict.fromkeys(parts))
    if tie and (total := _total(view, And(parts), filters)):
        found.append(Loosening(tie, to_text(And(parts)), total))
    if len(parts) > 1:
        for part in parts[:MAX_TRIED]:
            others = tuple(other for other in parts if other != part)
            without: Node = And(others) if len(others) > 1 else others[0]
            if total := _total(view, without, filters):
                found.append(Loosening(describe_part(part), to_text(without), total))
    return tuple(sorted(found, key=lambda one: -one.total))


def _parts(root: Node) -> tuple[str, tuple[Node, ...]]:
    """What ties the conditions of a query together besides that all are to be met, "" for nothing, and they."""
    match root:
        case And(parts):
            return "", parts
        case Near(left, right, _, field):
            return "their nearness", tuple(replace(side, field=field) for side in (left, right))
        case Phrase(words, _, field):
            return "their order", tuple(Word(word, field) for word in words)
    return "", ()


def _total(view: View, root: Node, filters: tuple[Filter, ...]) -> int:
    return view.search(resolve(widened(root)[0], view).root, filters=filters, limit=0).total


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
        case Word(text, _, False) if len(text) > 3 and text.isalpha() and not _total(view, node, ()):
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
