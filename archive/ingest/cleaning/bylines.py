"""Raw byline strings to people's names: "By JANE DOE and John Roe" is two, "Vale, Jon" is one."""

import html
import re
from collections.abc import Iterable

MAX_NAMES = 12
"""A page that names more authors lists its staff."""

_SPACES = re.compile(r"\s+")
_BY = re.compile(
    r"^(?:(?:story|text|words|written|reported|reporting|report|analysis|opinion|review|posted|published)\s+)?"
    r"by\b[\s:]*|^(?:author|authors|reporter)\s?:\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[;|•·/]|\s(?:and|und|et|with)\s|&|,\s*and\s)\s*")
_PARTICLES = frozenset("von van de da di del der den la le al el bin ibn ter ten dos du".split())
_SLUG = re.compile(r"[a-z]{2,}(?:[-_][a-z]{1,}){1,4}(?:-\d{1,6})?$")
_URL = re.compile(
    r"https?://|www\.|/(?:author|authors|by|people|profile|journalist|contributor|staff)s?/|\.com\b", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|esq)\.?", re.IGNORECASE)
_LETTERS = re.compile(r"(?:[A-Z]\.?){2,6}|Ph\.?D\.?")  # degrees and agencies behind a name: "MS, RDN", "CNN"
_DATE_TAIL = re.compile(
    r"[\s,]+(?:on\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}\b.{0,40}$|"
    r"[\s,]+\d{1,2}[/.:]\d{1,2}.{0,40}$",
    re.IGNORECASE,
)
# Tags, addresses in brackets, and who edited what the author wrote.
_ASIDE = re.compile(r"<[^<>]{1,500}>|\((?:https?:|www\.)[^()]{0,500}\)|\b[Ee]dited by\b.*", re.DOTALL)
_NOT_NAME = re.compile(
    r"\b(?:profile|username|updated|follow|following|author|posted|published|comments?|subscribe|click)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset("admin administrator webmaster guest user root unknown none null staff n/a anonymous".split())
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|staff|journalist|columnist|chief|bureau|producer|desk|contributor|"
    r"reuters|bloomberg|agency|news|press|media|times|post|daily|photographer|director|analyst|professor|team|report|online)\b",
    re.IGNORECASE,
)


def split_byline(raw: str | Iterable[str]) -> tuple[str, ...]:
    """Names in one raw byline or a list of them: unslugged, without "By", roles after a comma, URLs and doubles."""
    names: dict[str, str] = {}
    for part in [raw] if isinstance(raw, str) else raw:
        for name in _names(part[:1000]):
            names.setdefault(name.casefold(), name)
    # "Kevin R" beside "Kevin Rebong" is the same person as a log-in name.
    whole = [name for key, name in names.items() if not any(o != key and o.startswith(key) for o in names)]
    return tuple(whole) if len(whole) <= MAX_NAMES else ()


def _names(raw: str) -> list[str]:
    text = _SPACES.sub(" ", html.unescape(raw)).strip(" ,;|.-–—\u200b")
    text = _ASIDE.sub(" ", text)
    previous = None
    while previous != text:
        previous, text = text, _BY.sub("", text, count=1).strip()
    names: list[str] = []
    for chunk in [text] if _URL.match(text) else _AND.split(text):
        names.extend(_comma_parts(chunk.strip(" ,.")))
    return [name for name in (_one_name(name) for name in names) if name]


def _comma_parts(chunk: str) -> list[str]:
    parts = [part.strip() for part in chunk.split(",") if part.strip()]
    if len(parts) == 2:
        first, second = parts
        if _SUFFIX.fullmatch(second):
            return [f"{first}, {second}"]
        single = len(first.split()) == 1 and len(second.split()) <= 2
        if single and not _ROLE.search(second) and not _LETTERS.fullmatch(second):
            return [f"{second} {first}"]  # "Vale, Jon"
    kept: list[str] = []
    for part in parts:
        if kept and _SUFFIX.fullmatch(part):
            kept[-1] += f", {part}"
        elif not (kept and (_ROLE.search(part) or _LETTERS.fullmatch(part))):  # "Jane Doe, Political Editor"
            kept.append(part)
    return kept


def _one_name(name: str) -> str:
    name = _DATE_TAIL.sub("", name).strip(" ,;:|–—-")
    if name.casefold() in _NOBODY:
        return ""
    if "@" in name and " " not in name:
        return ""
    if _URL.search(name):
        name = name.rstrip("/").rsplit("/", 1)[-1].split("?")[0].removesuffix(".html")
        if "." in name or not _SLUG.match(name):
            return ""
    if _SLUG.match(name) and " " not in name:
        words = [word for word in re.split(r"[-_]", name) if not word.isdigit()]
        name = " ".join(word if word in _PARTICLES else word.capitalize() for word in words)
    if _NOT_NAME.search(name) or sum(char.isalpha() for char in name) < 2:
        return ""
    if len(name) > 80 or len(name.split()) > 8:
        return ""
    return name
