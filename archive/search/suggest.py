"""Completes what a reader has begun to type: people, organisations, places and headlines."""

from dataclasses import dataclass

from archive.access import ANYBODY, Reader
from archive.choices import EntityKind
from archive.models import Article, Entity
from archive.search.backends.view import View, view
from archive.search.parser import parse
from archive.search.query import And, Prefix, Sort, TextField, Word, leaves
from archive.text import name_key

MIN_CHARACTERS, EACH, TITLES = 2, 4, 4


@dataclass(frozen=True, slots=True)
class Completion:
    kind: str
    """"person", "organisation", "place" or "article"."""
    label: str
    url: str
    count: int
    """Articles that name it; 1 for an article."""


def complete(typed: str, reader: Reader = ANYBODY) -> tuple[Completion, ...]:
    """Names with a word that begins so, most named first, then the newest headlines with all the words that this reader
    may see.

    Raises IndexUnavailable when there is no index to ask for headlines.
    """
    key = name_key(typed[:100])
    if len(key) < MIN_CHARACTERS:
        return ()
    found = [
        Completion(entity.kind, entity.name, entity.get_absolute_url(), entity.article_count)
        for kind in EntityKind
        for entity in Entity.objects.of_kind(kind).shown().called(key).most_named()[:EACH]
    ]
    found.sort(key=lambda one: -one.count)
    return (*found, *_headlines(typed[:100], view(reader)))


def _headlines(typed: str, seen: View) -> list[Completion]:
    words = [leaf.text for leaf in leaves(parse(typed).root) if isinstance(leaf, Word)]
    if not words:
        return []
    whole = tuple(Word(word, TextField.TITLE) for word in words[:-1])
    root = And((*whole, Prefix(words[-1], TextField.TITLE)))
    ids = [hit.article_id for hit in seen.search(root, sort=Sort.NEWEST, limit=TITLES).hits]
    articles = Article.objects.listed_for(seen.reader).in_bulk(ids)
    return [
        Completion("article", str(articles[pk]), articles[pk].get_absolute_url(), 1) for pk in ids if pk in articles
    ]
