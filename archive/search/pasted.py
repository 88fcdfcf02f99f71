"""The article that a reader means by a number or by any address: of its page here, of the original, or of a copy."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from archive.access import Reader
from archive.models import Appearance, Article, Source

MAX_PASTED = 2_000
_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)
_PAGE = re.compile(r"/articles/(\d{1,18})(?:/|\Z)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pasted:
    article: Article | None
    is_copy: bool = False
    """The address is of the same text elsewhere, which has no page of its own."""


def pasted_article(pasted: str, reader: Reader, *, host: str = "", address: str = "") -> Pasted:
    """What this reader may see of what was pasted.

    `host` is the site's own, whose /articles/<number>/ are taken for numbers; `address` is what was pasted as articles
    keep their addresses, without tracking parameters.
    """
    pasted = pasted.strip()[:MAX_PASTED]
    shown = Article.objects.readable_by(reader)
    if _NUMBER.match(pasted):
        return Pasted(shown.filter(pk=int(pasted)).first())
    addresses = {way for one in (pasted, address) if one for way in _ways(one)}
    if found := shown.filter(canonical_url__in=addresses).first():
        return Pasted(found)
    hidden = Source.objects.hidden_from(reader)
    copies = Appearance.objects.filter(canonical_url__in=addresses, article__in=shown).exclude(source__in=hidden)
    if copy := copies.select_related("article__source").first():
        return Pasted(copy.article, is_copy=True)
    number = _number(pasted, host)
    return Pasted(shown.filter(pk=number).first() if number else None)


def _number(pasted: str, host: str) -> int:
    """The number in an address of this site, with or without a scheme or a host; 0 in any other."""
    is_whole = pasted.startswith("/") or "://" in pasted
    try:
        parts = urlsplit(pasted if is_whole else f"//{pasted}")
    except ValueError:
        return 0
    found = _PAGE.match(parts.path)
    return int(found[1]) if found and parts.netloc.lower() in ("", host.lower()) else 0


def _ways(address: str) -> set[str]:
    """An address with either scheme, and with and without a stroke at its end."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return {address}
    if parts.scheme not in ("http", "https"):
        return {address}
    paths = {parts.path.rstrip("/"), parts.path.rstrip("/") + "/", parts.path}
    return {urlunsplit((scheme, parts.netloc, path, parts.query, "")) for scheme in ("http", "https") for path in paths}
