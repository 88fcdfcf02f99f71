"""Completes what a reader has begun to type: people, then organisations, places, sources and headlines."""

from dataclasses import dataclass

from django.db.models import Q

from archive.access import ANYBODY, Reader
from archive.choices import EntityKind
from archive.models import Article, Entity, Source
from archive.search.backends.view import View, view
from archive.search.parser import parse
from archive.search.query import And, Everything, Prefix, Sort, TextField, Word, leaves
from archive.text import name_key

MIN_CHARACTERS, EACH, TITLES, MOST_NAMES, MOST_SOURCES = 2, 4, 4, 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Completion:
    kind: str
    """"person", "organisation", "place", "source" or "article"."""
    label: str
    url: str
    count: int
    """Articles that name it or are of the source; 1 for an article."""


def complete(typed: str, reader: Reader = ANYBODY) -> tuple[Completion, ...]:
    """Kind by kind the names with a word that begins so, most named first, then sources, then the newest headlines with
    all the words, as far as this reader may see them.

    Raises IndexUnavailable when there is no index to ask for headlines.
    """
    key = name_key(typed[:100])
    if len(key) < MIN_CHARACTERS:
        return ()
    seen = view(reader)
    return (*_named(key, reader), *_sources(typed[:100].strip(), seen), *_headlines(typed[:100], seen))


def _named(key: str, reader: Reader) -> list[Completion]:
    """In one question for all kinds, which goes through the aliases once; read as far as every kind has enough."""
    found: dict[str, list[Completion]] = {kind: [] for kind in EntityKind.values}
    for entity in Entity.objects.shown(reader).called(key).most_named()[:MOST_NAMES].iterator(chunk_size=50):
        if len(found[entity.kind]) < EACH:
            url = entity.get_absolute_url()
            found[entity.kind].append(Completion(entity.kind, entity.name, url, entity.article_count))
        elif all(len(of_kind) == EACH for of_kind in found.values()):
            break
    return [one for of_kind in found.values() for one in of_kind]


def _sources(typed: str, seen: View) -> list[Completion]:
    """The largest first; their articles are counted by the index, which does not have to walk them."""
    begins = Q(name__istartswith=typed) | Q(name__icontains=f" {typed}") | Q(domain__istartswith=typed)
    named = {one.slug: one for one in Source.objects.filter(begins)[:MOST_SOURCES]}
    if not named:
        return []
    (counted,) = seen.search(Everything(), limit=0, facets=("source",), facet_limit=MOST_SOURCES).facets
    return [
        Completion("source", str(named[one.value]), named[one.value].get_absolute_url(), one.count)
        for one in counted.values
        if one.value in named
    ][:EACH]


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
