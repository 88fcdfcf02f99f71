"""The agencies' XML: NITF, NewsML 1 and NewsML-G2 (IPTC), one or more news items in a document."""

import re
from collections.abc import Iterator

from lxml import etree

from archive.ingest.readers import xml_safe
from archive.ingest.readers.base import Context, Record
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import ByteStream
from archive.ingest.readers.xml_items import Fields, read_items

_NITF = re.compile(rb"<((?:[\w\-]{1,20}:)?nitf)[\s>]", re.IGNORECASE)
_ITEM = re.compile(rb"<((?:[\w\-]{1,20}:)?newsitem)[\s>]", re.IGNORECASE)


def is_nitf(head: Head) -> bool:
    return head.root == "nitf"


def is_newsml_1(head: Head) -> bool:
    return head.root == "newsml" or (head.root == "newsitem" and "<NewsLines" in head.text)


def is_newsml_g2(head: Head) -> bool:
    return head.root in ("newsmessage", "newsitem", "packageitem") and not is_newsml_1(head)


def read_nitf(stream: ByteStream, context: Context) -> Iterator[Record]:
    """Every NITF document in the file is an article."""
    return read_items(stream, context, lambda root: list(xml_safe.named(root, "nitf")), _nitf, _NITF)


def read_newsml_1(stream: ByteStream, context: Context) -> Iterator[Record]:
    """Every NewsItem is an article."""
    return read_items(stream, context, lambda root: list(xml_safe.named(root, "newsitem")), _newsml_1, _ITEM)


def read_newsml_g2(stream: ByteStream, context: Context) -> Iterator[Record]:
    """Every newsItem of text is an article; pictures, films and packages are rejected as none."""
    return read_items(
        stream, context, lambda root: list(xml_safe.named(root, "newsitem", "packageitem")), _newsml_g2, _ITEM
    )


def _nitf(node: etree._Element) -> Fields:
    first, attribute = xml_safe.first_text, xml_safe.attribute
    title = first(node, "hl1") or first(node, "title") or first(node, "hedline")
    standfirst = first(node, "abstract") or first(node, "hl2")
    content = next(xml_safe.named(node, "body.content"), None)
    return {
        "id": attribute(node, "doc-id", "id-string"),
        "title": title,
        "standfirst": standfirst if standfirst != title else "",
        "body": xml_safe.story(content) if content is not None else "",
        "byline": [_byline(found) for found in xml_safe.named(node, "byline")],
        "date": attribute(node, "date.issue", "norm")
        or attribute(node, "date.release", "norm")
        or attribute(node, "story.date", "norm")
        or attribute(node, "pubdata", "date.publication"),
        "source": first(node, "distributor")
        or attribute(node, "doc.copyright", "holder")
        or attribute(node, "doc-id", "regsrc")
        or attribute(node, "from-src", "src-name"),
        "section": attribute(node, "pubdata", "position.section")
        or attribute(node, "tobject.subject", "tobject.subject.type"),
        "tags": [found.get("key") or "" for found in xml_safe.named(node, "keyword")],
        "language": node.get("baselang") or xml_safe.language(node),
    }


def _byline(node: etree._Element) -> str:
    """The names of a byline without the writer's title and place."""
    people = [xml_safe.line(person) for person in xml_safe.named(node, "person")]
    if people:
        return ", ".join(people)
    for title in list(xml_safe.named(node, "byttl", "location")):
        parent = title.getparent()
        if parent is not None:
            title.text = ""
            for child in list(title):
                title.remove(child)
    return xml_safe.line(node)


def _newsml_1(node: etree._Element) -> Fields:
    first, attribute = xml_safe.first_text, xml_safe.attribute
    contents = [_content(found) for found in xml_safe.named(node, "datacontent")]
    inner = next(xml_safe.named(node, "nitf"), None)
    fields: Fields = _nitf(inner) if inner is not None else {}
    own: Fields = {
        "id": "-".join(part for part in (first(node, "dateid"), first(node, "newsitemid")) if part),
        "title": first(node, "headline") or first(node, "namelabel"),
        "standfirst": first(node, "subheadline"),
        "body": max(contents, key=len, default=""),
        "byline": first(node, "byline") or [xml_safe.line(found) for found in xml_safe.named(node, "author")],
        "date": first(node, "firstcreated") or first(node, "thisrevisioncreated") or first(node, "dateid"),
        "source": _party(node, "provider") or _party(node, "source") or first(node, "providerid"),
        "tags": [xml_safe.line(found) for found in xml_safe.named(node, "keyword")] + _keywords(node),
        "language": attribute(node, "language", "FormalName") or xml_safe.language(node),
    }
    return {**fields, **{name: value for name, value in own.items() if value}}


