"""What a page says about itself: JSON-LD first, then OpenGraph and meta tags, read by our own tolerant reader."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.cleaning.json_ld import article_objects, first_text, texts
from archive.ingest.records import PublishedDate, RawRecord

_TITLE_TAIL = re.compile(r"\s+(?:[|·•»—–]|-)\s+[^|·•»—–]{2,60}$")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What the page says, each part empty where it says nothing."""

    title: str = ""
    alternative_titles: tuple[str, ...] = ()
    standfirst: str = ""
    byline: tuple[str, ...] = ()
    published: PublishedDate | None = None
    section: str = ""
    tags: tuple[str, ...] = ()
    canonical_url: str = ""
    language: str = ""
    site_name: str = ""
    article_body: str = ""
    """The story as the publisher's JSON-LD gives it, plain or HTML."""


def page_metadata(tree: HtmlElement, record: RawRecord) -> PageMetadata:
    """Read the metadata of a parsed page; what the record's dump says about it fills gaps."""
    meta = _meta_tags(tree)
    objects = article_objects(tree)
    site = _site_name(meta, objects)
    title, others = _titles(tree, meta, objects, site)
    return PageMetadata(
        title=title or record.title,
        alternative_titles=others,
        standfirst=_ld(objects, "description") or _first(meta, "og:description", "description"),
        byline=_byline(tree, meta, objects, site) or split_byline(record.byline),
        published=_published(tree, meta, objects) or _record_date(record),
        section=_ld(objects, "articleSection") or _first(meta, "article:section", "section"),
        tags=_tags(meta, objects),
        canonical_url=_canonical(tree, meta) or _web_address(record.url),
        language=_ld(objects, "inLanguage") or tree.get("lang") or record.language,
        site_name=site,
        article_body=max(
            (body for item in objects if isinstance(body := item.get("articleBody"), str)), key=len, default=""
        ),
    )


def _meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Contents of the meta tags by lower-case name, property or itemprop, in page order."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _first(meta: dict[str, list[str]], *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _ld(objects: Sequence[dict[str, Any]], key: str) -> str:
    return next((text for item in objects if (text := first_text(item.get(key)))), "")


def _site_name(meta: dict[str, list[str]], objects: Sequence[dict[str, Any]]) -> str:
    return _first(meta, "og:site_name", "application-name") or _ld(objects, "publisher")


def _titles(
    tree: HtmlElement, meta: dict[str, list[str]], objects: Sequence[dict[str, Any]], site: str
) -> tuple[str, tuple[str, ...]]:
    headings = [" ".join(h1.text_content().split()) for h1 in tree.iter("h1")]
    document = next((" ".join(element.text_content().split()) for element in tree.iter("title")), "")
    candidates = [
        _ld(objects, "headline"),
        _first(meta, "og:title"),
        next((heading for heading in headings if heading and heading != site), ""),
        _first(meta, "twitter:title", "title", "dc.title", "headline"),
        _TITLE_TAIL.sub("", document),
    ]
    unique = list(dict.fromkeys(title for title in candidates if title and title != site))
    return (unique[0], tuple(unique[1:])) if unique else ("", ())


def _byline(
    tree: HtmlElement, meta: dict[str, list[str]], objects: Sequence[dict[str, Any]], site: str
) -> tuple[str, ...]:
    raw = [
        [name for item in objects for name in texts(item.get("author") or item.get("creator"))],
        meta.get("author", []) + meta.get("article:author", []) + meta.get("dc.creator", []) + meta.get("byl", []),
    ]
    for names in raw:
        people = tuple(name for name in split_byline(names) if name.casefold() != site.casefold())
        if people:
            return people
    return ()


def _published(
    tree: HtmlElement, meta: dict[str, list[str]], objects: Sequence[dict[str, Any]]
) -> PublishedDate | None:
    candidates: list[tuple[str, str]] = [
        (f"json-ld {key}", first_text(item.get(key))) for key in ("datePublished", "dateCreated") for item in objects
    ]
    for name in (
        "article:published_time og:article:published_time article:published datepublished date pubdate publishdate "
        "publish-date parsely-pub-date sailthru.date dc.date dc.date.issued dcterms.created date.published"
    ).split():
        candidates.extend((f"meta {name}", content) for content in meta.get(name, ()))
    candidates.extend(("time element", element.get("datetime") or "") for element in tree.iter("time"))
    refused = None
    for rule, raw in candidates:
        found = parse_date(raw) if raw else None
        if found is None:
            continue
        found = replace(found, rule=f"{rule}: {found.rule}")
        if found.value is not None:
            return found
        refused = refused or found
    return refused


def _record_date(record: RawRecord) -> PublishedDate | None:
    found = parse_date(record.published)
    return found and replace(found, rule=f"date field: {found.rule}")


def _tags(meta: dict[str, list[str]], objects: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    listed = [tag for item in objects for text in texts(item.get("keywords")) for tag in _split_tags([text])]
    found = (
        listed or meta.get("article:tag", []) or _split_tags(meta.get("news_keywords") or meta.get("keywords") or [])
    )
    return tuple(dict.fromkeys(found))[:50]


def _split_tags(values: Iterable[str]) -> list[str]:
    return [tag for value in values for part in value.split(",") if (tag := part.strip())]


def _canonical(tree: HtmlElement, meta: dict[str, list[str]]) -> str:
    links = [
        element.get("href") or "" for element in tree.iter("link") if "canonical" in (element.get("rel") or "").lower()
    ]
    return next((url for link in [*links, _first(meta, "og:url")] if (url := _web_address(link.strip()))), "")


def _web_address(url: str) -> str:
    """The address if it is one of the web; a canonical link may say anything, `javascript:` too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and len(url) <= 2000 else ""
