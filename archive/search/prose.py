"""A query that reads like a sentence: how it is told from a search with operators, and the words it is ranked by."""

from collections.abc import Sequence

from archive.search.query import Or, Phrase, SearchQuery, Word, leaves
from archive.search.stop_words import STOP_WORDS
from archive.search.tokens import Kind, Token

MIN_WORDS = 4
"""Fewer words are taken at their word: all of them, or nothing."""


def is_prose(tokens: Sequence[Token]) -> bool:
    """Words and nothing else; "and", "or", brackets, quotation marks are operators unless the rest reads as a sentence.

    What tells a sentence is its function words. An AND or OR in capitals among words that are not was meant.
    """
    kinds = {token.kind for token in tokens}
    if kinds <= {Kind.WORD}:
        return True
    words = [token.text for token in tokens if token.kind is Kind.WORD]
    joiners = [token.text for token in tokens if token.kind in (Kind.AND, Kind.OR)]
    if any(map(str.isupper, joiners)) and not all(map(str.isupper, filter(str.isalpha, words))):
        return False
    function_words = sum(is_function_word(word) for word in words)
    if kinds <= {Kind.WORD, Kind.AND, Kind.OR}:
        return function_words >= 1
    return kinds <= {Kind.WORD, Kind.AND, Kind.OR, Kind.PHRASE, Kind.OPEN, Kind.CLOSE} and function_words >= 3


def is_function_word(word: str) -> bool:
    return word.casefold() in STOP_WORDS


def ranked(query: SearchQuery) -> Or | None:
    """The query that ranks by the telling words of a query like a sentence, any of which will do; else None."""
    if not query.is_plain:
        return None
    parts = tuple(dict.fromkeys(leaf for leaf in leaves(query.root) if isinstance(leaf, Word | Phrase)))
    if len(parts) < MIN_WORDS:
        return None
    telling = tuple(part for part in parts if not (isinstance(part, Word) and is_function_word(part.text)))
    return Or(telling or parts)
