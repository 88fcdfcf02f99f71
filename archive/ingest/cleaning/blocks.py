"""What a line's place in the page says about it: which lines are of one make with the story, which are furniture.

An extractor finds the story; these rules mend its edges. They look at tags and classes, never at a publisher's name.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from archive.ingest.cleaning.html_lines import TreeLine

Make = tuple[str, str, str, str]
"""Tag and class of a block, tag and class of its parent."""

# Words of class names and ids that publishers and their systems give to what stands around a story.
_FURNITURE = re.compile(
    r"(?<![a-z])(?:newsletters?|promos?|promotions?|related|recommend(?:ed|ations?)|recirc(?:ulation)?|sign-?up|"
    r"subscri(?:be|ptions?)|share|sharing|social-(?:share|links?|bar|icons?)|credits?|byline|"
    r"author-(?:bio|info|box|card|details)|bio|timestamp|dateline|pub-?date|comments?|advert(?:isement|s|ising)?|ads?|"
    r"sponsor(?:ed)?|disclaimer|breadcrumbs?|tags|most-(?:read|popular)|trending|popular|outbrain|taboola|footer|"
    r"cookies?|consent|read-(?:more|next)|see-also|more-on|nav|navigation|menu|sidebar|teaser|hidden|sr-only|"
    r"visually-hidden|screen-reader(?:-text)?|kicker|eyebrow|toolbar|copyright|app-promo)(?![a-z])"
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "select", "label"))
_STANDFIRST = re.compile(
    r"(?<![a-z])(?:standfirst|sub-?title|sub-?head(?:line|ing)?|dek|deck|summary|excerpt|"
    r"strap-?line|headline|title|header)(?![a-z])"
)
_CAPTION = re.compile(
    r"(?<![a-z])(?:captions?|media-caption|image-(?:caption|credit)|photo-(?:caption|credit))(?![a-z])"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "header"))
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")
_SUBHEADS = ("h2", "h3", "h4")
_PROSE, _PROSE_LINES = 25, 5
_LEVELS = 4  # how far up an ancestor's class still speaks of the line
_MAX_FURNITURE = 0.25  # a class that holds more of the story than this is the story's own


def alike(lines: Sequence[TreeLine], kept: Sequence[bool]) -> list[bool]:
    """Give the story back the lines of its own make that the extractor dropped (repeats, paragraphs behind a wall).

    Two lines are of one make when they share tag and class, and their parents do; a make is the story's where the
    extractor took a third of its words and they are a twentieth of all it took.
    """
    makes = [_make(line.element) for line in lines]
    words, taken = Counter[Make](), Counter[Make]()
    for line, make, keep in zip(lines, makes, kept, strict=True):
        count = line.text.count(" ") + 1
        words[make] += count
        taken[make] += count if keep else 0
    total = taken.total()
    own = {
        make
        for make, count in taken.items()
        if count and count >= 0.05 * total and count > 0.3 * words[make] and (make[1] or make[3])
    }
    return [
        keep or (make in own and line.link_share <= 0.5) for line, make, keep in zip(lines, makes, kept, strict=True)
    ]


def main_makes(lines: Sequence[TreeLine], kept: Sequence[bool]) -> set[Make]:
    """The makes that hold at least a sixth of the kept words: the story's ordinary paragraphs."""
    taken = Counter[Make]()
    for line, keep in zip(lines, kept, strict=True):
        if keep:
            taken[_make(line.element)] += line.text.count(" ") + 1
    return {make for make, count in taken.items() if count >= 0.15 * taken.total()}


def is_main(line: TreeLine, makes: set[Make]) -> bool:
    return _make(line.element) in makes


def furniture(lines: Sequence[TreeLine], kept: Sequence[bool]) -> list[str]:
    """For each kept line, the class word or tag by which it is furniture of the page; "" for the story's own lines.

    A word that holds a quarter of the story, or five paragraphs of prose, is a container's and says nothing.
    """
    found = [furniture_word(line.element) if keep else "" for line, keep in zip(lines, kept, strict=True)]
    words, prose = Counter[str](), Counter[str]()
    total = 0
    for line, keep, word in zip(lines, kept, found, strict=True):
        if not keep:
            continue
        count = line.text.count(" ") + 1
        total += count
        if word:
            words[word] += count
            prose[word] += count >= _PROSE and line.link_share < 0.3
    return [
        word if word and words[word] <= _MAX_FURNITURE * total and prose[word] < _PROSE_LINES else "" for word in found
    ]


def link_lines(lines: Sequence[TreeLine], kept: Sequence[bool]) -> list[bool]:
    """For each kept line, whether it is nothing but a link to another page.

    Not: an address written out, a linked subhead, an item of a list most of which is not links.
    """
    linked = [
        keep and line.link_share >= 0.9 and not line.text.startswith(("http", "www."))
        for line, keep in zip(lines, kept, strict=True)
    ]
    items, plain = Counter[HtmlElement | None](), Counter[HtmlElement | None]()
    for line, keep, link in zip(lines, kept, linked, strict=True):
        if keep and line.element.tag == "li":
            items[line.element.getparent()] += 1
            plain[line.element.getparent()] += not link
    return [
        link and line.element.tag not in _SUBHEADS and not _in_plain_list(line, items, plain)
        for line, link in zip(lines, linked, strict=True)
    ]


def _in_plain_list(line: TreeLine, items: Counter[HtmlElement | None], plain: Counter[HtmlElement | None]) -> bool:
    parent = line.element.getparent()
    return line.element.tag == "li" and plain[parent] * 2 > items[parent]


def is_caption(line: TreeLine) -> bool:
    """Whether the line stands in a figcaption or in what its class calls a caption."""
    node: HtmlElement | None = line.element
    for _ in range(3):
        if node is None or node.tag in ("body", "article", "main"):
            return False
        if node.tag == "figcaption" or _CAPTION.search(_names(node.get("class") or "")):
            return True
        node = node.getparent()
    return False


def may_be_standfirst(line: TreeLine) -> bool:
    """Whether tag or class of the line or its parent say that it belongs to the story's head."""
    node: HtmlElement | None = line.element
    for _ in range(2):
        if node is None:
            return False
        if node.tag in _HEADINGS or _STANDFIRST.search(_names(node.get("class") or "")):
            return True
        node = node.getparent()
    return False


def _make(element: HtmlElement) -> Make:
    parent = element.getparent()
    if parent is None:
        return str(element.tag), element.get("class") or "", "", ""
    return (
        str(element.tag),
        element.get("class") or "",
        str(parent.tag),
        parent.get("class") or parent.get("id") or "",
    )


def furniture_word(element: HtmlElement) -> str:
    node: HtmlElement | None = element
    for _ in range(_LEVELS):
        if node is None or node.tag in ("body", "html", "article", "main"):
            return ""
        if match := _FURNITURE.search(_names(f"{node.get('class') or ''} {node.get('id') or ''}")):
            return match[0]
        if node.tag in _FURNITURE_TAGS:
            return str(node.tag)
        node = node.getparent()
    return ""


@lru_cache(maxsize=8192)
def _names(names: str) -> str:
    """Class names in one spelling: "storyBody__relatedLinks" is "story-body--related-links"."""
    return _CAMEL.sub(r"\1-\2", names[:300]).lower().replace("_", "-")
