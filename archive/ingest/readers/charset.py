"""Bytes become text: byte order mark, else strict UTF-8, else what was declared, else a guess; the doing is noted."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:\-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:\-]{2,40})["']""", re.IGNORECASE)
_MOJIBAKE = re.compile("[ÃÂâÐÑ\u0080-\u009f]")
# Encodings of the world's text; not punycode, unicode_escape and the like, which Python counts among them.
_OF_TEXT = re.compile(r"(?:iso8859|iso2022|cp\d|koi8|mac|gb|big5|euc|shift|utf-8|ascii|hz|johab|tis|ptcp|kz|hp)")
_TIMES_ASKED = 10
"""How many records of a dump are used for guessing its encoding."""
_MAX_REPAIRED_LINE = 100_000
_SAMPLE = 64 * 1024
_ASCII = bytes(range(128))
_CP1252_PUNCTUATION = "‘’“”–—…•".encode("cp1252")
# A browser reads these labels as Windows-1252 (WHATWG Encoding Standard, §4.2), and the pages were made for browsers.
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def bom_of(data: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark names and the mark's length; ("", 0) without one."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, len(bom)
    return "", 0


def wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 by mark, or by every other byte of the first 2,000 being NUL; empty for anything else."""
    encoding, _ = bom_of(data)
    if encoding:
        return "" if encoding == "utf-8" else encoding
    sample = data[: 2_000 - len(data[:2_000]) % 2]
    if len(sample) >= 8:
        for encoding, nul, other in (
            ("utf-16-le", sample[1::2], sample[::2]),
            ("utf-16-be", sample[::2], sample[1::2]),
        ):
            if nul.count(0) > 0.9 * len(nul) and other.count(0) < 0.1 * len(other):
                return encoding
    return ""


def declared_encoding(data: bytes) -> str:
    """What the XML declaration or an HTML `meta` (charset or http-equiv) in the first 16 KB says; empty if nothing."""
    found = _XML.search(data[:1_000]) or _META.search(data[:16_384])
    return found[1].decode("ascii", "replace").lower() if found else ""


def codec_name(label: str) -> str:
    """Python's codec for a label as found in the wild, empty if there is none for text."""
    try:
        info = codecs.lookup(label.strip().lower().replace("utf8", "utf-8").replace("unicode-1-1-", ""))
        "".encode(info.name)
    except (LookupError, UnicodeError, ValueError):
        return ""
    if info.name.startswith(("utf-16", "utf-32", "utf-7")):
        return "utf-8"  # bytes that really were UTF-16 were known by their NULs; browsers say the same (§8.2.2.2)
    return _AS_BROWSERS_DO.get(info.name, info.name) if _OF_TEXT.match(info.name) else ""


def decode(data: bytes, declared: str = "", detect: Callable[[bytes], str] | None = None) -> Decoded:
    """Text of `data`; never fails: the last resort is Windows-1252 with its five unassigned bytes replaced.

    `detect` guesses the encoding of bytes that are neither UTF-8 nor what is declared (default: from them alone).
    """
    if not declared and 0 not in data:
        try:  # by far the commonest case first
            return Decoded(data.decode("utf-8").removeprefix("\ufeff"), "utf-8")
        except UnicodeDecodeError:
            pass
    encoding, mark = bom_of(data)
    encoding = encoding or wide_encoding(data)
    if encoding:
        return Decoded(data[mark:].decode(encoding, "replace"), encoding)
    wanted = codec_name(declared) if declared else ""
    # Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever a single-byte declaration claims.
    for candidate in ("utf-8", wanted):
        if candidate and not (candidate == "utf-8" and _is_multibyte(wanted)):
            try:
                text = data.decode(candidate)
            except (UnicodeDecodeError, LookupError):
                continue
            return Decoded(text, candidate, _note(declared, wanted, candidate, text))
    return _guess(data, declared, detect or detected)


def _is_multibyte(codec: str) -> bool:
    """Declared encodings whose text is ASCII with escapes, and so always valid UTF-8."""
    return codec.startswith(("iso2022", "hz"))


def _note(declared: str, wanted: str, used: str, text: str) -> tuple[str, ...]:
    if not declared or used == wanted or text.isascii():
        return ()
    return (f"declared {declared}, read as {used}",)


def detected(data: bytes) -> str:
    """The most likely encoding of bytes that are not UTF-8."""
    sample = data[:_SAMPLE]
    beyond_ascii = sample.translate(None, _ASCII)
    # Word processors' quotation marks and dashes, and little else: no need to ask (asking takes milliseconds), and
    # nothing to go by for who is asked.
    if len(beyond_ascii.translate(None, _CP1252_PUNCTUATION)) * 2 <= len(beyond_ascii) or len(beyond_ascii) < 3:
        return "cp1252"
    import chardet

    eras = chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME
    # Its confidence says how far the runner-up is, not how likely the answer: right answers have .1 as well as .9.
    guess = chardet.detect(sample, encoding_era=eras, prefer_superset=True)
    encoding = codec_name(str(guess["encoding"])) if guess["encoding"] else ""
    return encoding if encoding and encoding != "utf-8" else "cp1252"


class Decoder:
    """Decodes the records of one dump, each for itself, but guessing from what the records before it were."""

    def __init__(self) -> None:
        self._sample = b""
        self._asked = 0
        self._encoding = ""

    def decode(self, data: bytes) -> Decoded:
        return decode(data, detect=self._detected)

    def _detected(self, data: bytes) -> str:
        if self._asked < _TIMES_ASKED:
            self._asked += 1
            self._sample = (self._sample + b"\n" + data[:8_192])[-_SAMPLE:]
            self._encoding = detected(self._sample)
        return self._encoding


def _guess(data: bytes, declared: str, detect: Callable[[bytes], str]) -> Decoded:
    said = f"declared {declared}" if declared else "not UTF-8"
    mended = data.decode("utf-8", _STRAY)
    strays = sum(1 for char in data.decode("utf-8", "replace") if char == "\ufffd")
    if sum(1 for char in mended if not char.isascii()) >= 3 * strays:
        # Good UTF-8 with a few bytes from elsewhere (or a character cut in half).
        return Decoded(mended, "utf-8", (f"stray bytes in UTF-8, read as cp1252: {strays}",))
    encoding = detect(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding := "cp1252", "replace")
    return Decoded(text, encoding, (f"{said}, read as {encoding}",))


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Error handler of `bytes.decode`: what is not UTF-8 is Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_STRAY = "stray-cp1252"
codecs.register_error(_STRAY, _stray)


def decode_head(data: bytes) -> str:
    """A lenient decoding of a dump's first bytes (which may end inside a character), for looking, not for storing."""
    encoding, mark = bom_of(data)
    encoding = encoding or wide_encoding(data) or "utf-8"
    return data[mark:].decode(encoding, "replace")


def tidy(text: str) -> tuple[str, tuple[str, ...]]:
    """Text that a database takes, mojibake undone where that is safe, and notes of what was done."""
    if not text:
        return text, ()
    notes: list[str] = []
    if "\x00" in text:
        notes.append(f"{text.count(chr(0))} NUL characters left out")
        text = text.replace("\x00", "")
    if text.isascii():
        return text, tuple(notes)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        notes.append("half a surrogate pair replaced")
    if _MOJIBAKE.search(text):
        repaired = _repair(text)
        if repaired != text:
            text = repaired
            notes.append("mojibake undone (UTF-8 that was read as another encoding)")
    return text, tuple(notes)


def _repair(text: str) -> str:
    """ftfy's encoding repair alone: no uncurled quotes, no normalisation, no guess that loses a character."""
    import ftfy
    from ftfy.badness import badness

    config = ftfy.TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, normalization=None, explain=False, replace_lossy_sequences=False
    )
    # Line by line: one damaged paragraph must not keep its neighbours from being repaired, nor drag them along.
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if not line.isascii() and len(line) <= _MAX_REPAIRED_LINE and badness(line):
            fixed = str(ftfy.fix_encoding(line, config))
            if badness(fixed) < badness(line) and fixed.count("\ufffd") <= line.count("\ufffd"):
                lines[index] = fixed
    return "\n".join(lines)
