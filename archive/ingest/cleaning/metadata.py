"""What a page says about itself: JSON-LD first, then OpenGraph and meta tags, read by our own tolerant reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.ingest.cleaning.bylines import split_byline
from archive.ingest.cleaning.dates import crawl_date, parse_date
from archive.ingest.cleaning.headlines import page_titles
from archive.ingest.cleaning.json_ld import article_objects, first_text, texts
from archive.ingest.records import PublishedDate, RawRecord


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
    meta, properties = _meta_tags(tree)
    objects = article_objects(tree)
    site = (_first(meta, "og:site_name", "application-name") or _ld(objects, "publisher")).split(" | ")[0].lstrip("@")
    title, others = page_titles(
        json_ld=_ld(objects, "headline"),
        open_graph=_first(meta, "og:title"),
        others=(_first(meta, "twitter:title"), _first(meta, "title", "dc.title", "headline")),
        tree=tree,
        site=site,
    )
    return PageMetadata(
        title=title or record.title,
        alternative_titles=others,
        standfirst=_ld(objects, "description") or _first(meta, "og:description", "description"),
        byline=_byline(tree, meta, properties, objects, site) or split_byline(record.byline),
        published=_published(tree, meta, properties, objects) or _record_date(record),
        section=_section(_ld(objects, "articleSection") or _first(meta, "article:section", "section")),
        tags=_tags(meta, objects),
        canonical_url=_canonical(tree, meta) or _web_address(record.url),
        language=_ld(objects, "inLanguage") or tree.get("lang") or record.language,
        site_name=site,
        article_body=max(
            (body for item in objects if isinstance(body := item.get("articleBody"), str)), key=len, default=""
        ),
    )


def _meta_tags(tree: HtmlElement) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Contents of the meta tags in page order: by lower-case name or property, and by itemprop.

    The latter may speak of any item on the page: a photographer is the "author" of a picture.
    """
    named: dict[str, list[str]] = {}
    properties: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = unescape(" ".join((element.get("content") or "").split()))
        if not content:
            continue
        if name := element.get("property") or element.get("name"):
            named.setdefault(name.lower(), []).append(content)
        elif name := element.get("itemprop"):
            properties.setdefault(name.lower(), []).append(content)
    return named, properties


def _first(meta: dict[str, list[str]], *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _ld(objects: Sequence[dict[str, Any]], key: str) -> str:
    return next((text for item in objects if (text := first_text(item.get(key)))), "")


def _byline(
    tree: HtmlElement,
    meta: dict[str, list[str]],
    properties: dict[str, list[str]],
    objects: Sequence[dict[str, Any]],
    site: str,
) -> tuple[str, ...]:
    """The first witness that names people: JSON-LD, meta tags, then elements marked as the author's."""
    marked = (
        element
        for element in tree.iter("a", "span", "address", "p", "div")
        if element.get("rel") == "author" or element.get("itemprop") == "author"
    )
    witnesses = (
        [name for item in objects for name in texts(item.get("author") or item.get("creator"))],
        [
            name
            for key in ("author", "article:author", "dc.creator", "byl", "parsely-author")
            for name in meta.get(key, ())
        ],
        [name for name in properties.get("author", ()) if not name.startswith("(")],
        [name for element in islice(marked, 5) if len(name := element.text_content()) < 200],
    )
    for names in witnesses:
        people = tuple(name for name in split_byline(names) if not _is_site(name, site))
        if people:
            return people
    return ()


def _is_site(name: str, site: str) -> bool:
    """Whether a "person" is the publisher: its name, a part of that, or that and more."""
    person, publisher = name.casefold(), site.casefold()
    return len(person) > 2 and bool(publisher) and (person in publisher or publisher in person)


def _section(name: str) -> str:
    """The first of several sections in one string; nothing where it is a type of page."""
    first = name.split(",", maxsplit=1)[0].strip()
    return "" if first.casefold() in ("post", "article", "articles", "page", "news article", "home") else first[:100]


def _published(
    tree: HtmlElement,
    meta: dict[str, list[str]],
    properties: dict[str, list[str]],
    objects: Sequence[dict[str, Any]],
) -> PublishedDate | None:
    candidates: list[tuple[str, str]] = [
        (f"json-ld {key}", first_text(item.get(key))) for key in ("datePublished", "dateCreated") for item in objects
    ]
    for name in (
        "article:published_time og:article:published_time article:published datepublished date pubdate publishdate "
        "publish-date parsely-pub-date sailthru.date dc.date dc.date.issued dcterms.created date.published"
    ).split():
        candidates.extend((f"meta {name}", content) for content in meta.get(name, ()))
    candidates.extend(("itemprop datePublished", content) for content in properties.get("datepublished", ()))
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
    found = parse_date(record.published, reference=crawl_date(record.crawled))
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
