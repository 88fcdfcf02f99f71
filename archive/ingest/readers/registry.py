"""Every dump format, in the order in which a file is asked whether it is one: the particular before the general."""

from archive.errors import DumpError
from archive.ingest.readers import (
    csv_table,
    feed,
    html_page,
    json_document,
    jsonl,
    mail,
    newswire,
    page_text,
    parquet,
    reuters,
    warc,
    wxr,
    xml_record,
)
from archive.ingest.readers.base import Format
from archive.ingest.readers.head import Head

FORMATS: tuple[Format, ...] = (
    Format("warc", "Web archive (WARC, ARC, WET)", warc.recognise, warc.read, ("arc", "wet"), holds_binary=True),
    Format("parquet", "Parquet table", parquet.recognise, parquet.read, has_names=True, holds_binary=True),
    Format(
        "reuters-sgml", "Reuters-21578 SGML", reuters.recognise, reuters.read, ("reuters", "sgml", "sgm"), in_bytes=True
    ),
    Format("wxr", "WordPress export (WXR)", wxr.recognise, wxr.read, ("wordpress",), in_bytes=True),
    Format("feed", "RSS or Atom feed", feed.recognise, feed.read, ("rss", "atom")),
    Format("nitf", "NITF", newswire.is_nitf, newswire.read_nitf),
    Format("newsml-1", "NewsML 1", newswire.is_newsml_1, newswire.read_newsml_1, ("newsml",)),
    Format("newsml-g2", "NewsML-G2", newswire.is_newsml_g2, newswire.read_newsml_g2),
    Format(
        "jsonl", "JSON, one record a line", jsonl.recognise, jsonl.read, ("ndjson", "jl"), has_names=True, in_bytes=True
    ),
    Format(
        "json",
        "JSON document",
        json_document.recognise,
        json_document.read,
        ("json-array",),
        has_names=True,
        in_bytes=True,
    ),
    Format("csv", "CSV or TSV table", csv_table.recognise, csv_table.read, ("tsv",), has_names=True, in_bytes=True),
    Format("eml", "E-mail message", mail.recognise, mail.read, ("mail", "email")),
    Format("html-page", "HTML page", html_page.recognise, html_page.read, ("html", "htm")),
    Format("xml", "XML with an article's fields as elements", xml_record.recognise, xml_record.read, has_names=True),
    Format("page-text", "Flattened page text", page_text.recognise, page_text.read, ("text", "txt")),
)

_BY_NAME = {name: fmt for fmt in FORMATS for name in (fmt.name, *fmt.aliases)}

FORMAT_NAMES: tuple[str, ...] = tuple(_BY_NAME)
"""What `--format` takes."""

# Beginnings of files that people mistake for dumps; what they are, in words.
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; repack it as zip or tar"),
    (b"Rar!", "a RAR archive; repack it as zip or tar"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"wOF", "a font"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1b\x08\x00")


def format_named(name: str) -> Format:
    """The format of a name or alias. Raises DumpError `unknown-format` naming those there are."""
    try:
        return _BY_NAME[name.strip().lower()]
    except KeyError:
        known = ", ".join(fmt.name for fmt in FORMATS)
        raise DumpError("unknown-format", f'there is no dump format "{name}"; those there are: {known}') from None


def detect(head: Head) -> Format:
    """The format of a file that begins with `head`. Raises DumpError `empty`, `binary` or `unknown-format`."""
    if not head.data.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        holds = ("only blanks" if head.whole else "blanks where its text should begin") if head.data else "nothing"
        raise DumpError("empty", f"the file is empty: it holds {holds}")
    binary = _binary(head)
    for fmt in FORMATS:
        if (fmt.holds_binary or not binary) and fmt.recognise(head):
            return fmt
    if binary:
        raise DumpError("binary", f"the file is {binary}, not text; no articles can be read from it")
    what = f"XML whose first element is <{head.root}>" if head.root else "of no known kind"
    raise DumpError(
        "unknown-format", f"the file is {what}, which is no dump format known here; name the format if it is one"
    )


def _binary(head: Head) -> str:
    """What kind of binary file this is, empty for text."""
    for magic, what in _BINARY:
        if head.data.startswith(magic) and (len(magic) > 3 or b"\x00" in head.data[:512]):
            return what
    if head.data[4:8] == b"ftyp":
        return "an MP4 or QuickTime film"
    sample = head.text[:4_000] if head.is_wide else head.data[:4_000].decode("latin-1")
    controls = sum(1 for char in sample if ord(char) < 32 and ord(char) not in _TEXT_CONTROLS)
    nuls = sample.count("\x00")
    return "binary data" if controls * 50 > len(sample) or nuls * 5 > len(sample) else ""
