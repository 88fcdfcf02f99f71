"""One search: what is asked of the cluster, and the page that its answers make."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from opensearchpy.exceptions import NotFoundError

from archive.errors import IndexUnavailable
from archive.search.backends import months
from archive.search.backends.base import Filter
from archive.search.backends.opensearch import counting, pages
from archive.search.backends.opensearch.asking import Cluster
from archive.search.backends.opensearch.compiling import Query, compile_query, unscored
from archive.search.backends.opensearch.mapping import COMMIT, FAMILY, ID, STORY
from archive.search.backends.shape import FRESHNESS, HALF_LIFE, KEYWORDS, MOMENT
from archive.search.query import Keyword, Node, Sort
from archive.search.results import Facet, Hit, ResultPage

_MAX_TERMS = 60_000
"""Values in one condition; the server's bound is 65,536."""
_PRECISION = 40_000
"""Families are counted exactly up to about so many, and within a percent beyond (HyperLogLog++)."""
_ROUNDS = 5
"""So often facets are counted before it is said that they cannot be."""
COMMIT_SEEN: dict[str, Any] = {"commit": {"global": {}, "aggs": {"last": {"max": {"field": COMMIT}}}}}
"""Tells from within a search which commit it saw."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as `SearchBackend.search` takes it."""

    root: Node
    filters: tuple[Filter, ...]
    among: frozenset[int] | None
    hidden_sources: frozenset[str]
    sort: Sort
    offset: int
    limit: int
    facets: tuple[str, ...]
    facet_limit: int
    collapse: bool
    after: str


def generation_of(answer: dict[str, Any]) -> str:
    """Names the commit that an answer to a body with `COMMIT_SEEN` saw."""
    return str(int(answer["aggregations"]["commit"]["last"]["value"] or 0))


def ask(cluster: Cluster, index: str, body: dict[str, Any], question: str = "") -> dict[str, Any] | None:
    """None where there is no index yet. `question` names what belongs together, which is else the query alone.

    Terms are counted over all shards, so that a score does not depend on where a document lies; the same question goes
    to the same copies, for these differ in what they have not merged away yet.
    """
    options: dict[str, Any] = {"preference": question or name_of(body["query"])}
    if body.get("size", 1):  # else there is nothing to score
        options["search_type"] = "dfs_query_then_fetch"
    try:
        return cluster.search("answer", index=index, body=body, **options)
    except NotFoundError:
        return None


def name_of(query: Query) -> str:
    """The same for equal queries."""
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()[:16]


def seen(root: Query, among: frozenset[int] | None, hidden_sources: frozenset[str]) -> Query:
    """The query over what there is to see. Conditions are filters, which leave scores alone."""
    conditions: list[Query] = []
    if among is not None:
        numbers = sorted(among)
        chunks = [numbers[start : start + _MAX_TERMS] for start in range(0, len(numbers), _MAX_TERMS)]
        anyone = [{"terms": {ID: chunk}} for chunk in chunks]
        conditions.append({"bool": {"should": anyone, "minimum_should_match": 1}} if anyone else {"match_none": {}})
    if hidden_sources:
        conditions.append({"bool": {"must_not": [{"terms": {KEYWORDS[Keyword.SOURCE]: sorted(hidden_sources)}}]}})
    return {"bool": {"must": [root], "filter": conditions}} if conditions else root


