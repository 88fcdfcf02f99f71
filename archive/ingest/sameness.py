"""Decides what each record of a batch is: new, a new version, unchanged, or a further appearance of a known text.

`load` asks the database what it knows about a batch (a constant number of queries); `Plan.add` decides record by
record, seeing what earlier records of the batch did. `store.py` writes the plan down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db.models import Q

from archive.ingest import rows, standing
from archive.ingest.identity import Identity, identity
from archive.ingest.prepare import Incoming
from archive.ingest.report import Counts
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    DateDecision,
    IngestRun,
    LineDecision,
    RawRecord,
    Source,
)

Holder: TypeAlias = Article | Appearance


@dataclass(slots=True)
class Known:
    """What the archive knows about the records of a batch; `Plan` adds what it decides."""

    by_identity: dict[Identity, Holder] = field(default_factory=dict)
    by_text: dict[str, Article] = field(default_factory=dict)
    by_record: dict[int, Holder] = field(default_factory=dict)
    """Who came from this very record of this dump, by its number."""
    raws: dict[int, RawRecord] = field(default_factory=dict)
    """Rows of records of this dump that are kept already, by number."""
    line_decisions: dict[int, list[LineDecision]] = field(default_factory=dict)
    """What people decided about the lines of these articles, by the article's key."""
    date_decisions: dict[int, DateDecision] = field(default_factory=dict)
    superseded: set[tuple[int, str]] = field(default_factory=set)
    """(raw record, text hash) of earlier versions: a record whose text was replaced since does not come back."""

    def holder(self, record: Incoming) -> Holder | None:
        """The article or appearance that this record is about, if there is one."""
        if record.identity.is_known:
            held = self.by_identity.get(record.identity)
            # An id that counts within its dump only: what came from this very record before ids had scopes.
            return held if held or not record.id_scope else self.by_record.get(record.locator.number)
        return self.by_record.get(record.locator.number)

    def is_superseded(self, record: Incoming) -> bool:
        raw = self.raws.get(record.locator.number)
        return raw is not None and (raw.pk, record.text_hash) in self.superseded

    def remember(self, record: Incoming, holder: Holder) -> None:
        if record.identity.is_known:
            self.by_identity[record.identity] = holder
        self.by_record[record.locator.number] = holder


def load(records: Sequence[Incoming], dump_id: int | None, sources: dict[str, Source]) -> Known:
    """What the database knows about these records. `sources` holds the saved sources among theirs, by slug."""
    known = Known()
    if dump_id is not None:
        numbers = [record.locator.number for record in records]
        known.raws = {raw.number: raw for raw in _kept(dump_id, numbers)}
    if known.raws:
        _load_by_record(known)
    slugs = {source.pk: slug for slug, source in sources.items()}
    if asked := _by_identity(records, sources):
        for article in _articles(asked):
            known.by_identity[_identity_of(article, slugs)] = article
        for appearance in Appearance.objects.filter(asked).select_related("article"):
            known.by_identity[_identity_of(appearance, slugs)] = appearance
    texts = Article.objects.filter(text_hash__in={record.text_hash for record in records}).order_by("-pk")
    known.by_text = {article.text_hash: article for article in texts}
    holders = (*known.by_identity.values(), *known.by_record.values())
    articles = {holder.pk for holder in holders if isinstance(holder, Article)}
    known.line_decisions, known.date_decisions = standing.lines(articles), standing.dates(articles)
    return known


def _identity_of(holder: Holder, slugs: dict[int, str]) -> Identity:
    return identity(slugs[holder.source_id], holder.external_id, holder.canonical_url, holder.id_scope)


def _kept(dump_id: int, numbers: Sequence[int]) -> Iterable[RawRecord]:
    return RawRecord.objects.filter(dump_id=dump_id, number__in=numbers).defer("payload")


def _load_by_record(known: Known) -> None:
    numbers = {raw.pk: raw.number for raw in known.raws.values()}
    for appearance in Appearance.objects.filter(raw__in=numbers).select_related("article"):
        known.by_record[numbers[_raw_id(appearance)]] = appearance
    for article in _articles(Q(raw__in=numbers)):
        known.by_record[numbers[_raw_id(article)]] = article
    versions = ArticleVersion.objects.filter(raw__in=numbers).values_list("raw_id", "text_hash")
    known.superseded = {(raw, text) for raw, text in versions if raw is not None}


def _articles(asked: Q) -> Iterable[Article]:
    """With their raw records, which a version of them will point to."""
    return Article.objects.filter(asked).select_related("raw").defer("raw__payload")


