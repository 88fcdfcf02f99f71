"""Who a record is and what its text is: source, identity and text hashes. Pure functions; nothing is looked up here.

*Identity* is the source with its own id for the article, else the source with the canonical URL. A record with neither
(a page of flattened text) has none, and is known by its place in its dump alone. An id like "17" of a dump that names
no source says nothing beyond that dump: it counts within its *scope* (docs/decisions/007-ids-without-a-source.md).

*Sameness* of texts is equality of `text_hash`:

* from 40 words on it covers the body alone, for wire copy runs under many headlines and is one text all the same;
* below 40 words it covers title and body, for a body like "Full story to follow" says nothing by itself;
* without a body it covers the title.

Blanks, quotation marks and dashes are levelled first: sites exchange them without a journalist's doing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from anyascii import anyascii
from django.utils.text import slugify

SHORT_WORDS = 40
UNKNOWN = "unknown"
MAX_ID, MAX_URL, MAX_SLUG = 500, 2000, 100
_TELLING_ID = 16
"""Ids from this length on (UUIDs, hashes, object ids) are nobody else's, whoever made them."""

_LEVELLED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "\u2026": "...",
    }
)
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid|igshid|ocid|cmpid)$", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who brought an article out, before it is a row: `slug` is its key."""

    slug: str
    name: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """One article of one source, by the source's own id or else by canonical URL; ids that differ in case differ."""

    source: str
    external_id: str = ""
    url: str = ""
    scope: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.external_id or self.url)


def identity(source: str, external_id: str, url: str, scope: str = "") -> Identity:
    """The identity of a record of this source; `url` must be canonical already."""
    return Identity(source, external_id, scope=scope) if external_id else Identity(source, url=url)


def scope(source: str, external_id: str, dump: str, member: str) -> str:
    """Within what an id counts: "" for everything its source brings, else a digest of the dump's name and member.

    The name and not the content, so that a dump that is exported anew with changes still brings the same articles.
    """
    if source != UNKNOWN or not external_id or len(external_id) >= _TELLING_ID or "://" in external_id:
        return ""
    return hashlib.sha256(f"{dump}\0{member}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def levelled(text: str) -> str:
    """A text with blanks collapsed, and quotation marks and dashes of one kind."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_LEVELLED).split())


def text_hash(title: str, paragraphs: Sequence[str]) -> str:
    """SHA-256 (hex) by which two texts are the same text, whoever brought them; see the head of this module."""
    body = levelled(" ".join(paragraphs))
    if not body:
        return _digest("title", levelled(title))
    if body.count(" ") + 1 < SHORT_WORDS:
        return _digest("short", levelled(title), body)
    return _digest("body", body)


def ingested_hash(title: str, standfirst: str, paragraphs: Sequence[str]) -> str:
    """SHA-256 (hex) over all that readers read: if it differs under the same identity, the article was changed."""
    return _digest("all", levelled(title), levelled(standfirst), levelled(" ".join(paragraphs)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def external_id(text: str) -> str:
    """A source's own id as it can be stored: one over 500 characters is replaced by its SHA-256."""
    text = text.strip()
    return text if len(text) <= MAX_ID else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical_url(url: str) -> str:
    """A URL without fragment, tracking parameters and needless port, host in lower case; "" if it names no page.

    The address of a site's front page is no article's: pages that wrongly call it their canonical URL have none.
    """
    url = url.strip()
    if not url or len(url) > MAX_URL:
        return ""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not host:
        return ""
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(key, value) for key, value in pairs if not _TRACKING.match(key)]
        query = query if len(kept) == len(pairs) else urlencode(kept)
    if parts.path in ("", "/") and not query:
        return ""
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, parts.path, query, ""))


def domain_of(url: str) -> str:
    """The host of a URL without "www.", or "" if there is none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def publisher(named: str, *, default: str = "", url: str = "", site_name: str = "") -> Publisher:
    """Whose article it is: whom the record names, else the operator's `default`, else the URL's domain, else the
    name that its page gives itself, else unknown.

    `named` may be a name, a slug, a domain or an address. `default` is a slug.
    """
    named = " ".join(named.split())
    if "://" in named:
        named = domain_of(named) or named
    if _DOMAIN.match(named):
        domain = named.lower().removeprefix("www.")
        return Publisher(source_slug(domain), site_name[:200] or domain, domain)
    if named:
        return Publisher(source_slug(named), named[:200])
    if default:
        return Publisher(source_slug(default), default[:200])
    if domain := domain_of(url):
        return Publisher(source_slug(domain), site_name[:200] or domain, domain[:200])
    if site_name:
        return Publisher(source_slug(site_name), site_name[:200])
    return Publisher(UNKNOWN, "Unknown source")


def source_slug(name: str) -> str:
    """The slug of a source's name or domain; a name without any letter or digit gets one from its hash."""
    slug = slugify(anyascii(name.replace(".", " ").replace("/", " ")))[:MAX_SLUG].strip("-")
    return slug or f"source-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
