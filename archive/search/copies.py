"""What a hit of a collapsed page stands for: nearly the same texts that match too, and where the same text appeared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from archive.models import Appearance, Article
from archive.search.backends.view import View
from archive.search.results import Hit

LISTED = 30
"""So many copies of a hit are named; the rest is counted."""
_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article, or another appearance of the same one (then it has no page of its own)."""

    title: str
    source: str
    url: str
    published_on: date | None
    published_precision: str = ""


@dataclass(frozen=True, slots=True)
class Copies:
    total: int
    sources: int
    """Other sources than the hit's own."""
    listed: tuple[Copy, ...]

    @property
    def unlisted(self) -> int:
        return self.total - len(self.listed)


def copies_of(hits: Sequence[Hit], articles: dict[int, Article], seen: View) -> dict[int, Copies]:
    """By article id, for the hits of a page that have copies which this reader may see, in two queries."""
    wanted = {number for hit in hits for number in hit.others[:_LOOKED_AT]}
    related = _related(wanted, seen) if wanted else {}
    appeared: dict[int, list[Copy]] = defaultdict(list)
    shown = Appearance.objects.exclude(source__slug__in=seen.hidden_sources).select_related("source")
    for one in shown.filter(article__in=articles):
        day = one.published_at.date() if one.published_at else None
        title = one.title or articles[one.article_id].title
        appeared[one.article_id].append(Copy(title, one.source.name, articles[one.article_id].get_absolute_url(), day))
    found = {}
    for hit in hits:
        others = [related[number] for number in hit.others[:_LOOKED_AT] if number in related]
        every = [*others, *appeared[hit.article_id]]
        if every and hit.article_id in articles:
            more = max(0, len(hit.others) - _LOOKED_AT)
            own = articles[hit.article_id].source.name
            found[hit.article_id] = Copies(len(every) + more, len(_sources(every) - {own}), tuple(every[:LISTED]))
    return found


def _related(wanted: Iterable[int], seen: View) -> dict[int, Copy]:
    articles = Article.objects.listed_for(seen.reader).select_related("source").filter(pk__in=wanted)
    return {
        one.pk: Copy(str(one), one.source.name, one.get_absolute_url(), one.published_on, one.published_precision)
        for one in articles.only("title", "published_on", "published_precision", "source__name")
    }


def _sources(copies: Iterable[Copy]) -> set[str]:
    return {copy.source for copy in copies}
