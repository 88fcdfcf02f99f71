"""The contract that every search backend fulfils; tests/search/contract.py tests it once for all of them."""

import abc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from archive.search.documents import IndexDocument
from archive.search.query import Node, Sort
from archive.search.results import ResultPage

FACETS = ("person", "organisation", "place", "source", "year", "month", "day", "section", "language")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do, as data: the contract tests ask these and never skip silently."""

    fuzzy: bool
    near: bool
    exact_words: bool
    many_writers: bool
    """Whether several processes may write at once, the later version of an article winning."""
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Chosen facet values: they narrow the matches, but not their own facet's counts.

    A value of `year`, `month` or `day` may be a range of them, "1987-03..1987-06": both ends are included, either may
    be left open, and one that is typed backwards is turned round. "" are the undated, which no range holds.
    """

    facet: str
    values: tuple[str, ...]
    exclude: bool = False


class SearchBackend(abc.ABC):
    capabilities: ClassVar[Capabilities]

    @abc.abstractmethod
    def search(
        self,
        root: Node,
        *,
        filters: tuple[Filter, ...] = (),
        among: frozenset[int] | None = None,
        hidden_sources: frozenset[str] = frozenset(),
        sort: Sort = Sort.RELEVANCE,
        offset: int = 0,
        limit: int = 20,
        facets: tuple[str, ...] = (),
        facet_limit: int = 20,
        collapse: bool = False,
        after: str = "",
    ) -> ResultPage:
        """The matches [offset, offset + limit) of a resolved query (no `Named` nodes).

        `among` takes all other articles for absent: what explains one hit, or searches a collection; `hidden_sources`
        takes the articles of these sources for absent, in hits, counts and facets alike. `facet_limit` is the most
        values of each facet but "month" and "day", timelines, which are given whole.
        Under `collapse` the best match of each family of nearly the same texts stands for all of its matches; `total`
        and facets still count articles. `after`, the `next` of another page in the same order of date, begins where
        that one ended, whatever has come into the index since; what cannot be read is taken for the beginning.
        Raises `IndexUnavailable` when there is no index or it cannot be read; `IndexDamaged` when only a rebuild helps.
        """

    @abc.abstractmethod
    def update(self, documents: Iterable[IndexDocument], deleted: Iterable[int] = (), version: int = 0) -> None:
        """Add or replace documents and delete ids, as one commit. Raises `IndexUnavailable` when locked too long.

        `version` says, in microseconds, when the database began to be read for this: of two changes of one article the
        later counts, in whatever order they arrive. 0 is now. A backend with one writer needs none.
        """

    @abc.abstractmethod
    def rebuild(self, documents: Callable[[], Iterable[IndexDocument]], version: int = 0, after: int = 0) -> int:
        """Index `documents()` beside the live index, swap, and return how many there are. Readers notice nothing.

        `version` as for `update`. With `after`, as `interrupted` tells it, what an interrupted rebuild has done is kept
        and `documents()` are those with a higher id; else all.
        """

    def interrupted(self) -> int:
        """The highest id that a rebuild which can be gone on with has indexed, if it came in order of ids; else 0."""
        return 0

    @abc.abstractmethod
    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """(id, content_hash) of every document in the index."""

    @abc.abstractmethod
    def suggest_terms(
        self, prefix: str, limit: int = 10, *, hidden_sources: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        """Words of the index (as written, folded) that start so, with their document counts, most frequent first.

        A word that only articles of hidden sources hold is not among them, nor are these counted.
        """

    @abc.abstractmethod
    def matched_forms(self, root: Node, among: frozenset[int] | None = None) -> dict[str, set[str]]:
        """For each text field, the folded surface or stemmed terms that a highlighter must mark for this query.

        `among` are the articles that it marks: words which none of them holds may be left out.
        """

    @abc.abstractmethod
    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        """(term, start, end) of each word of a text as the index has it, so that highlights and index agree."""

    @abc.abstractmethod
    def generation(self) -> str:
        """Names the present state of the index."""

    def damages(self) -> list[str]:
        """What of the stored index is not as it was written; empty where a backend's server sees to that itself."""
        return []

    @abc.abstractmethod
    def count(self) -> int:
        """Documents in the index."""
