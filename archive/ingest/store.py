"""The only module of ingest that writes what was read: one batch, one transaction, all or nothing.

A batch's raw records, articles, versions, appearances, cuts, names, rejections, its rows in the outbox and the counts
of the run are committed together: whenever a process dies, whole batches are there, counted, and nothing else.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from archive.ingest import rows, sameness
from archive.ingest.prepare import Incoming, Prepared
from archive.ingest.records import BadRecord, TextNames
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
    articles = [record for record in batch if isinstance(record, Incoming)]
    bad = [record for record in batch if isinstance(record, BadRecord)]
    with transaction.atomic():
        sources = _sources(articles)
        known = sameness.load(articles, run.dump_id, sources)
        plan = sameness.Plan(known, run, run.dump_id, sources)
        counts = sum((plan.add(record) for record in articles), Counts(rejected=len(bad)))
        _write(plan)
        Rejection.objects.bulk_create([rows.rejection(run, record) for record in bad])
        totals = {name: getattr(run, name) + getattr(counts, name) for name in ("read", *IngestRun.COUNTS)}
        IngestRun.objects.filter(pk=run.pk).update(**totals, heartbeat_at=timezone.now())
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
    Cut.objects.bulk_create([cut for article, record in texts for cut in rows.cuts(article, record)])
    _name(texts, {article.pk for article in plan.revised})


def _name(texts: list[tuple[Article, Incoming]], revised: set[int]) -> None:
    """The names of these texts, and their rows in the outbox; where names were put off, those of an old text go."""
    store_names([(article, record.names) for article, record in texts if record.names is not None])
    put_off = [article for article, record in texts if record.names is None]
    outdated = [article for article in put_off if article.pk in revised]
    store_names([(article, TextNames()) for article in outdated])
    Article.objects.filter(pk__in=[article.pk for article in outdated]).update(named_at=None)
    queue_for_index(article.pk for article in put_off if article.pk not in revised)


def _revise(articles: list[Article]) -> None:
    """Put new texts over the old: their cuts and names go with the text they belonged to."""
    if not articles:
        return
    ids = [article.pk for article in articles]
    Cut.objects.filter(article__in=ids).delete()
    now = timezone.now()
    for article in articles:
        article.updated_at = now
    Article.objects.bulk_update(articles, rows.REVISED)


def store_recleaned(revised: Sequence[tuple[Article, Incoming]], recounted: Sequence[tuple[Article, Incoming]]) -> None:
    """Store what a newer chain made of stored records: new texts as new versions, and new accounts of the same texts.

    Address, section, tags and visibility stay; byline and date are taken where the article has none.
    """
    everything = [*revised, *recounted]
    if not everything:
        return
    with transaction.atomic():
        versions = [rows.version(article) for article, _ in revised]
        for article, record in revised:
            rows.recleaned(article, record)
        for article, record in recounted:
            rows.recounted(article, record)
        _revise([article for article, _ in everything])
        ArticleVersion.objects.bulk_create(versions)
        Cut.objects.bulk_create([cut for article, record in everything for cut in rows.cuts(article, record)])
        _name(list(revised), {article.pk for article, _ in revised})
