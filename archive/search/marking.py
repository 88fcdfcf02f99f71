"""What a query marks in a text: words wherever they stand, those of a phrase only where the phrase stands."""

from dataclasses import replace

from archive.search.backends.view import View
from archive.search.query import And, Everything, Node, Nothing, Or, Phrase
from archive.search.snippets import Highlighter, MarkedPhrase


def highlighter(view: View, root: Node, among: frozenset[int] | None = None) -> Highlighter:
    """Of a resolved query, for the texts of these articles or of any."""
    if isinstance(root, Everything):
        return Highlighter(view.analyse, {})
    phrases: list[Phrase] = []
    words = _without_phrases(root, phrases, view)
    return Highlighter(
        view.analyse,
        view.matched_forms(words, among),
        tuple(MarkedPhrase(_forms(view, phrase, among), phrase.slop) for phrase in phrases),
    )


def _without_phrases(node: Node, phrases: list[Phrase], view: View) -> Node:
    match node:
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(_without_phrases(part, phrases, view) for part in parts))
        case Phrase(words) if len(words) > 1 and all(_is_one_word(word, view) for word in words):
            phrases.append(node)
            return Nothing()
    # A phrase with words that the analysis takes apart (O'Brien, 東京) is marked word by word, wherever they stand.
    return node


def _is_one_word(word: str, view: View) -> bool:
    return len({(start, end) for _, start, end in view.analyse(word)}) == 1


def _forms(view: View, phrase: Phrase, among: frozenset[int] | None) -> dict[str, tuple[frozenset[str], ...]]:
    """By text field, the forms of each word of a phrase."""
    found = [view.matched_forms(replace(phrase, words=(word,), slop=0), among) for word in phrase.words]
    by_field = {field: tuple(frozenset(one.get(field, ())) for one in found) for field in found[0]}
    # What is sought in quotations stands in the body too.
    return {**({"body": by_field["said"]} if "said" in by_field else {}), **by_field}
