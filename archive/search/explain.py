"""Why an article is among the hits, condition by condition; or which condition keeps it out."""

from dataclasses import dataclass

from archive.access import ANYBODY, Reader
from archive.models import Article, IndexTask, TextSketch
from archive.search.backends.base import Filter
from archive.search.backends.view import View, view
from archive.search.describe import describe_part
from archive.search.names import resolve
from archive.search.parser import parse
from archive.search.pasted import pasted_article
from archive.search.prose import ranked
from archive.search.query import And, Everything, Node, Or, Sort
from archive.search.reasons import Match, matches
from archive.search.widening import widened

MAX_CONDITIONS = 40


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a query and how an article meets it."""

    said: str
    is_met: bool
    share: float
    """Of the article's score, 0 to 1; a condition that only filters has none."""
    matches: tuple[Match, ...]
    """What of the article meets it; none for a condition on its date or source, or one that it does not meet."""


@dataclass(frozen=True, slots=True)
class Explanation:
    article: Article | None
    is_hit: bool
    reason: str
    """Why the article is no hit, in a sentence; empty where it is one."""
    conditions: tuple[Condition, ...]
    is_copy: bool = False
    """What was pasted is the address of a copy of the article's text, which has no page of its own."""
    under: Article | None = None
    """A hit that is listed below another of nearly the same text: that other one."""


def explain(
    text: str,
    pasted: str,
    filters: tuple[Filter, ...] = (),
    reader: Reader = ANYBODY,
    *,
    sort: Sort = Sort.RELEVANCE,
    collapse: bool = True,
    host: str = "",
    address: str = "",
) -> Explanation:
    """Explain a query for one article, given by its number or by any address; see `pasted_article`.

    `sort` and `collapse` are those of the result page. Raises IndexUnavailable when there is no index to ask.
    """
    meant = pasted_article(pasted, reader, host=host, address=address)
    article = meant.article
    if article is None:
        return Explanation(None, False, f"No article in the archive has the number or address “{pasted[:200]}”.", ())
    seen, only = view(reader), frozenset({article.pk})
    if not seen.search(Everything(), among=only).total:
        waiting = IndexTask.objects.filter(article_id=article.pk).exists()
        return Explanation(article, False, "It is not in the index" + (" yet." if waiting else "."), ())
    query = parse(text)
    root = query.root
    whole = seen.search(_resolved(root, seen), among=only)
    if not whole.total and (sentence := ranked(query)):
        root = sentence
        whole = seen.search(_resolved(root, seen), among=only)
    score = whole.hits[0].score if whole.hits else 0.0
    parts = root.parts if isinstance(root, And | Or) else (root,)
    conditions = tuple(_condition(seen, article, part, score) for part in parts[:MAX_CONDITIONS])
    if whole.total:
        reason = _kept_out_by(seen, filters, only)
    elif isinstance(root, Or):
        reason = "It meets none of the alternatives."
    else:
        failing = next((one.said for one in conditions if not one.is_met), describe_part(root))
        reason = f"It does not meet the condition: {failing}."
    under = None if reason or not collapse else _stands_below(seen, article, _resolved(root, seen), filters, sort)
    return Explanation(article, not reason, reason, conditions, meant.is_copy, under)


def _stands_below(
    seen: View, article: Article, resolved: Node, filters: tuple[Filter, ...], sort: Sort
) -> Article | None:
    """The article of the same family that a collapsed page lists instead of this one."""
    leader = TextSketch.objects.filter(article=article).values_list("leader", flat=True).first()
    if leader is None:
        return None
    family = TextSketch.objects.filter(leader=leader).values_list("article_id", flat=True)
    best = seen.search(resolved, filters=filters, among=frozenset(family), sort=sort, limit=1, collapse=True).hits
    if not best or best[0].article_id == article.pk:
        return None
    return Article.objects.listed_for(seen.reader).filter(pk=best[0].article_id).first()


def _resolved(root: Node, seen: View) -> Node:
    return resolve(widened(root).root, seen).root


def _kept_out_by(seen: View, filters: tuple[Filter, ...], only: frozenset[int]) -> str:
    for one in filters:
        if not seen.search(Everything(), filters=(one,), among=only).total:
            verb = "excludes" if one.exclude else "does not include"
            return f"The chosen {one.facet} {verb} it."
    return ""


def _condition(seen: View, article: Article, part: Node, score: float) -> Condition:
    resolved = resolve(widened(part).root, seen)
    found = seen.search(resolved.root, among=frozenset({article.pk}))
    own = found.hits[0].score if found.hits else 0.0
    met_by = matches(seen, article, part, resolved.root, resolved.entities) if found.total else ()
    return Condition(describe_part(part), bool(found.total), min(1.0, own / score) if score > 0 else 0.0, met_by)
