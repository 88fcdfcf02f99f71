"""Which of a page's several true headlines is its title; the others stay as alternatives, none is lost."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

_TAIL = re.compile(r"\s+(?:[|·•»—–]|-)\s+([^|·•»—–]{2,60})$")
# Letters beyond Latin's count one by one: Chinese and Japanese put no blanks between words.
_LONG_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w{4,}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def page_titles(
    *, json_ld: str, open_graph: str, others: Iterable[str], tree: HtmlElement, site: str
) -> tuple[str, tuple[str, ...]]:
    """The title and the alternatives, from the publisher's data, the first heading and the document's title.

    OpenGraph's is what the publisher shows to the world, unless it is only the document's title over again (written
    for search engines) or carries the site's name: then JSON-LD's headline or the heading on the page is.
    """
    document = next((_line(element.text_content()) for element in tree.iter("title")), "")
    bare = _without_tail(document, site)
    heading = _heading(tree, site, " ".join((json_ld, open_graph, document)))
    shown = open_graph
    if open_graph and (_without_tail(open_graph, site) != open_graph or _same(open_graph, bare)):
        shown = ""
    ordered = (
        shown,
        json_ld,
        heading,
        _without_tail(open_graph, site),
        *(_without_tail(o, site) for o in others),
        bare,
    )
    said = [title for title in ordered if title and title != site and "://" not in title]
    unique: dict[str, str] = {}
    for title in said:
        unique.setdefault(_key(title), title[:500])
    # A title that shares no word with any other is a section's name or a slogan, so it does not come first.
    titles = sorted(unique.values(), key=lambda title: sum(_akin(title, other) for other in said) < 2)
    return (titles[0], tuple(titles[1:])) if titles else ("", ())


def _heading(tree: HtmlElement, site: str, other_titles: str) -> str:
    """The first h1 that speaks of what the other titles speak of; without other titles the first that says anything."""
    headings = (text for h1 in tree.iter("h1") if (text := _line(h1.text_content())) and text != site)
    if not other_titles.strip():
        return next(headings, "")
    return next((heading for heading in headings if _akin(heading, other_titles)), "")


def _akin(one: str, other: str) -> bool:
    """Whether half of the shorter title's words of more than three letters stand in the other."""
    first, second = set(_LONG_WORD.findall(_key(one))), set(_LONG_WORD.findall(_key(other)))
    if len(first) > len(second):
        first, second = second, first
    return bool(first) and len(first & second) * 2 >= len(first)


def _without_tail(title: str, site: str) -> str:
    """The title without " | Site" behind it: a known site's name, or anything after the last bar."""
    match = _TAIL.search(title)
    if match is None:
        return title
    tail = match[1].casefold()
    known = bool(site) and (tail in site.casefold() or site.casefold() in tail)
    return title[: match.start()] if known or "|" in match[0] else title


def _same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _key(title: str) -> str:
    return " ".join(title.translate(_QUOTES).casefold().split())


def _line(text: str) -> str:
    return " ".join(text.split())