def _keywords(node: etree._Element) -> list[str]:
    wanted = (found for found in xml_safe.named(node, "property") if found.get("FormalName") == "Keyword")
    return [found.get("Value") or "" for found in wanted]


def _party(node: etree._Element, name: str) -> str:
    return next((xml_safe.attribute(found, "party", "FormalName") for found in xml_safe.named(node, name)), "")


def _content(node: etree._Element) -> str:
    """A DataContent: paragraphs, a NITF body, or markup that was escaped or wrapped in CDATA (left as HTML)."""
    inner = next(xml_safe.named(node, "body.content"), None)
    if inner is not None:
        return xml_safe.story(inner)
    return xml_safe.story(node) if len(node) else (node.text or "").strip()


def _newsml_g2(node: etree._Element) -> Fields | str:
    first, attribute = xml_safe.first_text, xml_safe.attribute
    kind = attribute(node, "itemclass", "qcode", "literal").rpartition(":")[2]
    if xml_safe.local(node) == "packageitem" or kind == "composite":
        return "the item is a package that lists other items, no article"
    if kind in ("picture", "graphic", "video", "audio", "animation", "still", "photo"):
        return f"the item is a {kind}, no article"
    meta = next(xml_safe.named(node, "contentmeta"), node)
    # A role "source" is the agency once more; a bare code is a login, not a name.
    creators = (node for node in xml_safe.named(meta, "creator", "contributor") if not _is_source(node))
    names = [name for name in map(_name, creators) if " " in name]
    provider = next(xml_safe.named(node, "provider"), None)
    return {
        "id": node.get("guid") or "",
        "title": first(meta, "headline") or first(node, "title") or first(meta, "slugline"),
        "standfirst": next((xml_safe.line(found) for found in _summaries(meta)), ""),
        "body": _g2_body(node),
        "byline": first(meta, "by") or names,
        "date": first(meta, "contentcreated") or first(node, "firstcreated") or first(node, "versioncreated"),
        "source": _name(provider) if provider is not None else first(meta, "creditline"),
        "tags": [_name(found) for found in xml_safe.named(meta, "subject")]
        + [xml_safe.line(k) for k in xml_safe.named(meta, "keyword")],
        "section": next((_name(found) for found in xml_safe.named(meta, "subject") if _name(found)), ""),
        "language": attribute(meta, "language", "tag") or xml_safe.language(node),
    }


def _is_source(creator: etree._Element) -> bool:
    return (creator.get("role") or "").rpartition(":")[2].lower() in ("source", "origprov")


def _summaries(meta: etree._Element) -> Iterator[etree._Element]:
    roles = ("summary", "abstract", "lead", "subtitle", "intro")
    found = (node for node in xml_safe.named(meta, "description", "subheadline"))
    return (
        node for node in found if (node.get("role") or "").rpartition(":")[2].lower() in roles and xml_safe.line(node)
    )


def _name(node: etree._Element) -> str:
    """The display name of a concept, English where there are several, else what it is called in the code."""
    names = [found for found in node if xml_safe.local(found) == "name" and xml_safe.line(found)]
    english = [found for found in names if xml_safe.language(found).startswith("en")]
    if names:
        return xml_safe.line((english or names)[0])
    code = node.get("literal") or node.get("qcode") or ""
    return "" if xml_safe.local(node) == "subject" else code.rpartition(":")[2]


def _g2_body(node: etree._Element) -> str:
    for found in xml_safe.named(node, "inlinexml", "inlinedata"):
        inner = next(xml_safe.named(found, "body.content", "body"), None)
        text = xml_safe.story(inner if inner is not None else found)
        if text.strip():
            return text
    return ""
