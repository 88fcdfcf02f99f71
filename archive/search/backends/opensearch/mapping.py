"""What the cluster's index is made of, and what of a document goes into each field.

Texts arrive as the terms of our own analysis, one place after another, those that share a place joined by "|": so both
engines index the same terms at the same places, and no analyser of the server has to be talked into agreeing.
"""

from typing import Any

from archive.search.backends import analysis, months
from archive.search.backends.opensearch.address import Address
from archive.search.backends.shape import (
    ANALYSED,
    EXACT,
    K1,
    KEYWORDS,
    MOMENT,
    TEXT_FIELDS,
    UNKNOWN_MOMENT,
    B,
    day_of,
    keywords_of,
    moment_of,
)
from archive.search.documents import IndexDocument
from archive.search.query import TextField

ID, HASH, WORDS, COMMIT, DAYS, MONTHS = "id", "hash", "words", "commit", "days", "months"
FAMILY, STORY = "family", "story"
"""The family of nearly the same texts, where there is one; what stands in a collapsed list, a family or one article."""
COMMIT_ID = "commit"
"""The one document that is no article: it counts the commits, so that a search tells which state it saw."""
_LONGEST_WORD = 40
_JOIN = "|"
_PLACES = (TextField.TITLE, TextField.ANYWHERE, TextField.BYLINE, TextField.SAID)


def body_of(address: Address) -> dict[str, Any]:
    """Settings and mapping of a new index. It is refreshed by commits alone, so readers see whole commits."""
    text = {"type": "text", "analyzer": "terms", "similarity": "default"}
    keyword = {"type": "keyword", "norms": False, "split_queries_on_whitespace": False}
    number = {"type": "long"}
    return {
        "settings": {
            "number_of_shards": address.shards,
            "number_of_replicas": address.replicas,
            "refresh_interval": -1,
            # A deletion is remembered for as long as a rebuild may take, or an older document could come back.
            "gc_deletes": "1d",
            "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
            "analysis": {
                "analyzer": {"terms": {"type": "custom", "tokenizer": "blanks", "filter": ["alternatives"]}},
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 8192}},
                "filter": {
                    "alternatives": {
                        "type": "pattern_capture",
                        "preserve_original": False,
                        "patterns": [f"([^{_JOIN}]+)"],
                    }
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "properties": {
                **dict.fromkeys(TEXT_FIELDS, text),
                **dict.fromkeys(KEYWORDS.values(), keyword),
                HASH: {"type": "keyword", "index": False},
                WORDS: {"type": "keyword", "index": False},
                **dict.fromkeys((ID, DAYS, MONTHS, MOMENT, COMMIT, FAMILY, STORY), number),
            },
        },
    }


def fields_of_document(document: IndexDocument) -> dict[str, Any]:
    """A document as it is sent."""
    fields: dict[str, Any] = {ID: document.id, HASH: document.content_hash}
    stemmed = analysis.is_stemmed(document.language)
    words: set[str] = set()
    for place in _PLACES:
        text = document.body if place is TextField.ANYWHERE else getattr(document, place.value)
        exact = _by_place(text)
        fields[EXACT[place]] = " ".join(_JOIN.join(terms) for terms in exact)
        if place is not TextField.BYLINE:
            fields[ANALYSED[place]] = " ".join(
                _JOIN.join(dict.fromkeys(analysis.analysed(term, stemmed) for term in terms)) for terms in exact
            )
        if place is TextField.ANYWHERE:
            words = {term for terms in exact for term in terms if len(term) <= _LONGEST_WORD}
    day, moment = day_of(document), moment_of(document)
    fields[WORDS] = sorted(words)
    fields[MONTHS] = months.NONE if day is None else day.year * 12 + day.month - 1
    # Articles are told from families by their sign.
    fields[STORY] = document.family or -document.id
    if document.family:
        fields[FAMILY] = document.family
    if day is not None:
        fields[DAYS] = day.toordinal()
    if moment != UNKNOWN_MOMENT:
        fields[MOMENT] = moment
    return fields | {name: list(values) for name, values in keywords_of(document).items()}


def _by_place(text: str) -> list[list[str]]:
    """The exact terms of a text, those that stand at one place together."""
    places: list[list[str]] = []
    for token in analysis.tokens(text):
        while token.position >= len(places):
            places.append([])
        places[token.position].append(token.term)
    return [terms for terms in places if terms]
