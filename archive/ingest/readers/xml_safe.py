"""XML from strangers, parsed without entities, DTD, network or huge trees; wrong declarations are forgiven."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from archive.ingest.readers.charset import Decoded, declared_encoding, decode

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_SUBSET_END = re.compile(r"\]\s{0,100}>")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_BLANKS = re.compile(r"\s+")
_QUOTED = re.compile(rb"<!\[CDATA\[|<!--")

# Elements that stand as a paragraph of their own in NITF, XHTML and the like.
_BLOCKS = frozenset(
    ("p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hl2", "li", "dt", "dd", "tr", "blockquote", "div", "section")
)
# Elements whose words are no part of the story: pictures with their captions, notes to editors, scripts.
_NOT_STORY = frozenset(("media", "head", "script", "style", "figure", "header", "footer", "aside", "video", "audio"))


def text_of(data: bytes) -> Decoded:
    """XML bytes as text without declaration and DOCTYPE; HTML's named entities (&eacute;) become their characters."""
    decoded = decode(data, declared_encoding(data))
    text = _DECLARATION.sub("", decoded.text.lstrip("\ufeff"), count=1)
    text = _without_doctype(text)
    return Decoded(_NAMED.sub(_character, text), decoded.encoding, decoded.notes)


def _without_doctype(text: str) -> str:
    """The text without its DOCTYPE, and so without any entity that it defines."""
    start = text.find("<!DOCTYPE", 0, 65_536)
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end:
        found = _SUBSET_END.search(text, subset)
        end = found.end() - 1 if found else len(text)
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _character(found: "re.Match[str]") -> str:
    name = found[1]
    if name in _XML_ENTITIES:
        return found[0]
    return html5.get(name + ";", "")


def parse(text: str) -> etree._Element | None:
    """Root of an XML text, however much of it could be parsed; None if nothing could. Never raises."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def without_quoted(data: bytes) -> bytes:
    """The bytes with blanks in place of what stands in CDATA sections and comments, whose tags are no tags.

    A section that is never closed stays: so does one that runs on into the next, past the end of an element.
    """
    parts, position = [], 0
    while opening := _QUOTED.search(data, position):
        closing = b"]]>" if opening[0] == b"<![CDATA[" else b"-->"
        end = data.find(closing, opening.end())
        if end < 0:
            break
        again = data.rfind(opening[0], opening.end(), end)
        if again >= 0 and data.find(b"</", opening.end(), again) >= 0:
            parts.append(data[position:again])
            position = again
            continue
        parts += [data[position : opening.start()], b" " * (end + 3 - opening.start())]
        position = end + 3
    return b"".join((*parts, data[position:]))


@dataclass(frozen=True, slots=True)
class Span:
    """Where an element stands in the bytes of its document; `end` is None if it is never closed."""

    start: int
    end: int | None
    line: int

    @property
    def length(self) -> int | None:
        return None if self.end is None else self.end - self.start


def spans(data: bytes, *names: str) -> list[Span]:
    """Places of the elements with one of these local names (any case) that do not hold one another, in order."""
    alternatives = "|".join(re.escape(name) for name in names).encode()
    mark = re.compile(rb"<(/?)(?:[\w.\-]{1,40}:)?(?:" + alternatives + rb")(?=[\s>/])[^<>]{0,2000}>?", re.IGNORECASE)
    found: list[Span] = []
    start, line, counted = -1, 1, 0
    for tag in mark.finditer(data):
        if not tag[1]:
            if start >= 0:
                found.append(Span(start, None, line))
            start = tag.start()
            line += data.count(b"\n", counted, start)
            counted = start
        elif start >= 0:
            found.append(Span(start, tag.end(), line))
            start = -1
    if start >= 0:
        found.append(Span(start, None, line))
    return found


def local(node: etree._Element) -> str:
    """The element's name without its namespace, lower case; empty for what is no element."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def named(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Descendants (and the node itself) with one of these local names, in document order."""
    wanted = frozenset(names)
    return (found for found in node.iter() if local(found) in wanted)


def first_text(node: etree._Element, *names: str) -> str:
    """Text of the first descendant that has one, trying the names in turn."""
    for name in names:
        for found in named(node, name):
            if text := line(found):
                return text
    return ""


def attribute(node: etree._Element, name: str, *attributes: str) -> str:
    """The first non-blank of these attributes on a descendant with this name."""
    for found in named(node, name):
        for key in attributes:
            if value := (found.get(key) or "").strip():
                return value
    return ""


def language(node: etree._Element) -> str:
    return node.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def line(node: etree._Element) -> str:
    """All text of an element on one line."""
    return _BLANKS.sub(" ", "".join(map(str, node.itertext()))).strip()


def story(node: etree._Element) -> str:
    """The paragraphs of an element, separated by blank lines, without pictures and notes."""
    paragraphs = list(_paragraphs(node))
    return "\n\n".join(paragraphs) if paragraphs else "".join(map(str, node.itertext())).strip()


def _paragraphs(node: etree._Element) -> Iterator[str]:
    """Blocks in reading order, outermost text with its inner blocks' texts apart. Iterative: depth is the sender's."""
    words: list[str] = []
    keep = False

    def flush() -> Iterator[str]:
        text = "".join(words)
        text = text.strip("\n") if keep else _BLANKS.sub(" ", text).strip()
        words.clear()
        if text.strip():
            yield text

    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(node, events=("start", "end")):
        name = local(element)
        if event == "start":
            if skipped is None and (name in _NOT_STORY or name.startswith("media-")):
                skipped = element
            if skipped is not None:
                continue
            if name in _BLOCKS:
                yield from flush()
                keep = name == "pre"
            elif name in ("td", "th", "br"):
                words.append("\n" if name == "br" and keep else " ")
            words.append(element.text or "")
            continue
        if skipped is None and name in _BLOCKS:
            yield from flush()
            keep = False
        if skipped is element:
            skipped = None
        if skipped is None and element is not node:
            words.append(element.tail or "")
    yield from flush()
