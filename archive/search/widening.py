"""Other spellings of one name: a query for "Uygur" finds "Uighur" too, says so, and `=Uygur` searches it as written."""

from dataclasses import replace

from archive.search.query import And, Node, Not, Or, Phrase, Word
from archive.variants import variants

_SHORT = 3


def widened(root: Node) -> tuple[Node, tuple[str, ...]]:
    """The query with the other spellings of its words as alternatives, and these spellings."""
    also: dict[str, None] = {}

    def widen(node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return replace(node, parts=tuple(widen(part) for part in parts))
            case Not(part):
                return Not(widen(part))
            case Word() if forms := _others(node):
                also.update(dict.fromkeys(forms))
                return Or((node, *(_spelt(node, form) for form in forms)))
        return node

    return widen(root), tuple(also)


def _spelt(word: Word, form: str) -> Node:
    words = tuple(form.split())
    return Phrase(words, 0, word.field) if len(words) > 1 else replace(word, text=form)


def literal(root: Node) -> Node:
    """The query that says of every word with other spellings that it is meant as written."""
    match root:
        case And(parts) | Or(parts):
            return replace(root, parts=tuple(literal(part) for part in parts))
        case Not(part):
            return Not(literal(part))
        case Word() if _others(root):
            return replace(root, exact=True)
    return root


def _others(word: Word) -> tuple[str, ...]:
    """Other spellings of a word; a short one must be in capitals, or "us" would mean the United States."""
    if word.exact or (len(word.text) <= _SHORT and not word.text.isupper()):
        return ()
    return variants(word.text)
