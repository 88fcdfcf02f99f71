"""JSON-LD as pages really carry it: graphs, lists, comments around it, broken JSON inside it."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_MAX_SCRIPT = 2_000_000
_MAX_OBJECTS = 2_000
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s?<!\[CDATA\[|/\*\s?<!\[CDATA\[\s?\*/|<!\[CDATA\[)|(?:-->|//\s?\]\]>|/\*\s?\]\]>\s?\*/|\]\]>)[\s;]*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|Review|WebPage)$")
_NOT_THIS_PAGE = frozenset(
    "itemListElement mentions hasPart isPartOf relatedLink citation about comment publisher image video breadcrumb "
    "potentialAction speakable author creator review".split()
)


def article_objects(tree: HtmlElement) -> list[dict[str, Any]]:
    """The page's JSON-LD objects that describe an article, the most telling first; [] where there is none."""
    values = [
        _load(script.text or "") for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()
    ]
    found = [item for value in values for item in _objects(value) if any(_ARTICLE.search(kind) for kind in kinds(item))]
    named = {str(item["@id"]): item for item in _objects(values, everything=True) if "@id" in item and "name" in item}
    return [_resolved(item, named) for item in sorted(found, key=_rank)]


def _resolved(item: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The object with its author and publisher, where they are given as a reference to another object of the page."""
    resolved = dict(item)
    for key in ("author", "creator", "publisher"):
        value = item.get(key)
        parts = value if isinstance(value, list) else [value]
        resolved[key] = [
            named.get(str(part.get("@id")), part) if isinstance(part, dict) and "name" not in part else part
            for part in parts[:200]
            if part
        ]
    return resolved


def kinds(item: dict[str, Any]) -> list[str]:
    """The object's types, without the vocabulary's address."""
    value = item.get("@type")
    return [str(kind).rsplit("/", 1)[-1] for kind in (value if isinstance(value, list) else [value]) if kind]


def first_text(value: Any) -> str:
    """The first string in a value that may be a string, an object with a name, or a list of such."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("name") or value.get("headline") or value.get("@value") or value.get("url") or ""
        else:
            break
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """All strings of a value: each string and each object's name."""
    return [text for part in (value if isinstance(value, list) else [value])[:200] if (text := first_text(part))]


def _rank(item: dict[str, Any]) -> int:
    """Articles with a headline before those without, any article before a bare web page."""
    bare = all(kind.endswith("WebPage") for kind in kinds(item))
    return 2 * bare + (not item.get("headline"))


def _load(text: str) -> Any:
    """The value of a script, however it is wrapped; None where no JSON can be made out."""
    text = text[:_MAX_SCRIPT]
    for _ in range(2):
        text = _WRAPPING.sub("", text)
    text = text.strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvage(text)


def _salvage(text: str) -> Any:
    """The first whole value of several glued together, else the plain string members of a broken object."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    members = re.findall(
        r'"(@type|headline|datePublished|dateModified|name|description|articleSection)"\s{0,5}:\s{0,5}"((?:[^"\\\n]|\\.){1,500})"',
        text,
    )
    broken: dict[str, str] = {}
    for key, value in members:
        broken.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    broken.pop("name", None)  # whose name it is cannot be told
    return broken if "headline" in broken else None


def _objects(value: Any, *, everything: bool = False) -> Iterator[dict[str, Any]]:
    """The objects in a value, outer before inner; without `everything` only those that may describe this page."""
    queue = [value]
    for _ in range(_MAX_OBJECTS):
        if not queue:
            return
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item[:200])
        elif isinstance(item, dict):
            yield item
            queue.extend(
                part
                for key, part in item.items()
                if isinstance(part, (dict, list)) and (everything or key not in _NOT_THIS_PAGE)
            )
