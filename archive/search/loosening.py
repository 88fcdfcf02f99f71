"""Help for a query that finds nothing: what each of its conditions finds alone, and which looser query finds more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.search.backends.base import Filter
from archive.search.backends.view import View
from archive.search.describe import describe_part, to_text
from archive.search.names import resolve
from archive.search.query import (
    And,
    Everything,
    Fuzzy,
    Named,
    Near,
    Node,
    Nothing,
    Or,
    Phrase,
    Prefix,
    TextField,
    Word,
)
from archive.search.widening import widened

MAX_TRIED, SHOWN = 8, 8
"""Conditions of a query that are tried one by one, and looser queries that are offered."""
_WHERE = {TextField.TITLE: "in titles", TextField.BYLINE: "in bylines", TextField.SAID: "in quotations"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a query, and how many articles meet it, whatever else was asked."""

    said: str
    canonical: str
    total: int


@dataclass(frozen=True, slots=True)
class Loosening:
    """A looser query: in which way, and what it would find."""

    said: str
    canonical: str
    total: int
    keeps_filters: bool = True


def clauses(view: View, root: Node) -> tuple[Clause, ...]:
    """What each condition of a query finds by itself, in the order typed; none for a query of one condition."""
    parts = _untied(root) if isinstance(root, Phrase) else _tied(root)
    found = tuple(dict.fromkeys(parts))[:MAX_TRIED]
    if len(found) < 2:
        return ()
    return tuple(Clause(describe_part(part), to_text(part), total(view, part, ())) for part in found)


def loosenings(view: View, root: Node, filters: tuple[Filter, ...]) -> tuple[Loosening, ...]:
    """For a query that finds nothing, the looser ones that find something, most first."""
    found: dict[str, Loosening] = {}
    if filters and (count := total(view, root, ())):
        found["filters"] = Loosening("without the chosen filters", to_text(root), count, keeps_filters=False)
    for said, looser in _looser(view, root):
        canonical = to_text(looser)
        if canonical not in found and (count := total(view, looser, filters)):
            found[canonical] = Loosening(said, canonical, count)
    return tuple(sorted(found.values(), key=lambda one: -one.total)[:SHOWN])


def total(view: View, root: Node, filters: tuple[Filter, ...]) -> int:
    """How many articles a parsed query finds."""
    return view.search(resolve(widened(root).root, view).root, filters=filters, limit=0).total


def _tied(root: Node) -> Iterator[Node]:
    """The conditions of a query, the two sides of a NEAR by themselves, a phrase whole."""
    match root:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _tied(part)
        case Near():
            yield from _sides(root)
        case Everything() | Nothing():
            return
        case _:
            yield root


def _looser(view: View, root: Node) -> Iterator[tuple[str, Node]]:
    whole = parts = root.parts if isinstance(root, And) else (root,)
    tie = {Near: "their nearness", Phrase: "their order"}.get(type(root)) if len(parts) == 1 else None
    if tie:
        parts = tuple(dict.fromkeys(_untied(root)))
        yield f"without {tie}", _all(parts)
    if len(parts) > 1:
        for part in parts[:MAX_TRIED]:
            yield f"without {describe_part(part)}", _all(tuple(one for one in parts if one != part))
        empty = [part for part in parts[:MAX_TRIED] if not total(view, part, ())]
        if 1 < len(empty) < len(parts):
            said = " and ".join(map(describe_part, empty))
            yield f"without {said}, which nothing meets", _all(tuple(one for one in parts if one not in empty))
    for index, part in enumerate(whole[:MAX_TRIED]):
        for said, node in _ways(part):
            yield said, _all((*whole[:index], node, *whole[index + 1 :]))
    texts = tuple(part for part in parts if isinstance(part, Word | Phrase | Prefix | Fuzzy | Near))
    if len(texts) > 1:
        others = tuple(part for part in parts if part not in texts)
        yield "with any of the words instead of all of them", _all((Or(texts), *others))


def _ways(part: Node) -> Iterator[tuple[str, Node]]:
    """How one condition among several, or the only one, can ask for less."""
    match part:
        case Near() | Phrase() if len(untied := tuple(dict.fromkeys(_untied(part)))) > 1:
            tie = "near each other" if isinstance(part, Near) else "in a row"
            yield f"with {' and '.join(map(describe_part, untied))}, not {tie}", And(untied)
        case Named(_, name):
            words = tuple(name.split())
            node = Phrase(words) if len(words) > 1 else Word(name)
            yield f"with {describe_part(node)} as words of the text", node
    match part:
        case Word(exact=True):
            looser = replace(part, exact=False)
            yield f"with {describe_part(looser)} in any form", looser
    if isinstance(part, Word | Phrase | Prefix | Fuzzy | Near) and part.field is not TextField.ANYWHERE:
        anywhere = _anywhere(part)
        yield f"with {describe_part(anywhere)} anywhere, not only {_WHERE[part.field]}", anywhere


def _anywhere(node: Word | Phrase | Prefix | Fuzzy | Near) -> Node:
    if isinstance(node, Near):
        left, right = (replace(side, field=TextField.ANYWHERE) for side in (node.left, node.right))
        return replace(node, left=left, right=right, field=TextField.ANYWHERE)
    return replace(node, field=TextField.ANYWHERE)


def _untied(root: Node) -> Iterator[Node]:
    match root:
        case Near():
            yield from _sides(root)
        case Phrase(words, _, field):
            yield from (Word(word, field) for word in words)


def _sides(near: Near) -> Iterator[Node]:
    yield from (replace(side, field=near.field) for side in (near.left, near.right))


def _all(parts: tuple[Node, ...]) -> Node:
    flat = tuple(dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, And) else (part,))))
    return And(flat) if len(flat) > 1 else flat[0]
