"""What every backend returns. Results are ids and numbers; pages fetch the articles from the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    article_id: int
    score: float
    others: tuple[int, ...] = ()
    """Under `collapse`: the other matches of its family of nearly the same texts, in the order of the page."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    """Entity slug, source slug, section, language code, or "1987" / "1987-03"; "" for the undated of a date facet."""
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one field over all matches, without that field's own filter; most frequent first, then by value."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of matches. `total` is exact; past the end `hits` is empty, never the last page again."""

    total: int
    """Articles that match."""
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...] = ()
    generation: str = ""
    """Names the state of the index that answered; equal generations give equal answers."""
    stories: int = 0
    """What pages are made of: under `collapse` families and articles without one, else as many as articles."""
    next: str = ""
    """In an order of date: where the following page begins, for `after`; empty where nothing follows."""
