"""Texts that were taken down for good and come in again: an erased one is not stored, a removed name is taken out.

They are known by hashes alone (`WithheldText`), of their identity and of their words; nothing of them is kept here.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.ingest import serialise
from archive.ingest.identity import Identity
from archive.ingest.prepare import Incoming
from archive.ingest.records import Caption, CleanArticle
from archive.models import WithheldText
from archive.text import fold

_WORD = re.compile(r"\w+")
_MOST_WORDS = 8
REMOVED = "[name removed]"


def identity_key(known: Identity) -> str:
    return _digest("identity", known.source, known.external_id, known.url, known.scope)


def text_key(text_hash: str) -> str:
    return _digest("text", text_hash)


@dataclass(frozen=True, slots=True)
class Anonymiser:
    """Takes names out of texts, knowing only salted hashes of them; letters' case, accents and stops do not matter."""

    salt: str
    forms: frozenset[tuple[int, str]]
    """(number of words, hash)."""
    replacement: str = REMOVED

    @classmethod
    def of_names(cls, names: Iterable[str], replacement: str = "") -> "Anonymiser":
        salt = secrets.token_hex(8)
        words = [[fold(word) for word in _WORD.findall(name)] for name in names]
        forms = {(len(one), _digest(salt, *one)) for one in words if 0 < len(one) <= _MOST_WORDS}
        return cls(salt, frozenset(forms), replacement or REMOVED)

    @classmethod
    def of_row(cls, row: WithheldText) -> "Anonymiser":
        return cls(row.salt, frozenset((count, digest) for count, digest in row.forms), row.replacement or REMOVED)

    def text(self, text: str) -> str:
        """The text with every occurrence replaced, the longest forms first."""
        found = list(_WORD.finditer(text))
        folded = [fold(match[0]) for match in found]
        sizes = sorted({count for count, _ in self.forms}, reverse=True)
        parts, at, number = [], 0, 0
        while number < len(found):
            size = next((n for n in sizes if self._is_name(folded[number : number + n], n)), 0)
            if not size:
                number += 1
                continue
            parts += [text[at : found[number].start()], self.replacement]
            at = found[number + size - 1].end()
            number += size
        return "".join([*parts, text[at:]])

    def _is_name(self, words: list[str], size: int) -> bool:
        return len(words) == size and (size, _digest(self.salt, *words)) in self.forms

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

    def payload(self, payload: bytes, record: Incoming) -> bytes:
        raw = serialise.loads(payload, record.locator, record.kind)
        return serialise.dumps(self.raw(raw))

    def raw(self, raw: Any) -> Any:
        names = ("text", "title", "standfirst", "byline", "section", "tags", "notes")
        return replace(raw, **{name: self.value(getattr(raw, name)) for name in names})


def obey(records: Sequence[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
    """Records as they may be stored, and those of which nothing may be."""
    keys: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        keys.setdefault(text_key(record.text_hash), []).append(number)
        if record.identity.is_known:
            keys.setdefault(identity_key(record.identity), []).append(number)
    rows = WithheldText.objects.filter(key__in=keys, takedown__ended_at=None)
    kept, erased = list(records), set()
    for row in rows:
        for number in keys[row.key]:
            if row.forms:
                kept[number] = _without_names(kept[number], Anonymiser.of_row(row))
            else:
                erased.add(number)
    allowed = [record for number, record in enumerate(kept) if number not in erased]
    return allowed, [records[number] for number in sorted(erased)]


def _without_names(record: Incoming, anonymiser: Anonymiser) -> Incoming:
    """The hash of what the dump brought stays, so that the same text is known again as unchanged."""
    return replace(
        record,
        article=anonymiser.article(record.article),
        payload=anonymiser.payload(record.payload, record),
        tags=anonymiser.value(record.tags),
        names=None,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
