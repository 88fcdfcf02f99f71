"""The only module of ingest that writes what was read: one batch, one transaction, all or nothing.

A batch's raw records, articles, versions, appearances, cuts, names, rejections, its rows in the outbox and the counts
of the run are committed together: whenever a process dies, whole batches are there, counted, and nothing else.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from archive.ingest import habit_counts, rows, sameness, standing, tallies, withheld
from archive.ingest.prepare import Incoming, Prepared
from archive.ingest.records import BadRecord, CleanArticle, TextNames
from archive.ingest.redaction import redact
from archive.ingest.report import Counts
from archive.ingest.store_names import store_names
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Cut,
    IngestRun,
    RawRecord,
    Rejection,
    Source,
    queue_for_index,
)


def store_batch(run: IngestRun, batch: Sequence[Prepared]) -> Counts:
    """Store one batch of a run and count it there; returns the batch's counts.

    Raises DatabaseError if it cannot be written; the run's row is then as it was before, in memory too.
    """
    name = Path(run.path).name
    articles = [record.within(name) for record in batch if isinstance(record, Incoming)]
    bad = [record for record in batch if isinstance(record, BadRecord)]
    with transaction.atomic():
        articles, erased = withheld.obey(articles)
        sources = _sources(articles)
        known = sameness.load(articles, run.dump_id, sources)
        plan = sameness.Plan(known, run, run.dump_id, sources)
        counts = sum((plan.add(record) for record in articles), Counts(rejected=len(bad), unchanged=len(erased)))
        _write(plan)
        Rejection.objects.bulk_create([rows.rejection(run, record) for record in bad])
        totals = {name: getattr(run, name) + getattr(counts, name) for name in ("read", *IngestRun.COUNTS)}
        IngestRun.objects.filter(pk=run.pk).update(**totals, position=run.position, heartbeat_at=timezone.now())
        if erased and run.dump is not None:
            # Before these records are counted: whoever dies in between comes to them again.
            redact(run.dump, [record.locator for record in erased])
    for name, value in totals.items():
        setattr(run, name, value)
    return counts


def _sources(articles: Sequence[Incoming]) -> dict[str, Source]:
    """The rows of all publishers in the batch, those that are new made now."""
    publishers = {record.publisher.slug: record.publisher for record in articles}
    sources = {source.slug: source for source in Source.objects.filter(slug__in=publishers)}
    missing = [Source(slug=p.slug, name=p.name, domain=p.domain) for p in publishers.values() if p.slug not in sources]
    if missing:
        # Another run may make the same source at this moment: whoever is second takes the first one's.
        Source.objects.bulk_create(missing, ignore_conflicts=True)
        sources = {source.slug: source for source in Source.objects.filter(slug__in=publishers)}
    return sources


def _write(plan: sameness.Plan) -> None:
    """The plan's rows, each after those that it points to."""
    RawRecord.objects.bulk_create(plan.raws)
    if plan.dropped:
        Appearance.objects.filter(pk__in=[each.pk for each in plan.dropped]).delete()
    Article.objects.bulk_create(plan.articles)
    _revise(plan.revised)
    ArticleVersion.objects.bulk_create(plan.versions)
    Appearance.objects.bulk_create(plan.appearances)
    texts = list(plan.texts.values())
    revised = {article.pk for article in plan.revised}
    habit_counts.count([(article, record) for article, record in texts if article.pk not in revised])
    _account([(article, record.article) for article, record in texts], revised)
    _name(texts, revised)


def _name(texts: list[tuple[Article, Incoming]], revised: set[int]) -> None:
    """The names of these texts, and their rows in the outbox; where names were put off, those of an old text go."""
    store_names([(article, record.names) for article, record in texts if record.names is not None])
    put_off = [article for article, record in texts if record.names is None]
    _forget_names([article for article in put_off if article.pk in revised])
    queue_for_index(article.pk for article in put_off if article.pk not in revised)


def _rehash_appearances(articles: Sequence[Article], hashes: Mapping[int, str]) -> None:
    """Where the same text appeared elsewhere it was cleaned alike, so it is the same text still."""
    now = {article.pk: article.text_hash for article in articles if article.text_hash != hashes[article.pk]}
    alike = [each for each in Appearance.objects.filter(article__in=now) if each.text_hash == hashes[each.article_id]]
    for each in alike:
        each.text_hash = now[each.article_id]
    Appearance.objects.bulk_update(alike, ["text_hash"])


def _forget_names(outdated: Sequence[Article]) -> None:
    """Take the names of an old text away, until they are sought anew."""
    store_names([(article, TextNames()) for article in outdated])
    Article.objects.filter(pk__in=[article.pk for article in outdated]).update(named_at=None)


def _account(texts: Sequence[tuple[Article, CleanArticle]], known: set[int]) -> None:
    """Write and count the cuts of these texts, in place of those that the known articles among them had."""
    if known:
        old = Cut.objects.filter(article__in=known)
        tallies.count(old, sign=-1)
        old.delete()
    new = [cut for article, text in texts for cut in rows.cuts(article, text)]
    Cut.objects.bulk_create(new)
    tallies.count_new(new)


def _revise(articles: list[Article]) -> None:
    """Put new texts over the old."""
    if not articles:
        return
    now = timezone.now()
    for article in articles:
        article.updated_at = now
    Article.objects.bulk_update(articles, rows.REVISED)


def store_recleaned(revised: Sequence[tuple[Article, Incoming]], recounted: Sequence[tuple[Article, Incoming]]) -> None:
    """Store what a newer chain made of stored records: new texts as new versions, and new accounts of the same texts.

    Address, section, tags and visibility stay; a byline is taken where the article has none, a date where it is surer
    than the article's and nobody judged that.
    """
    everything = [*revised, *recounted]
    if not everything:
        return
    with transaction.atomic():
        versions = [rows.version(article) for article, _ in revised]
        judged = standing.dates([article.pk for article, _ in everything])
        hashes = {article.pk: article.text_hash for article, _ in everything}
        for article, record in revised:
            rows.recleaned(article, record)
        days = {article.pk: article.published_at for article, _ in recounted}
        for article, record in recounted:
            rows.recounted(article, record)
        for article, _ in everything:
            if article.pk in judged:
                rows.judge_date(article, judged[article.pk])
        _rehash_appearances([article for article, _ in everything], hashes)
        _revise([article for article, _ in everything])
        ArticleVersion.objects.bulk_create(versions)
        _account([(article, record.article) for article, record in everything], {each.pk for each, _ in everything})
        _name(list(revised), {article.pk for article, _ in revised})
        queue_for_index(article.pk for article, _ in recounted if article.published_at != days[article.pk])


def store_settled(
    settled: Sequence[tuple[Article, CleanArticle]], text_hashes: Mapping[int, str] = MappingProxyType({})
) -> None:
    """Store articles some of whose lines were decided anew. A changed text makes a version and loses its names.

    `text_hashes` says by which hash the texts of some articles, by their keys, are known from now on.
    """
    if not settled:
        return
    with transaction.atomic():
        hashes = {article.pk: article.text_hash for article, _ in settled}
        versions, changed = [], []
        for article, text in settled:
            before = rows.version(article)
            if rows.settled(article, text):
                versions.append(before)
                changed.append(article)
            article.text_hash = text_hashes.get(article.pk, article.text_hash)
        _rehash_appearances([article for article, _ in settled], hashes)
        _revise([article for article, _ in settled])
        ArticleVersion.objects.bulk_create(versions)
        _account(settled, {article.pk for article, _ in settled})
        _forget_names(changed)
        queue_for_index(article.pk for article, _ in settled if article not in changed)
