"""Small pieces of HTML that stand many times on a page, made in Python: as includes they took a third of its time."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_LISTED = '<li><h3><a href="{}">{}</a></h3><p class="quiet">{} · {}{}{}</p>{}</li>'
_TIE = ' · <span title="{}">{}</span>'
_PASSAGE = '<p class="passage">{} <a class="to" href="{}" aria-label="Paragraph {} of {}">¶ {}</a></p>'
_STYLES = {"year": "Y", "month": "F Y"}


@register.filter
def shown_date(article: Any) -> SafeString:
    """The day of what has `published_on` and `published_precision`, as an article does, as precise as it is known."""
    return _shown(article.published_on, article.published_precision)


@lru_cache(maxsize=4_096)
def _shown(day: date | None, precision: str) -> SafeString:
    if day is None:
        return SafeString("date unknown")
    return format_html(
        '<time datetime="{}">{}</time>', day.isoformat(), formatted(day, _STYLES.get(precision, "j F Y"))
    )


@register.simple_tag
def listed_passages(passages: Iterable[tuple[Any, str]], name: str, trail: str, first_rank: int) -> SafeString:
    """The items of a list of articles that name somebody: passages with what ties each to the name, as the page of a
    name has them. `trail` says the same list as a search, `first_rank` the place of its first; 0: unknown."""
    return format_html_join("\n", _LISTED, _listed(passages, name, trail, first_rank))


def _listed(passages: Iterable[tuple[Any, str]], name: str, trail: str, first_rank: int) -> Iterator[tuple[Any, ...]]:
    for rank, (passage, tie) in enumerate(passages, start=first_rank):
        article, number = passage.article, passage.paragraph
        url = article.get_absolute_url()
        headline_only = " · headline only" if article.is_headline_only else ""
        why = format_html(_TIE, _why(tie, name), tie) if tie else ""
        quoted = format_html(_PASSAGE, passage.html, f"{url}#p{number}", number, article, number) if number else ""
        address = f"{url}?{trail}&at={rank}" if first_rank else url
        yield address, article, article.source.name, shown_date(article), headline_only, why, quoted


def _why(tie: str, name: str) -> str:
    if tie == "by short name":
        return f"Only a surname or initials stand in this article, and {name} is the one known bearer that fits"
    return f"A librarian said that this article means {name}"
