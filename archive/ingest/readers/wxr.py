"""WordPress exports (WXR): published posts. Read item by item and tag by tag: many of these files are malformed XML."""

import re
from collections.abc import Iterator
from html import unescape

from archive.ingest.readers.base import Context, Record, in_bytes
from archive.ingest.readers.between import elements
from archive.ingest.readers.charset import decode
from archive.ingest.readers.fields import record_from
from archive.ingest.readers.head import Head
from archive.ingest.readers.streams import Block, BlockSplitter, ByteStream

_DOMAIN = re.compile(r'domain\s{0,5}=\s{0,5}["\']([a-z_]{1,40})["\']')
_BLOCK_TAG = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|pre|section|hr|form|iframe|dl)\b", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
# What WordPress keeps beside its posts: never articles, so not counted as records.
_NOT_POSTS = frozenset(
    (
        *("page", "attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache"),
        *(
            "user_request",
            "wp_block",
            "wp_template",
            "wp_template_part",
            "wp_global_styles",
            "wp_navigation",
            "feedback",
        ),
    )
)


def recognise(head: Head) -> bool:
    return "wordpress.org/export/" in head.text[:8_000] and head.root == "rss"


def read(stream: ByteStream, context: Context) -> Iterator[Record]:
    splitter = BlockSplitter(stream, b"item", context.record_limit)
    site: _Site | None = None
    for block in splitter:
        if site is None:
            site = _Site(decode(splitter.prologue).text)
        record = _post(block, context, site)
        if record is not None:
            yield record


class _Site:
    """What the export says once: the site's name, its language, and its authors' names by login."""

    def __init__(self, prologue: str) -> None:
        channel = prologue.partition("<channel")[2].partition("<wp:author>")[0]
        self.name = _field(channel, "title")
        self.language = _field(channel, "language")
        self.authors: dict[str, str] = {}
        for _, author in elements(prologue, "wp:author"):
            first, last = _field(author, "wp:author_first_name"), _field(author, "wp:author_last_name")
            name = _field(author, "wp:author_display_name") or f"{first} {last}".strip()
            self.authors[_field(author, "wp:author_login")] = name


def _field(text: str, name: str) -> str:
    return next((_plain(value) for _, value in elements(text, name)), "")


def _plain(value: str) -> str:
    """Character data: CDATA sections opened, references elsewhere resolved."""
    if "<![CDATA[" not in value:
        return unescape(value).strip()
    parts, position = [], 0
    while (start := value.find("<![CDATA[", position)) >= 0:
        end = value.find("]]>", start)
        if end < 0:
            break
        parts += [value[position:start], value[start + 9 : end]]
        position = end + 3
    return "".join((*parts, value[position:])).strip()


def _post(block: Block, context: Context, site: _Site) -> Record | None:
    places = context.places
    if block.too_long or not block.complete:
        locator = places.next(block.offset, block.length, block.line)
        if block.too_long:
            sentence = f"the post is longer than {in_bytes(context.record_limit)}; it is not loaded"
            return places.reject(locator, "too-long", sentence, block.data)
        sentence = "the post has no </item>: the export is cut off or damaged here"
        return places.reject(locator, "truncated", sentence, block.data)
    decoded = context.decoder.decode(block.data)
    item = decoded.text
    status = _field(item, "wp:status")
    # Attachments and revisions inherit the status of their post; older exports do not say what they are.
    if status == "inherit" or _field(item, "wp:post_type") in _NOT_POSTS:
        return None
    locator = places.next(block.offset, block.length, block.line)
    if status not in ("publish", ""):
        sentence = f'the post is not published (its status is "{status[:40]}")'
        return places.reject(locator, "not-published", sentence, block.data)
    terms = [
        (found[1], _plain(value))
        for attributes, value in elements(item, "category")
        if (found := _DOMAIN.search(attributes[:1_000]))
    ]
    creator = _field(item, "dc:creator")
    values: dict[str, object] = {
        "id": _field(item, "guid") or _field(item, "wp:post_id"),
        "title": _field(item, "title"),
        "standfirst": _field(item, "excerpt:encoded") or _field(item, "description"),
        "body": paragraphs(_field(item, "content:encoded")),
        "byline": site.authors.get(creator) or creator,
        "date": _field(item, "pubDate") or _date(item),
        "source": site.name,
        "url": _field(item, "link"),
        "section": next((name for domain, name in terms if domain == "category" and name != "Uncategorized"), ""),
        "tags": [name for domain, name in terms if domain in ("post_tag", "tag")],
        "language": site.language,
    }
    return record_from(values, locator, context, decoded.notes, block.data)


def _date(item: str) -> str:
    in_utc, local = _field(item, "wp:post_date_gmt"), _field(item, "wp:post_date")
    return next((date for date in (in_utc and f"{in_utc} UTC", local) if date and not date.startswith("0000")), "")


def paragraphs(content: str) -> str:
    """A post's HTML as WordPress shows it: where there is no <p>, blank lines separate paragraphs (its `wpautop`)."""
    content = _without_block_comments(content).replace("\r\n", "\n").strip()
    if "<p" in content or "<" not in content:
        return content
    parts = (part.strip() for part in _BLANK_LINES.split(content))
    return "\n".join(part if _BLOCK_TAG.match(part) else f"<p>{part}</p>" for part in parts if part)


def _without_block_comments(content: str) -> str:
    """The content without the comments in which the editor keeps its blocks (<!-- wp:paragraph -->)."""
    first, *rest = content.split("<!--")
    kept = [first]
    for part in rest:
        comment, end, after = part.partition("-->")
        is_block = comment.lstrip().removeprefix("/").startswith("wp:")
        kept.append(after if is_block and end else f"<!--{part}")
    return "".join(kept)