def _raw_id(holder: Holder) -> int:
    assert holder.raw_id is not None
    return holder.raw_id


def _by_identity(records: Sequence[Incoming], sources: dict[str, Source]) -> Q | None:
    """Articles or appearances with these identities. The parts repeat the conditions of the partial unique indexes."""
    ids: dict[tuple[str, str], set[str]] = {}
    urls: dict[str, set[str]] = {}
    for key in (record.identity for record in records):
        if key.source not in sources or not key.is_known:
            continue
        if key.external_id:
            ids.setdefault((key.source, key.scope), set()).add(key.external_id)
        else:
            urls.setdefault(key.source, set()).add(key.url)
    parts = [
        Q(source=sources[slug], id_scope=scope, external_id__in=values) & ~Q(external_id="")
        for (slug, scope), values in sorted(ids.items())
    ]
    parts += [
        Q(source=sources[slug], canonical_url__in=values, external_id="") & ~Q(canonical_url="")
        for slug, values in sorted(urls.items())
    ]
    return reduce(or_, parts) if parts else None


@dataclass(slots=True)
class Plan:
    """The rows that a batch becomes. Articles carry their related objects, saved or not."""

    known: Known
    run: IngestRun | None
    dump_id: int | None
    sources: dict[str, Source]
    raws: list[RawRecord] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    revised: list[Article] = field(default_factory=list)
    versions: list[ArticleVersion] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)
    dropped: list[Appearance] = field(default_factory=list)
    texts: dict[int, tuple[Article, Incoming]] = field(default_factory=dict)
    """By the identity of the object (it may have no key yet): new or revised articles, and what they are now."""

    def add(self, record: Incoming) -> Counts:
        """Decide about one record; returns the one count it goes into."""
        holder = self.known.holder(record)
        if holder is None:
            twin = self.known.by_text.get(record.text_hash)
            return self._new(record, Counts(stored=1)) if twin is None else self._appear(record, twin)
        if self.known.is_superseded(record):
            return Counts(unchanged=1)
        if isinstance(holder, Appearance):
            return Counts(unchanged=1) if holder.text_hash == record.text_hash else self._part(record, holder)
        if holder.ingested_hash == record.ingested_hash:
            return Counts(unchanged=1)
        record = record.decided(self.known.line_decisions.get(holder.pk, ()))
        if (record.settled_hash or record.ingested_hash) == (holder.settled_hash or holder.ingested_hash):
            return Counts(unchanged=1)  # what the dump says otherwise was decided by hand, or by a source's rule
        return self._revise(record, holder)

    def _new(self, record: Incoming, counted: Counts) -> Counts:
        article = rows.article(record, self.sources[record.publisher.slug], self._raw(record), self.run)
        self.articles.append(article)
        self.texts[id(article)] = article, record
        self.known.remember(record, article)
        self.known.by_text.setdefault(record.text_hash, article)
        return counted

    def _appear(self, record: Incoming, twin: Article) -> Counts:
        """The same text under another identity."""
        source = self.sources[record.publisher.slug]
        appearance = rows.appearance(record, twin, source, self._raw(record), self.run)
        self.appearances.append(appearance)
        self.known.remember(record, appearance)
        return Counts(duplicates=1)

    def _part(self, record: Incoming, appearance: Appearance) -> Counts:
        """The text of an appearance has changed, so it is no longer its article's: it becomes one of its own."""
        if appearance in self.appearances:
            self.appearances.remove(appearance)
        else:
            self.dropped.append(appearance)
        return self._new(record, Counts(updated=1))

    def _revise(self, record: Incoming, article: Article) -> Counts:
        """A changed text under the same identity: the old one stays as a version."""
        self.versions.append(rows.version(article))
        rows.revise(article, record, self._raw(record), self.run)
        if (judged := self.known.date_decisions.get(article.pk)) is not None:
            rows.judge_date(article, judged)
        if article.pk is not None and article not in self.revised:
            self.revised.append(article)
        self.texts[id(article)] = article, record
        self.known.by_text.setdefault(record.text_hash, article)
        return Counts(updated=1)

    def _raw(self, record: Incoming) -> RawRecord | None:
        if self.dump_id is None:
            return None
        raw = self.known.raws.get(record.locator.number)
        if raw is None:
            raw = self.known.raws[record.locator.number] = rows.raw_record(record, self.dump_id)
            self.raws.append(raw)
        return raw
