"""What the archive holds of one article beside its own row: raw records, rejected ones, keys by which it is known."""

from collections.abc import Iterator, Sequence

from archive.choices import ContentKind
from archive.ingest import serialise
from archive.ingest.identity import identity, text_hash
from archive.ingest.prepare import Incoming, prepare_one
from archive.ingest.records import Locator
from archive.ingest.records import RawRecord as ReadRecord
from archive.ingest.rulings import line_key
from archive.ingest.withheld import identity_key, text_key
from archive.models import Appearance, Article, ArticleVersion, Dump, RawRecord, Rejection, WithheldText

_SENTENCE = 24
"""So many characters of a text in a rejected record are no accident."""


def raws_of(article: Article) -> list[RawRecord]:
    """All raw records from which the article, its versions and its copies come."""
    ids = {article.raw_id, *article.versions.values_list("raw_id", flat=True)}
    ids |= set(article.appearances.values_list("raw_id", flat=True))
    known = [pk for pk in ids if pk is not None]
    return list(RawRecord.objects.filter(pk__in=known))


def place_of(raw: RawRecord) -> Locator:
    return Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)


def record_of(raw: RawRecord) -> ReadRecord:
    return serialise.loads(bytes(raw.payload), place_of(raw), ContentKind(raw.kind))


def keys_of(article: Article) -> set[str]:
    """By what the article, its versions and its copies are known again."""
    holders: list[Article | Appearance] = [article, *article.appearances.select_related("source")]
    identities = [identity(one.source.slug, one.external_id, one.canonical_url, one.id_scope) for one in holders]
    hashes = {article.text_hash, *article.versions.values_list("text_hash", flat=True)}
    hashes |= set(article.appearances.values_list("text_hash", flat=True)) - {""}
    hashes.add(text_hash(article.title, article.body))
    # An earlier decision may have hidden the address by which dumps know it.
    earlier = set(WithheldText.objects.filter(takedown__article=article).values_list("key", flat=True))
    return {identity_key(one) for one in identities if one.is_known} | {text_key(one) for one in hashes} | earlier


def line_keys_of(article: Article, raws: Sequence[RawRecord]) -> set[str]:
    """Every line of its texts as rules read it."""
    texts = [article.title, article.standfirst, *article.body, *(each["text"] for each in article.captions)]
    for version in article.versions.all():
        texts += [version.title, version.standfirst, *version.body]
    for prepared in map(prepare_one, map(record_of, raws)):
        texts += [line.text for line in prepared.article.lines] if isinstance(prepared, Incoming) else []
    return {line_key(text) for text in texts} - {""}


def rejections_with(article: Article, raws: Sequence[RawRecord]) -> Iterator[tuple[Rejection, Dump]]:
    """Rejected records in which a line of the text stands: the same record of another run, or one that was broken."""
    texts = [article.title, *article.body]
    for version in ArticleVersion.objects.filter(article=article):
        texts += [version.title, *version.body]
    lines = {text[:200].encode() for text in texts if len(text) >= _SENTENCE}
    records = {(raw.dump_id, raw.number) for raw in raws}
    for rejection in Rejection.objects.exclude(excerpt=b"").select_related("run__dump").iterator(chunk_size=500):
        dump = rejection.run.dump
        if dump is None:
            continue
        excerpt = bytes(rejection.excerpt)
        if (dump.pk, rejection.record) in records or any(line in excerpt for line in lines):
            yield rejection, dump
