"""The paragraphs of an article, with its names marked and linked where the reader asks for it."""

from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from archive.models import Article


@dataclass(frozen=True, slots=True)
class Paragraph:
    number: int
    """Counts from 1; `#p7` is the permanent link to the seventh."""
    html: SafeString


def marked_paragraphs(article: Article, *, with_names: bool) -> tuple[SafeString, list[Paragraph]]:
    """HTML of the title and of each paragraph; mention offsets count in `Article.text`, which joins them."""
    spans = _spans(article) if with_names else []
    pieces, at = [], 0
    for text in ([article.title] if article.title else []) + list(article.body):
        inside = [(start - at, end - at, url) for start, end, url in spans if start >= at and end <= at + len(text)]
        pieces.append(_linked(text, inside))
        at += len(text) + 2
    title = pieces.pop(0) if article.title else SafeString("")
    return title, [Paragraph(number, html) for number, html in enumerate(pieces, start=1)]


def _spans(article: Article) -> list[tuple[int, int, str]]:
    mentions = article.mentions.filter(entity__isnull=False, entity__is_hidden=False).select_related(
        "entity__merged_into"
    )
    found = []
    for mention in mentions.order_by("start"):
        entity = mention.entity
        assert entity is not None
        found.append((mention.start, mention.end, entity.root.get_absolute_url()))
    return found


def _linked(text: str, spans: list[tuple[int, int, str]]) -> SafeString:
    parts: list[str] = []
    at = 0
    for start, end, url in spans:
        if start < at:
            continue
        parts.append(escape(text[at:start]))
        parts.append(format_html('<a class="name" href="{}">{}</a>', url, text[start:end]))
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece was escaped above
