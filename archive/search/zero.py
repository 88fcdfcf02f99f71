"""Help for a query with few hits or none: a better spelling from the index's own words."""

from dataclasses import replace
from difflib import SequenceMatcher

from archive.search.backends.view import View
from archive.search.describe import to_text
from archive.search.loosening import MAX_TRIED, total
from archive.search.query import And, Node, Not, Or, Word

_CLOSE_ENOUGH = 0.75


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
