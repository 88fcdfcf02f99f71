"""A dry run: the decisions of a real one, over the database and over what the rehearsal itself would have stored."""

from collections.abc import Iterable, Sequence

from archive.ingest import sameness
from archive.ingest.prepare import Incoming, Prepared
from archive.ingest.records import BadRecord
from archive.ingest.report import SHOWN_REJECTIONS, Counts, RejectedRecord
from archive.models import Article, Dump, Source


def rehearse(
    batches: Iterable[Sequence[Prepared]], sha256: str, name: str
) -> tuple[Counts, tuple[RejectedRecord, ...]]:
    """The counts of a run that stores nothing, and its first rejections."""
    dump = Dump.objects.filter(sha256=sha256).first()
    sources: dict[str, Source] = {}
    decided = sameness.Known()
    counts, rejections = Counts(), list[RejectedRecord]()
    for batch in batches:
        articles = [record.within(name) for record in batch if isinstance(record, Incoming)]
        bad = [record for record in batch if isinstance(record, BadRecord)]
        _know(sources, articles)
        known = sameness.load(articles, dump.pk if dump else None, {s: row for s, row in sources.items() if row.pk})
        known.by_identity.update(decided.by_identity)
        known.by_text.update(decided.by_text)
        plan = sameness.Plan(known, None, None, sources)
        counts = sum((plan.add(record) for record in articles), counts + Counts(rejected=len(bad)))
        rejections += [_rejected(record) for record in bad[: SHOWN_REJECTIONS - len(rejections)]]
        _take_up(decided, plan, articles)
    return counts, tuple(rejections)


def _know(sources: dict[str, Source], articles: Sequence[Incoming]) -> None:
    """Rows of the publishers that are new to the rehearsal, saved or not."""
    publishers = {each.publisher.slug: each.publisher for each in articles if each.publisher.slug not in sources}
    if publishers:
        saved = {source.slug: source for source in Source.objects.filter(slug__in=publishers)}
        sources.update({slug: saved.get(slug) or Source(slug=slug, name=p.name) for slug, p in publishers.items()})


def _take_up(decided: sameness.Known, plan: sameness.Plan, articles: Sequence[Incoming]) -> None:
    """Remember a batch's decisions without its texts: memory must not grow with them."""
    for article, _ in plan.texts.values():
        article.body, article.captions, article.layout, article.tags = [], [], [], []
        decided.by_text[article.text_hash] = article
    for record in articles:
        if record.identity.is_known:
            holder = plan.known.by_identity[record.identity]
            if isinstance(holder, Article):
                holder.body = []
            decided.by_identity[record.identity] = holder


def _rejected(record: BadRecord) -> RejectedRecord:
    return RejectedRecord(record.locator.number, str(record.locator), record.code, record.reason)
