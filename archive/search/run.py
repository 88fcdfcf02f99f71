"""One search from what was typed to what a page shows: parse, resolve names, ask the backend, fetch, mark.

The only module that pages and commands call; everything they show of a search is in `SearchAnswer`.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from archive.access import ANYBODY, Reader
from archive.models import Article, Entity
from archive.search import facets as labelling
from archive.search.backends.base import Filter
from archive.search.backends.view import View, view
from archive.search.copies import Copies, copies_of
from archive.search.describe import describe, describe_part, to_text
from archive.search.facets import ShownFacet
from archive.search.loosening import Clause, Loosening, clauses, loosenings
from archive.search.marking import highlighter
from archive.search.names import resolve
from archive.search.parser import parse
from archive.search.prose import ranked
from archive.search.query import Node, Sort
from archive.search.quoted import Said, said
from archive.search.results import ResultPage
from archive.search.snippets import Highlighter, Passage
from archive.search.widening import widened
from archive.search.zero import did_you_mean

MAX_PAGE_SIZE, FETCHED_AT_ONCE = 10_000, 500
# With fewer hits a reader is helped on: a sentence is ranked by its words, a misspelling is asked about.
FEW_HITS = 5


@dataclass(frozen=True, slots=True)
class FoundArticle:
    article: Article
    score: float
    title_html: SafeString
    snippet_html: SafeString
    paragraph: int
    """The number of the paragraph that the snippet is from, for its permanent link; 0: it is from none."""
    said: Said | None
    """Set where the words that were found are a quotation."""
    copies: Copies | None = None
    """What it stands for on a collapsed page."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Everything that a result page says."""

    text: str
    canonical: str
    understood_as: str
    total: int
    """Articles that match."""
    stories: int
    """What is listed: on a collapsed page nearly the same texts are one story, else each article is one."""
    is_collapsed: bool
    hits: tuple[FoundArticle, ...]
    page: int
    pages: int
    size: int
    after: str
    """Where the next page begins, in an order of date; see `ResultPage.next`."""
    sort: Sort
    filters: tuple[Filter, ...]
    facets: tuple[ShownFacet, ...]
    months: dict[str, int]
    """Matches by month ("1987-03"), the undated under "", without a chosen month; empty unless asked for."""
    days: dict[str, int]
    """Matches by day ("1987-03-01") in the same way, without a chosen day."""
    entities: tuple[Entity, ...]
    notes: tuple[str, ...]
    also_searched: tuple[str, ...]
    """Other spellings of words of the query."""
    literal: str
    """The query that searches these words as written."""
    suggestion: str | None
    clauses: tuple[Clause, ...]
    """What each condition finds by itself, where all of them together find nothing."""
    loosenings: tuple[Loosening, ...]
    generation: str
    engine_ms: float
    """How much of `took_ms` went by until the index had answered."""
    took_ms: float


