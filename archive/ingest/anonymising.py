"""Takes names out of texts and out of markup, knowing only salted hashes of them."""

import hashlib
import html
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from archive.ingest.records import Caption, CleanArticle
from archive.text import fold

REMOVED = "[name removed]"
_MOST_WORDS = 8
# Soft hyphens and blanks without width are no part of a name, and hide none.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN = str.maketrans("", "", _INVISIBLE)
# Letters and digits with the accents that stand beside them. An underscore parts words, as it does in addresses.
_WORD = re.compile(rf"(?:[^\W_]|[\u0300-\u036f{_INVISIBLE}])+")
_INLINE = "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|tt|u|var|wbr"
_TAG = re.compile(r"<[^<>]*>")
_JOINS = re.compile(rf"</?(?:{_INLINE})(?![\w-])|<!--", re.IGNORECASE)
_ESCAPE = re.compile(r"&#?\w{1,32};|\\u[0-9a-fA-F]{4}|(?:%[0-9a-fA-F]{2}){1,12}")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a reader sees of a text: its characters, and where in the text each begins and ends."""

    text: str
    begins: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Anonymiser:
    """Letters' case, accents, stops and invisible characters do not matter."""

    salt: str
    forms: frozenset[tuple[int, str]]
    """(number of words, hash)."""
    replacement: str = REMOVED

    @classmethod
    def of_names(cls, names: Iterable[str], replacement: str = "") -> "Anonymiser":
        salt = secrets.token_hex(8)
        words = [[word for word, _, _ in _words(name)] for name in names]
        forms = {(len(one), digest(salt, *one)) for one in words if 0 < len(one) <= _MOST_WORDS}
        return cls(salt, frozenset(forms), replacement or REMOVED)

    def text(self, text: str) -> str:
        """The text with every occurrence replaced, the longest forms first."""
        parts, at = [], 0
        for start, end in self._found(text):
            parts += [text[at:start], self.replacement]
            at = end
        return "".join([*parts, text[at:]])

    def markup(self, text: str) -> str:
        """The same of HTML, JSON or plain text as it came: through tags and escapes, and within tags. Tags stay."""
        text = _TAG.sub(lambda tag: self._replaced(tag[0], _unescaped(tag[0], tags=False)), text)
        return self._replaced(text, _unescaped(text, tags=True))

    def is_in(self, address: str) -> bool:
        """Whether a name stands in an address, its words parted by whatever parts them there."""
        return any(True for _ in self._found(unquote(address)))

    def hidden(self, external_id: str, address: str) -> tuple[str, str]:
        """Id and address as they may be kept: where a name is in one, a hash of it is by what it is known again."""
        if self.is_in(external_id) or (not external_id and self.is_in(address)):
            external_id = f"withheld-{digest(self.salt, external_id or address)[:32]}"
        return external_id, "" if self.is_in(address) else address

    def _replaced(self, text: str, shown: _Shown) -> str:
        parts, at = [], 0
        for first, last in self._found(shown.text):
            start, end = shown.begins[first], shown.ends[last - 1]
            parts += [text[at:start], self.replacement, *_TAG.findall(text[start:end])]
            at = end
        return "".join([*parts, text[at:]])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        words = _words(text)
        sizes = sorted({count for count, _ in self.forms}, reverse=True)
        number = 0
        while number < len(words):
            size = next((n for n in sizes if self._is_name([word for word, _, _ in words[number : number + n]], n)), 0)
            if size:
                yield words[number][1], words[number + size - 1][2]
            number += size or 1

    def _is_name(self, words: list[str], size: int) -> bool:
        return len(words) == size and (size, digest(self.salt, *words)) in self.forms

    def value(self, value: Any) -> Any:
        """The same of every text in lists, tuples and dictionaries."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return type(value)(self.value(one) for one in value)
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        return value

    def article(self, article: CleanArticle) -> CleanArticle:
        return replace(
            article,
            title=self.text(article.title),
            standfirst=self.text(article.standfirst),
            byline=self.value(article.byline),
            section=self.text(article.section),
            paragraphs=self.value(article.paragraphs),
            captions=tuple(self._caption(one) for one in article.captions),
            lines=tuple(replace(one, text=self.text(one.text)) for one in article.lines),
            alternative_titles=self.value(article.alternative_titles),
        )

    def _caption(self, caption: Caption) -> Caption:
        return replace(caption, text=self.text(caption.text), credit=self.text(caption.credit))

    def raw(self, raw: Any) -> Any:
        """The same of a record as its dump said it (`records.RawRecord`)."""
        names = ("title", "standfirst", "section")
        changed = {name: self.markup(getattr(raw, name)) for name in ("text", *names)}
        several = {name: tuple(map(self.markup, getattr(raw, name))) for name in ("byline", "tags", "notes")}
        external_id, url = self.hidden(raw.external_id, raw.url)
        return replace(raw, **changed, **several, external_id=external_id, url=url)


def _words(text: str) -> list[tuple[str, int, int]]:
    """Folded words, and where each begins and ends."""
    found = [(fold(match[0].translate(_UNSEEN)), match.start(), match.end()) for match in _WORD.finditer(text)]
    return [one for one in found if one[0]]


def _unescaped(text: str, *, tags: bool) -> _Shown:
    """The text without tags (those that part words as blanks) and with its escapes resolved."""
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for match in (_TAG_OR_ESCAPE if tags else _ESCAPE).finditer(text):
        start, end = match.span()
        shown = _said(match[0])
        for piece, spans in ((text[at:start], None), (shown, (start, end))):
            pieces.append(piece)
            begins.extend(range(at, start) if spans is None else [start] * len(piece))
            ends.extend(range(at + 1, start + 1) if spans is None else [end] * len(piece))
        at = end
    pieces.append(text[at:])
    begins.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return _Shown("".join(pieces), begins, ends)


_TAG_OR_ESCAPE = re.compile(f"{_TAG.pattern}|{_ESCAPE.pattern}")


def _said(token: str) -> str:
    if token[0] == "<":
        return "" if _JOINS.match(token) else "\n"
    if token[0] == "\\":
        return chr(int(token[2:], 16))
    return unquote(token) if token[0] == "%" else html.unescape(token)


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
