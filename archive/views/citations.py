"""An article's citation in words, as Chicago, MLA and APA want it.

Why not by a CSL library: docs/decisions/013-citations.md.

Headlines keep the capitals that they were printed with, and names the order of the byline where it cannot be turned.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from archive.choices import DatePrecision
from archive.models import Article

_MLA_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_PARTICLES = frozenset("al bin da de del den der di do dos du el ibn la le ten ter van vom von zu zum zur".split())
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_ENDS = ("?", "!", "…", ".")
_APA_MOST = 20


@dataclass(frozen=True, slots=True)
class Citation:
    style: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class _Name:
    """An author's name taken apart; `given` is empty for a name of one word, which is kept as it is."""

    family: str
    given: str
    suffix: str = ""

    @property
    def whole(self) -> str:
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def inverted(self) -> str:
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def initials(self) -> str:
        parts = [f"{'-'.join(f'{piece[0]}.' for piece in word.split('-') if piece)}" for word in self.given.split()]
        return ", ".join(part for part in (self.family, " ".join(parts), self.suffix) if part)


def citations(article: Article, url: str) -> list[Citation]:
    """The three styles. Chicago Manual of Style 17, 14.191–200; MLA Handbook 9, 5.30–5.99; APA 7, 10.1 example 16."""
    names = [_taken_apart(name) for name in article.byline if name.strip()]
    title, source = article.title or str(article), article.source.name
    return [
        Citation("Chicago", _chicago(names, title, source, article, url)),
        Citation("MLA", _mla(names, title, source, article, url)),
        Citation("APA", _apa(names, title, source, article, url)),
    ]


def _chicago(names: list[_Name], title: str, source: str, article: Article, url: str) -> SafeString:
    day = _day(article, "{month} {day}, {year}", "{month} {year}") or "n.d."
    quoted = _quoted(title, ".")
    if not names:
        # An unsigned article stands under its newspaper (14.199).
        return format_html("<i>{}</i>. {} {} {}.", source, quoted, _stop(day), url)
    authors = _listed([names[0].inverted, *(name.whole for name in names[1:])], "and")
    return format_html("{} {} <i>{}</i>, {} {}.", _stop(authors), quoted, source, _stop(day), url)


def _mla(names: list[_Name], title: str, source: str, article: Article, url: str) -> SafeString:
    authors = names[0].inverted if names else ""
    if len(names) == 2:
        authors += f", and {names[1].whole}"
    elif len(names) > 2:
        authors += ", et al"
    day = _day(article, "{day} {short} {year}", "{short} {year}")
    lead = format_html("{} ", _stop(authors)) if authors else ""
    dated = f"{day}, " if day else ""
    return format_html("{}{} <i>{}</i>, {}{}.", lead, _quoted(title, "."), source, dated, url)


def _apa(names: list[_Name], title: str, source: str, article: Article, url: str) -> SafeString:
    day = _day(article, "{year}, {month} {day}", "{year}, {month}") or "n.d."
    if not names:
        return format_html("{} ({}). <i>{}</i>. {}", _stop(title), day, source, url)
    shown = [name.initials for name in names]
    many = len(shown) > _APA_MOST
    authors = f"{', '.join(shown[: _APA_MOST - 1])}, … {shown[-1]}" if many else _listed(shown, "&")
    return format_html("{} ({}). {} <i>{}</i>. {}", _stop(authors), day, _stop(title), source, url)


def _taken_apart(name: str) -> _Name:
    words = name.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES else ""
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return _Name(" ".join(words[at:]), " ".join(words[:at]), suffix)


def _listed(names: list[str], joiner: str) -> str:
    """ "A", "B, and C": a comma before the last one too, as both styles want it after an inverted name."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, {joiner} {names[-1]}"


def _quoted(title: str, stop: str) -> str:
    """In double quotation marks, those inside made single, the full stop within."""
    inner = title.replace("“", "‘").replace("”", "’").replace('"', "'")
    return f"“{inner}{'' if inner.endswith(_ENDS) else stop}”"


def _stop(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _day(article: Article, whole: str, without_day: str) -> str:
    """The date as exactly as it is known; "" where it is not."""
    day: date | None = article.published_on
    if day is None:
        return ""
    if article.published_precision == DatePrecision.YEAR:
        return str(day.year)
    form = without_day if article.published_precision == DatePrecision.MONTH else whole
    return form.format(year=day.year, month=f"{day:%B}", short=_MLA_MONTHS[day.month - 1], day=day.day)
