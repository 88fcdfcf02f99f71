"""Why an article is among the hits, condition by condition; or which condition keeps it out."""

import re
from dataclasses import dataclass

from archive.access import ANYBODY, Reader
from archive.models import Article, IndexTask
from archive.search.backends.base import Filter
from archive.search.backends.view import View, view
from archive.search.describe import describe_part
from archive.search.marking import highlighter
from archive.search.names import resolve
from archive.search.parser import parse
from archive.search.prose import ranked
from archive.search.query import And, Everything, Node, Not, Or
from archive.search.widening import widened

_ID = re.compile(r"(?:.*/articles/)?(\d{1,18})(?:/.*)?\Z")
MAX_CONDITIONS = 40


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a query and how an article meets it."""

    said: str
    is_met: bool
    share: float
    """Of the article's score, 0 to 1; a condition that only filters has none."""
    forms: tuple[tuple[str, str, int], ...]
    """(field, word as it stands in the article, how often) of what matched in the text."""


@dataclass(frozen=True, slots=True)
class Explanation:
    article: Article | None
    is_hit: bool
    reason: str
    """Why the article is no hit, in a sentence; empty where it is one."""
    conditions: tuple[Condition, ...]


def explain(text: str, pasted: str, filters: tuple[Filter, ...] = (), reader: Reader = ANYBODY) -> Explanation:
    """Explain a query for one article, given by its number or any address of its page or of the original.

    Raises IndexUnavailable when there is no index to ask.
    """
    article = _article(pasted.strip(), reader)
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
    return Explanation(article, not reason, reason, conditions)


def _resolved(root: Node, seen: View) -> Node:
    return resolve(widened(root)[0], seen).root


def _kept_out_by(seen: View, filters: tuple[Filter, ...], only: frozenset[int]) -> str:
    for one in filters:
        if not seen.search(Everything(), filters=(one,), among=only).total:
            verb = "excludes" if one.exclude else "does not include"
            return f"The chosen {one.facet} {verb} it."
    return ""


def _condition(seen: View, article: Article, part: Node, score: float) -> Condition:
    resolved = _resolved(part, seen)
    found = seen.search(resolved, among=frozenset({article.pk}))
    own = found.hits[0].score if found.hits else 0.0
    forms: tuple[tuple[str, str, int], ...] = ()
    if found.total and not isinstance(part, Not | Everything):
        marker = highlighter(seen, resolved, frozenset({article.pk}))
        texts = {
            "title": [article.title],
            "body": [article.standfirst, *article.body, *(one["text"] for one in article.captions)],
            "byline": list(article.byline),
        }
        forms = tuple(
            (field, word, count)
            for field, pieces in texts.items()
            for word, count in marker.counts(pieces, article.language, field).items()
        )
    return Condition(describe_part(part), bool(found.total), min(1.0, own / score) if score > 0 else 0.0, forms)


def _article(pasted: str, reader: Reader) -> Article | None:
    shown = Article.objects.readable_by(reader)
    if found := _ID.match(pasted):
        return shown.filter(pk=int(found[1])).first()
    return shown.filter(canonical_url=pasted).first() if pasted else None