class Search:
    """Answers one question, all of it from one index: what answers first is asked the rest, whatever is swapped."""

    def __init__(self, cluster: Cluster, index: str, asked: Asked) -> None:
        self._cluster, self._index, self._asked = cluster, index, asked
        self._chosen = [counting.filter_query(entry) for entry in asked.filters]
        query = seen(compile_query(asked.root), asked.among, asked.hidden_sources)
        self._question = name_of(query)
        self._body: dict[str, Any] = {
            "query": self._freshened(query) if asked.sort is Sort.FRESH else query,
            "sort": pages.order(asked.sort),
            "track_scores": True,
            "_source": False,
            "docvalue_fields": [STORY],
        }

    def page(self) -> ResultPage:
        """See `SearchBackend.search`."""
        asked = self._asked
        behind = pages.beyond(asked.after, asked.sort) if asked.sort in pages.BY_DATE else None
        offset, limit = max(asked.offset, 0), max(asked.limit, 0)
        is_apart = behind is not None or offset + limit > pages.WINDOW
        # One hit at least, for it tells of which index it is.
        window = {"from": 0, "size": 1} if is_apart and limit else {"from": 0 if is_apart else offset, "size": limit}
        answer, facets = self._counted(self._narrowed() | window)
        if answer is None:
            return ResultPage(0, (), tuple(Facet(name, ()) for name in asked.facets))
        total = int(answer["hits"]["total"]["value"])
        stories = total
        if asked.collapse:
            families = answer["aggregations"]["stories"]
            stories = total - families["members"]["value"] + families["families"]["value"]
        found = answer["hits"]["hits"]
        if is_apart and limit:
            hits = self._behind(*behind) if behind else self._walked()
            try:
                found = list(islice(hits, offset, offset + limit))
            except NotFoundError as error:
                raise IndexUnavailable("The index that answered is gone; search again.") from error
        ends = behind is None and offset + len(found) >= stories
        following = pages.written(found[-1]) if found and asked.sort in pages.BY_DATE and not ends else ""
        return ResultPage(total, self._hits(found), facets, generation_of(answer), stories, following)

    def _narrowed(self, *more: Query) -> dict[str, Any]:
        """The search with its filters, which facets do without."""
        body = self._body | ({"collapse": {"field": STORY}} if self._asked.collapse else {})
        conditions = [*self._chosen, *more]
        return body | ({"post_filter": {"bool": {"filter": conditions}}} if conditions else {})

    def _freshened(self, query: Query) -> Query:
        """The query whose scores are a little higher for what is new, as the newest article of the index goes."""
        dated_only = {"query": {"exists": {"field": MOMENT}}, "sort": [{MOMENT: "desc"}], "_source": False}
        newest = self._ask(dated_only | {"size": 1, "track_total_hits": False})
        if not newest or not newest["hits"]["hits"]:
            return query
        moment = newest["hits"]["hits"][0]["sort"][0]
        fading = {MOMENT: {"origin": int(moment), "scale": int(HALF_LIFE), "decay": 0.5}}
        dated = {"filter": {"exists": {"field": MOMENT}}, "exp": fading, "weight": FRESHNESS}
        whole = {"filter": {"match_all": {}}, "weight": 1}
        return {
            "function_score": {
                "query": query,
                "functions": [whole, dated],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    def _ask(self, body: dict[str, Any]) -> dict[str, Any] | None:
        answer = ask(self._cluster, self._index, body, self._question)
        if answer and answer["hits"]["hits"]:
            self._index = answer["hits"]["hits"][0]["_index"]
        return answer

    def _counted(self, body: dict[str, Any]) -> tuple[dict[str, Any] | None, tuple[Facet, ...]]:
        """The answer to a search, with its facets; those whose counts are not certain are asked again by themselves,
        with more candidates. Where something was committed in between, all is asked anew.
        """
        asked = self._asked
        families = {
            "families": {"cardinality": {"field": FAMILY, "precision_threshold": _PRECISION}},
            "members": {"value_count": {"field": FAMILY}},
        }
        chosen = {"filter": {"bool": {"filter": self._chosen}}, "aggs": families}
        stories = {"stories": chosen} if asked.collapse else {}
        counts_only = {"query": unscored(body["query"]), "size": 0, "track_total_hits": False, "_source": False}
        for _ in range(_ROUNDS):
            candidates = counting.FIRST_CANDIDATES
            counts = counting.aggregations(asked.facets, asked.filters, asked.facet_limit, candidates)
            answer = self._ask(body | {"track_total_hits": True, "aggs": counts | stories | COMMIT_SEEN})
            if answer is None:
                return None, ()
            values = {name: answer["aggregations"][name]["values"] for name in asked.facets}
            again: dict[str, Any] | None = answer
            while open_ones := self._uncertain(values, candidates):
                candidates *= 10
                counts = counting.aggregations(open_ones, asked.filters, asked.facet_limit, candidates)
                again = self._ask(counts_only | {"aggs": counts | COMMIT_SEEN})
                if again is None or generation_of(again) != generation_of(answer):
                    again = None
                    break
                values |= {name: again["aggregations"][name]["values"] for name in open_ones}
            if again is not None:
                return answer, tuple(counting.facet(name, values[name], asked.facet_limit) for name in asked.facets)
        raise IndexUnavailable("The index changes faster than it can be counted; try again in a moment.")

    def _uncertain(self, values: dict[str, Any], candidates: int) -> tuple[str, ...]:
        if candidates >= counting.MOST_CANDIDATES:
            return ()
        return tuple(
            name
            for name, found in values.items()
            if name not in months.DATES and not counting.is_exact(found, self._asked.facet_limit)
        )

    def _walked(self) -> Iterator[dict[str, Any]]:
        """Every hit (of every story the first), from the beginning: however deep, and dear in proportion."""
        body = self._narrowed()
        body.pop("collapse", None)
        found = pages.walk(self._cluster, self._index, body)
        return pages.heads(found) if self._asked.collapse else found

    def _behind(self, behind: Query, before: Query) -> Iterator[dict[str, Any]]:
        """The hits behind a place in an order of date, a page at a time, without stories that began before it."""
        if not self._asked.collapse:
            yield from pages.walk(self._cluster, self._index, self._narrowed(behind))
            return
        body = self._narrowed(behind)
        body.pop("collapse")
        begun: dict[int, bool] = {}
        batch: list[dict[str, Any]] = []
        for one in pages.heads(pages.walk(self._cluster, self._index, body)):
            batch.append(one)
            if len(batch) == self._asked.limit:
                yield from self._begun(batch, before, begun)
                batch = []
        yield from self._begun(batch, before, begun)

    def _begun(self, batch: list[dict[str, Any]], before: Query, begun: dict[int, bool]) -> Iterator[dict[str, Any]]:
        """Those of the hits whose story has no hit before the place."""
        families = [story for one in batch if (story := pages.story_of(one)) > 0]
        if families:
            body = self._inside(families, before) | {"size": len(families), "collapse": {"field": STORY}}
            answer = self._ask(body)
            earlier = {pages.story_of(one) for one in (answer["hits"]["hits"] if answer else [])}
            batch = [one for one in batch if pages.story_of(one) not in earlier]
        yield from batch

    def _inside(self, families: list[int], *more: Query) -> dict[str, Any]:
        """The search with its filters within these families: only their members are looked at, let alone scored."""
        conditions = [{"terms": {FAMILY: families}}, *self._chosen, *more]
        narrow = {"bool": {"must": [self._body["query"]], "filter": conditions}}
        return self._body | {"query": narrow, "track_total_hits": False}

    def _hits(self, found: list[dict[str, Any]]) -> tuple[Hit, ...]:
        families = [story for one in found if (story := pages.story_of(one)) > 0]
        others: dict[int, list[int]] = defaultdict(list)
        if self._asked.collapse and families:
            answer = self._ask(self._inside(families) | {"size": pages.WINDOW})
            for one in answer["hits"]["hits"] if answer else []:
                others[pages.story_of(one)].append(int(one["_id"]))
        shown = []
        for one in found:
            number = int(one["_id"])
            rest = tuple(each for each in others[pages.story_of(one)] if each != number)
            shown.append(Hit(number, float(one["_score"] or 0.0), rest))
        return tuple(shown)
