"""Texts that were taken down for good and come in again: an erased one is not stored, a removed name is taken out.

They are known by hashes alone (`WithheldText`), of their identity and of their words; nothing of them is kept here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive.ingest import serialise
from archive.ingest.anonymising import REMOVED, Anonymiser, digest
from archive.ingest.identity import Identity, ingested_hash
from archive.ingest.prepare import Incoming
from archive.ingest.records import CleanArticle
from archive.models import WithheldText


def identity_key(known: Identity) -> str:
    return digest("identity", known.source, known.external_id, known.url, known.scope)


def text_key(text_hash: str) -> str:
    return digest("text", text_hash)


def of_row(row: WithheldText) -> Anonymiser:
    return Anonymiser(row.salt, frozenset((count, hashed) for count, hashed in row.forms), row.replacement or REMOVED)


def anonymisers(articles: Iterable[int]) -> dict[int, list[Anonymiser]]:
    """The names that were taken out of these articles for good, by the article's key."""
    rows = WithheldText.objects.filter(takedown__article__in=list(articles), takedown__ended_at=None).exclude(forms=[])
    found: dict[int, dict[str, Anonymiser]] = defaultdict(dict)
    for row in rows.select_related("takedown"):
        found[row.takedown.article_id].setdefault(row.salt, of_row(row))
    return {pk: list(each.values()) for pk, each in found.items()}


def without_names(article: CleanArticle, taken_out: Iterable[Anonymiser]) -> CleanArticle:
    for anonymiser in taken_out:
        article = anonymiser.article(article)
    return article


def as_decided(record: Incoming, taken_out: Iterable[Anonymiser]) -> Incoming:
    """What rules made anew of a stored record, without the names that were taken out of its article."""
    for anonymiser in taken_out:
        record = _without_names(record, anonymiser)
    return record


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
                kept[number] = _without_names(kept[number], of_row(row))
            else:
                erased.add(number)
    allowed = [record for number, record in enumerate(kept) if number not in erased]
    return allowed, [records[number] for number in sorted(erased)]


def _without_names(record: Incoming, anonymiser: Anonymiser) -> Incoming:
    """The hashes of what the dump brought stay, so that the same text is known again as unchanged."""
    article = anonymiser.article(record.article)
    raw = anonymiser.raw(serialise.loads(record.payload, record.locator, record.kind))
    settled = ingested_hash(article.title, article.standfirst, article.paragraphs)
    external_id, url = anonymiser.hidden(record.external_id, record.url)
    return replace(
        record,
        external_id=external_id,
        url=url,
        article=article,
        payload=serialise.dumps(raw),
        tags=anonymiser.value(record.tags),
        settled_hash=record.settled_hash if article == record.article else settled,
        names=None,
    )