def search(
    text: str,
    *,
    page: int = 1,
    size: int = 20,
    sort: Sort = Sort.RELEVANCE,
    filters: Sequence[Filter] = (),
    facets: Sequence[str] = (),
    facet_limit: int = 20,
    months: bool = False,
    days: bool = False,
    collapse: bool = False,
    after: str = "",
    among: frozenset[int] | None = None,
    reader: Reader = ANYBODY,
) -> SearchAnswer:
    """Answer a query as typed, for this reader.

    `among` searches these articles only; `collapse` lists nearly the same texts as one; `after` (`SearchAnswer.after`
    of the page before) goes before `page`.
    Raises IndexUnavailable when there is no index to ask; never for what was typed.
    """
    began = time.perf_counter()
    page, size = max(1, page), min(max(1, size), MAX_PAGE_SIZE)
    seen = view(reader)
    query = parse(text)
    wide = widened(query.root)
    also_searched, resolved = wide.also, resolve(wide.root, seen)
    root, chosen = resolved.root, tuple(filters)
    notes = [*query.notes, *resolved.notes]
    spans = [name for name, is_asked in (("month", months), ("day", days)) if is_asked]
    counted = tuple(dict.fromkeys((*facets, *spans)))
    after = after if sort in (Sort.NEWEST, Sort.OLDEST) else ""
    options: dict[str, Any] = {"sort": sort, "limit": size, "facets": counted, "filters": chosen}
    options |= {"collapse": collapse, "among": among, "facet_limit": facet_limit}
    options |= {"after": after} if after else {"offset": (page - 1) * size}
    found = seen.search(root, **options)
    understood = describe(query.root)
    if found.total < FEW_HITS and (sentence := ranked(query)):
        strict, root, also_searched = found.total, sentence, ()
        found = seen.search(root, **options)
        words = ", ".join(describe_part(part) for part in sentence.parts)
        understood = f"any of the words {words}; the more and the rarer, the higher"
        notes.append(_widened(strict))
    engine_ms = (time.perf_counter() - began) * 1000
    hits = _fetch(seen, found, root, collapse=collapse)
    by_span = {
        facet.name: {one.value: one.count for one in facet.values} for facet in found.facets if facet.name in spans
    }
    return SearchAnswer(
        text=text,
        canonical=to_text(query.root),
        understood_as=understood,
        total=found.total,
        stories=found.stories,
        is_collapsed=collapse,
        hits=hits,
        page=page,
        pages=max(1, -(-found.stories // size)),
        size=size,
        after=found.next,
        sort=sort,
        filters=chosen,
        facets=labelling.label([facet for facet in found.facets if facet.name in facets], chosen, reader),
        months=by_span.get("month", {}),
        days=by_span.get("day", {}),
        entities=resolved.entities,
        notes=tuple(notes),
        also_searched=also_searched,
        literal=to_text(wide.literal),
        suggestion=did_you_mean(seen, query.root) if found.total < FEW_HITS else None,
        clauses=() if found.total else clauses(seen, query.root),
        loosenings=() if found.total else loosenings(seen, query.root, chosen),
        generation=found.generation,
        engine_ms=round(engine_ms, 2),
        took_ms=round((time.perf_counter() - began) * 1000, 2),
    )


def result_ids(
    text: str, *, sort: Sort, filters: Sequence[Filter] = (), reader: Reader = ANYBODY
) -> tuple[tuple[int, ...], str]:
    """All articles that `search` finds, in its order, and the generation of the index that says so."""
    found = _found(text, view(reader), sort=sort, limit=sys.maxsize, filters=tuple(filters))
    return tuple(hit.article_id for hit in found.hits), found.generation


def beside(
    text: str,
    at: int,
    *,
    sort: Sort,
    filters: Sequence[Filter] = (),
    collapse: bool = False,
    reader: Reader = ANYBODY,
) -> tuple[int, tuple[int, ...], int]:
    """The articles around rank `at` (from 1) of what `search` lists: the first of their ranks, they, and how many."""
    first = max(1, at - 1)
    place = {"offset": first - 1, "limit": at - first + 2}
    found = _found(text, view(reader), sort=sort, filters=tuple(filters), collapse=collapse, **place)
    return first, tuple(hit.article_id for hit in found.hits), found.stories


def in_batches(ids: Sequence[int], reader: Reader) -> Iterator[Article]:
    """Those of these articles that the reader may see, in this order, fetched a few hundred at a time."""
    for start in range(0, len(ids), FETCHED_AT_ONCE):
        batch = ids[start : start + FETCHED_AT_ONCE]
        found = Article.objects.listed_for(reader).select_related("source").in_bulk(batch)
        yield from (found[pk] for pk in batch if pk in found)


def _found(text: str, seen: View, **options: Any) -> ResultPage:
    """A query as typed to the index; a sentence as `search` takes it."""
    query = parse(text)
    found = seen.search(resolve(widened(query.root).root, seen).root, **options)
    if found.total < FEW_HITS and (sentence := ranked(query)):
        found = seen.search(sentence, **options)
    return found


def _widened(strict: int) -> str:
    having = {0: "No article has", 1: "Only one article has"}.get(strict, f"Only {strict} articles have")
    return (
        f"{having} all of these words, so articles with some of them are shown, best first. "
        "To insist on all of them, leave out the small words and put AND between the others."
    )


def _fetch(seen: View, found: ResultPage, root: Node, *, collapse: bool) -> tuple[FoundArticle, ...]:
    """The articles of the hits, in their order, in one query; one that is gone meanwhile is left out."""
    ids = [hit.article_id for hit in found.hits]
    articles = Article.objects.listed_for(seen.reader).select_related("source").in_bulk(ids)
    marker = highlighter(seen, root, frozenset(ids))
    copies = copies_of(found.hits, articles, seen) if collapse else {}
    passages = {pk: (article, _passage(marker, article)) for pk in ids if (article := articles.get(pk))}
    quoted = said(passages)
    return tuple(
        FoundArticle(
            article,
            hit.score,
            marker.title(article.title or str(article), article.language),
            passage.html,
            passage.number,
            quoted.get(article.pk),
            copies.get(article.pk),
        )
        for hit in found.hits
        if (known := passages.get(hit.article_id))
        for article, passage in [known]
    )


def _passage(marker: Highlighter, article: Article) -> Passage:
    """Its `number` is that of a paragraph of the body, from 1, or 0 for the standfirst and for captions."""
    captions = [one["text"] for one in article.captions]
    found = marker.passage([article.standfirst, *article.body, *captions], article.language)
    return found if found.number <= len(article.body) else replace(found, number=0)
