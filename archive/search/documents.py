"""Article → indexed document: the one place that knows which of an article's fields are searched, and how."""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count
from django.db.models.functions import Coalesce

from archive.choices import EntityKind
from archive.models import Article, ArticleVersion, Mention, Quotation, TextSketch
from archive.text import clean_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What every backend indexes of one article."""

    id: int
    content_hash: str
    """Tells a current document from a stale one; stored and given back by `SearchBackend.fingerprints`."""
    title: str
    body: str
    """Standfirst, paragraphs and captions, blank-line separated."""
    byline: str
    said: str
    """All direct quotations, blank-line separated."""
    language: str
    source: str
    """Slug."""
    section: str
    people: tuple[str, ...]
    """Slugs, most mentioned first; likewise the next two."""
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    speakers: tuple[str, ...]
    published_on: date | None
    published_at: datetime | None
    """Aware; what sorting by date goes by."""
    flags: tuple[str, ...]
    """See `query.Keyword.FLAG`."""
    family: int = 0
    """The first article of its family of nearly the same texts; 0 where no other text is nearly the same."""


def build(article_ids: Iterable[int]) -> Iterator[IndexDocument]:
    """The documents of those of these articles that belong in the index, in a constant number of queries.

    One that is stored in a way it should not be is left out, and told the log.
    """
    articles = list(Article.objects.indexable().filter(pk__in=article_ids).select_related("source").order_by("pk"))
    ids = [article.pk for article in articles]
    slugs = _entity_slugs(ids)
    quotes: dict[int, list[str]] = defaultdict(list)
    speakers: dict[int, Counter[str]] = defaultdict(Counter)
    for article_id, text, slug, is_hidden in _quotations(ids):
        quotes[article_id].append(text)
        if slug and not is_hidden:
            speakers[article_id][slug] += 1
    earlier_titles: dict[int, set[str]] = defaultdict(set)
    for article_id, title in ArticleVersion.objects.filter(article__in=ids).values_list("article_id", "title"):
        earlier_titles[article_id].add(title)
    families = dict(TextSketch.objects.filter(article__in=ids).values_list("article_id", "leader_id"))
    for article in articles:
        try:
            yield _document(
                article,
                named=slugs[article.pk],
                quotes=quotes[article.pk],
                speakers=speakers[article.pk],
                flags=_flags(article, earlier_titles.get(article.pk)),
                family=families.get(article.pk) or 0,
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            logger.exception("Article %d cannot be indexed as it is stored; it is left out.", article.pk)


def _document(
    article: Article,
    *,
    named: dict[str, Counter[str]],
    quotes: list[str],
    speakers: Counter[str],
    flags: tuple[str, ...],
    family: int,
) -> IndexDocument:
    document = IndexDocument(
        id=article.pk,
        content_hash="",
        title=article.title,
        body=clean_text(article.standfirst, [*article.body, *(each["text"] for each in article.captions)]),
        byline="\n\n".join(article.byline),
        said="\n\n".join(quotes),
        language=article.language,
        source=article.source.slug,
        section=article.section,
        people=_most_mentioned(named[EntityKind.PERSON]),
        organisations=_most_mentioned(named[EntityKind.ORGANISATION]),
        places=_most_mentioned(named[EntityKind.PLACE]),
        speakers=_most_mentioned(speakers),
        published_on=article.published_on,
        published_at=article.published_at,
        flags=flags,
        family=family,
    )
    return replace(document, content_hash=hashlib.sha256(repr(document).encode()).hexdigest())


def _entity_slugs(article_ids: list[int]) -> dict[int, dict[str, Counter[str]]]:
    """Article → kind → slug → mentions; an entity that was merged away counts as what it became, a hidden one not."""
    found: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows = (
        Mention.objects.filter(article__in=article_ids, entity__isnull=False)
        .values("article_id", "entity__kind")
        .annotate(
            slug=Coalesce("entity__merged_into__slug", "entity__slug"),
            hidden=Coalesce("entity__merged_into__is_hidden", "entity__is_hidden"),
            mentions=Count("pk"),
        )
    )
    for row in rows:
        if not row["hidden"]:
            found[row["article_id"]][row["entity__kind"]][row["slug"]] += row["mentions"]
    return found


def _quotations(article_ids: list[int]) -> Iterable[tuple[int, str, str | None, bool | None]]:
    """(article, text, who said it, whether that name is hidden)."""
    return (
        Quotation.objects.filter(article__in=article_ids)
        .order_by("article", "start")
        .values_list(
            "article_id",
            "text",
            Coalesce("speaker__merged_into__slug", "speaker__slug"),
            Coalesce("speaker__merged_into__is_hidden", "speaker__is_hidden"),
        )
    )


def _most_mentioned(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(slug for slug, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _flags(article: Article, earlier_titles: set[str] | None) -> tuple[str, ...]:
    flags = {
        "headline-only": article.is_headline_only,
        "versions": earlier_titles is not None,
        "changed-headline": bool(earlier_titles and earlier_titles != {article.title}),
        "date-unknown": article.published_on is None,
    }
    return tuple(name for name, holds in flags.items() if holds)
