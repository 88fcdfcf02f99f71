"""The words around a name in an article: what lists of articles and the workbench show, with the name marked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from archive.models import Article, Entity, Mention
from archive.querysets import seen_through

BESIDE = 110
"""Characters shown on each side of a name, unless its paragraph ends before."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a name stands in an article, as safe HTML with the name in <mark>; paragraph 0 is the headline."""

    article: Article
    html: SafeString
    paragraph: int

    @property
    def url(self) -> str:
        address = self.article.get_absolute_url()
        return f"{address}#p{self.paragraph}" if self.paragraph else address


def paragraphs(article: Article) -> Iterator[tuple[int, int, str]]:
    """Number, first code point in `Article.text`, and text of the headline (0) and of each paragraph (from 1)."""
    at = 0
    for number, text in enumerate([article.title, *article.body]):
        if text:
            yield number, at, text
            at += len(text) + 2


def paragraph_at(article: Article, offset: int) -> int:
    """The number of the paragraph in which a code point of `Article.text` stands; the last one for any beyond it."""
    found = 0
    for number, start, _ in paragraphs(article):
        if start > offset:
            break
        found = number
    return found


def passage(article: Article, spans: Iterable[Span]) -> Passage:
    """The first place of the body where one of these spans of `Article.text` stands; the headline if none does."""
    places = sorted(spans)
    headline = Passage(article, SafeString(""), 0)
    for number, at, text in paragraphs(article):
        inside = [(start - at, end - at) for start, end in places if at <= start and end <= at + len(text)]
        if inside and number:
            return Passage(article, _cut(text, inside), number)
        if inside:
            headline = Passage(article, _cut(text, inside), 0)
    return headline


def passages(mentions: Iterable[tuple[int, int, int]], articles: Iterable[Article]) -> list[Passage]:
    """A passage for each article, in order, from (article id, start, end) of the mentions in them."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for article_id, start, end in mentions:
        spans[article_id].append((start, end))
    return [passage(article, spans[article.pk]) for article in articles]


def passages_of(entity_ids: Iterable[int]) -> dict[int, list[Passage]]:
    """For each entity a passage of its latest and one of its earliest article, in three queries."""
    mentions = Mention.objects.filter(seen_through("article"), entity=OuterRef("pk")).values("article_id")
    latest, earliest = (Subquery(mentions.order_by(order)[:1]) for order in ("-article_id", "article_id"))
    ends = {
        pk: list(dict.fromkeys(article for article in both if article is not None))
        for pk, *both in Entity.objects.filter(pk__in=list(entity_ids)).values_list("pk", latest, earliest)
    }
    articles = Article.objects.select_related("source").in_bulk({article for both in ends.values() for article in both})
    spans: dict[tuple[int | None, int], list[Span]] = defaultdict(list)
    rows = Mention.objects.filter(entity_id__in=list(ends), article_id__in=list(articles)).order_by()
    for entity_id, article_id, start, end in rows.values_list("entity_id", "article_id", "start", "end"):
        spans[entity_id, article_id].append((start, end))
    return {pk: [passage(articles[article], spans[pk, article]) for article in both] for pk, both in ends.items()}


def _cut(text: str, spans: Sequence[Span]) -> SafeString:
    """The words around the first span, with all spans among them marked."""
    first, last = spans[0]
    start, end = max(0, first - BESIDE), min(len(text), last + BESIDE)
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", last, end), last) if " " in text[last:end] else end
    pieces, at = ["… " if start else ""], start
    for a, b in spans:
        if a >= at and b <= end:
            pieces += [escape(text[at:a]), format_html("<mark>{}</mark>", text[a:b])]
            at = b
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped above
