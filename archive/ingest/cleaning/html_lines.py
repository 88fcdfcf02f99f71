"""A page of HTML as lines: the one flattening that the cleaner accounts for and the source view shows.

A line is the visible text of one innermost block (paragraph, list item, table row, …), with where it stood.
"""

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_CHARS = 25_000_000
"""More than any page of news; what lies beyond is not parsed but stays as one last line."""

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p "
    "pre search section select summary table tbody tfoot thead tr ul video audio iframe object amp-img picture".split()
)
_UNSEEN = frozenset(
    "head script style template noscript svg math iframe object embed noembed noframes title meta link".split()
)
_IN_PATH = 6  # the innermost ancestors that the path names
_OUTERMOST = ("html", "body")
_DEPTH_ERROR = "ERR_RESOURCE_LIMIT"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})\b[^<>]*>")
_SHALLOW = frozenset("p h1 h2 h3 h4 h5 h6 title meta link script style html head body".split())
_CONTROLS_TO_BLANKS = bytes(32 if code < 32 and code not in (9, 10, 13) else code for code in range(256))


@dataclass(frozen=True, slots=True)
class HtmlLine:
    """One non-blank block line: its text with blanks collapsed, the tags around it (outermost first), their classes."""

    text: str
    tag_path: str
    css_class: str


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A line of a page while its tree is at hand: its text, its innermost block, how many characters are linked."""

    text: str
    element: HtmlElement
    linked: int

    @property
    def link_share(self) -> float:
        return self.linked / (len(self.text) - self.text.count(" "))


def html_lines(html: str) -> list[HtmlLine]:
    """The non-blank lines of a page or fragment in reading order; always the same for the same text."""
    return [HtmlLine(line.text, *where(line.element)) for line in flatten(parse(html))]


def parse(html: str) -> HtmlElement:
    """A tree of any text, without entities from outside, comments or network; never raises."""
    html = html[:MAX_CHARS]
    tree, too_deep = _parse(html)
    if too_deep:
        tree, too_deep = _parse(_TAG.sub(_without_nesting, html))
    if too_deep:
        tree, _ = _parse(re.sub(r"<[^<>]*>", "<br>", html))
    return tree


def _parse(html: str) -> tuple[HtmlElement, bool]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace").translate(_CONTROLS_TO_BLANKS), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):  # an empty document
        tree = document_fromstring("<html><body></body></html>")
    return tree, any(_DEPTH_ERROR in entry.type_name for entry in parser.error_log)


def _without_nesting(match: re.Match[str]) -> str:
    """Of a page nested deeper than the parser goes, only tags that cannot nest stay; other blocks end a line."""
    name = match[2].lower()
    if name in _SHALLOW:
        return match[0]
    return "<p>" if name in _BLOCKS else " "


def drop_unseen(tree: HtmlElement) -> None:
    """Take scripts, styles and the like out of a tree whose metadata has been read: the rest is quicker to walk."""
    etree.strip_elements(tree, "script", "style", "noscript", "template", "svg", "iframe", with_tail=False)


def flatten(tree: HtmlElement) -> list[TreeLine]:
    """The non-blank lines of a tree in reading order, iteratively: depth costs no stack."""
    lines: list[TreeLine] = []
    parts: list[str] = []
    linked: list[str] = []
    block = tree
    links, after_link = 0, False

    def end_line() -> None:
        if parts:
            text = " ".join("".join(parts).split())
            if text:
                lines.append(TreeLine(text, block, len("".join("".join(linked).split()))))
            parts.clear()
            linked.clear()

    def add(text: str) -> None:
        parts.append(text)
        if links:
            linked.append(text)

    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _UNSEEN:
                walker.skip_subtree()
                continue
            if tag in _BLOCKS:
                end_line()
                block = element
            elif tag == "br":
                end_line()
            elif tag in ("td", "th"):
                add(" ")
            if tag == "a":
                links += 1
                if after_link:  # two links without a blank between them are two words
                    add(" ")
            after_link = False
            if element.text:
                add(element.text)
        else:
            if tag in _BLOCKS:
                if tag not in _UNSEEN:
                    end_line()
                block = _enclosing_block(element)
            if tag == "a":
                links -= 1
                after_link = not element.tail
            if element is not tree and element.tail:
                add(element.tail)
    end_line()
    return lines


def _enclosing_block(element: HtmlElement) -> HtmlElement:
    parent = element.getparent()
    while parent is not None and parent.tag not in _BLOCKS:
        parent = parent.getparent()
    return element if parent is None else parent


def where(element: HtmlElement) -> tuple[str, str]:
    """Tag path and classes of the innermost ancestors, e.g. ("div > figure > figcaption", "media > caption")."""
    tags: list[str] = []
    classes: list[str] = []
    node: HtmlElement | None = element
    while node is not None and len(tags) < _IN_PATH:
        tag = node.tag
        if tag in _OUTERMOST:
            break
        tags.append(tag)
        if len(classes) < 2 and (name := node.get("class") or node.get("id")):
            classes.append(" ".join(name.split())[:60])
        node = node.getparent()
    return " > ".join(reversed(tags)) or "body", " > ".join(reversed(classes))
