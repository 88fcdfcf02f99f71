"""A newer chain of rules over raw records that are stored already: what would change, and the change itself.

Decisions about lines and dates are kept, texts that were rewritten by hand stay as they are. A changed text makes a
new version; the old one stays citable.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.choices import LinePlace, RunStatus
from archive.ingest import rows, standing, store
from archive.ingest.account import is_rewritten, record_of_its_source
from archive.ingest.entities.decisions import By
from archive.ingest.identity import ingested_hash
from archive.ingest.options import code_version
from archive.ingest.prepare import Incoming, Preparation, Prepared
from archive.ingest.records import RawRecord
from archive.ingest.withheld import anonymisers, as_decided
from archive.ingest.workers import Workers
from archive.models import Article, LineDecision, RecleanDifference, RecleanRun, Source
from archive.querysets import ArticleQuerySet

WORST = 20
_BATCH = 50
_LINES_KEPT = 40
"""Lines of one article that a report keeps on either side."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer chain makes of one article: lines newly cut and lines newly kept."""

    article: int
    title: str
    newly_cut: tuple[str, ...]
    newly_kept: tuple[str, ...]

    @property
    def words(self) -> int:
        """How much text changes sides."""
        return sum(len(line.split()) for line in (*self.newly_cut, *self.newly_kept))


@dataclass(slots=True)
class RecleanReport:
    """Counts of one run: every article read is in exactly one of the others."""

    read: int = 0
    changed: int = 0
    account_changed: int = 0
    """The text is the same, only the account of its lines is another, or its date is read with more confidence."""
    unchanged: int = 0
    corrected_by_hand: int = 0
    without_raw_record: int = 0
    no_article_any_more: list[int] = field(default_factory=list)
    """Ids of articles of which the newer chain leaves nothing: left as they are, to be looked at."""
    lines_newly_cut: int = 0
    lines_newly_kept: int = 0
    worst: list[Difference] = field(default_factory=list)
    run: int | None = None
    """The row that remembers this run."""

    def add(self, difference: Difference) -> None:
        self.changed += 1
        self.lines_newly_cut += len(difference.newly_cut)
        self.lines_newly_kept += len(difference.newly_kept)
        self.worst = sorted((*self.worst, difference), key=lambda each: -each.words)[:WORST]

    def counts(self) -> dict[str, Any]:
        """Everything but the articles to look at, as JSON."""
        return {name: value for name, value in asdict(self).items() if name not in ("worst", "run")}


def begin(source: Source | None, *, dry_run: bool, by: By) -> RecleanRun:
    """A run over a source, or over everything; an interrupted one of the same kind and rules goes on where it was."""
    last = RecleanRun.objects.filter(rule=None, source=source, is_rehearsal=dry_run).first()
    if last is None or last.status == RunStatus.DONE or last.code != code_version():
        articles = Article.objects.filter(source=source) if source else Article.objects.all()
        last = RecleanRun(source=source, is_rehearsal=dry_run, code=code_version(), total=articles.count())
        last.started_by_id = by.user.pk if by.user else None
    last.status, last.reason, last.finished_at = RunStatus.RUNNING, "", None
    last.save()
    return last


def work_off(
    run: RecleanRun,
    *,
    workers: int = 1,
    tell: Callable[[RecleanRun], None] = lambda run: None,
    stop: Callable[[], bool] = lambda: False,
) -> RecleanReport:
    """Do what is left of a run. Each batch is one transaction, and the run remembers how far it is."""
    report = _report_of(run)
    articles = Article.objects.filter(pk__gt=run.last_article)
    if run.source:
        articles = articles.filter(source=run.source)
    for batch in _recleaned(articles, report, dry_run=run.is_rehearsal, workers=workers):
        with transaction.atomic():
            overtaken = set() if run.is_rehearsal else _store(batch)
            _remember(run, report, batch)
        if overtaken:
            reclean(Article.objects.filter(pk__in=overtaken))
        tell(run)
        if stop():
            _end(run, RunStatus.CANCELLED, "Stopped; the same command goes on from there.")
            return report
    _end(run, RunStatus.DONE)
    return report


def reclean(articles: ArticleQuerySet, *, dry_run: bool = False) -> RecleanReport:
    """The same for any articles, without a row that remembers it."""
    report = RecleanReport()
    for batch in _recleaned(articles, report, dry_run=dry_run, workers=1):
        if not dry_run:
            store.store_recleaned(batch.revised, batch.recounted)
    return report


@dataclass(slots=True)
class _Batch:
    articles: list[Article]
    revised: list[tuple[Article, Incoming]] = field(default_factory=list)
    recounted: list[tuple[Article, Incoming]] = field(default_factory=list)


def _store(batch: _Batch) -> set[int]:
    """Store a batch but for those articles that somebody has changed since it was read: their ids."""
    read = {article.pk: article.updated_at for article, _ in (*batch.revised, *batch.recounted)}
    locked = Article.objects.select_for_update().filter(pk__in=read).values_list("pk", "updated_at")
    overtaken = set(read) - {pk for pk, updated_at in locked if updated_at == read[pk]}
    still = [[each for each in pairs if each[0].pk not in overtaken] for pairs in (batch.revised, batch.recounted)]
    store.store_recleaned(*still)
    return overtaken


def _recleaned(articles: ArticleQuerySet, report: RecleanReport, *, dry_run: bool, workers: int) -> Iterator[_Batch]:
    """The articles batch by batch with what became of each; counted in the report, not yet stored."""
    waiting: deque[tuple[_Batch, list[Article]]] = deque()

    def read() -> Iterator[list[RawRecord]]:
        for batch in _batches(articles):
            asked = [article for article in batch if _is_asked(article, report)]
            waiting.append((_Batch(batch), asked))
            yield [record_of_its_source(article, article.raw) for article in asked if article.raw is not None]

    with Workers(workers, Preparation(entities=False, rules=standing.rule_book())) as pool:
        for prepared in pool.prepare(read()):
            batch, asked = waiting.popleft()
            decisions = standing.lines([article.pk for article in asked])
            judged = standing.dates([article.pk for article in asked])
            taken_out = anonymisers(article.pk for article in asked)
            for article, anew in zip(asked, prepared, strict=True):
                record = as_decided(anew, taken_out.get(article.pk, ())) if isinstance(anew, Incoming) else anew
                _compare(article, record, decisions.get(article.pk, ()), batch, report, dated=article.pk in judged)
            yield batch


def _is_asked(article: Article, report: RecleanReport) -> bool:
    """Whether an article is to be cleaned anew; if it must be left alone, that is counted."""
    report.read += 1
    if article.raw is None:
        report.without_raw_record += 1
        return False
    if is_rewritten(article):
        report.corrected_by_hand += 1
        return False
    return True


def _compare(
    article: Article,
    anew: Prepared,
    decisions: Sequence[LineDecision],
    batch: _Batch,
    report: RecleanReport,
    *,
    dated: bool,
) -> None:
    """`dated` says that somebody judged the article's date."""
    if not isinstance(anew, Incoming):
        report.no_article_any_more.append(article.pk)
        return
    record = anew.decided(decisions)
    if article.body and not record.article.paragraphs:
        report.no_article_any_more.append(article.pk)
        return
    text = ingested_hash(article.title, article.standfirst, article.body)
    if (record.settled_hash or record.ingested_hash) != text:
        report.add(_difference(article, record))
        batch.revised.append((article, record))
    elif (
        record.ingested_hash != article.ingested_hash
        or _account(article) != _account_of(record)
        or (not dated and rows.takes_date(article, record))
    ):
        report.account_changed += 1
        batch.recounted.append((article, record))
    else:
        report.unchanged += 1


def _difference(article: Article, record: Incoming) -> Difference:
    before, after = set(article.body), set(record.article.paragraphs)
    return Difference(
        article.pk,
        article.title,
        tuple(line for line in article.body if line not in after),
        tuple(line for line in record.article.paragraphs if line not in before),
    )


def _account(article: Article) -> list[tuple[int, str, str]]:
    """Line, place and rule of everything that stands in the article's ledger."""
    cut = [(each.line, LinePlace.REMOVED.value, each.rule) for each in article.cuts.all()]
    return sorted([*(tuple(each) for each in article.layout), *cut])


def _account_of(record: Incoming) -> list[tuple[int, str, str]]:
    return sorted((line.number, line.place.value, line.rule) for line in record.article.lines)


def _batches(articles: ArticleQuerySet) -> Iterable[list[Article]]:
    """By their ids and not with one long query: what is read is what stands when its turn comes."""
    last = 0
    found = articles.select_related("raw", "source").prefetch_related("cuts").order_by("pk")
    while batch := list(islice(found.filter(pk__gt=last), _BATCH)):
        yield batch
        last = batch[-1].pk


def _report_of(run: RecleanRun) -> RecleanReport:
    """What a run has counted so far, to go on with."""
    worst = [
        Difference(each.article_id, each.article.title, tuple(each.newly_cut), tuple(each.newly_kept))
        for each in run.worst.select_related("article")
    ]
    return RecleanReport(**run.counts, worst=worst, run=run.pk)


def _remember(run: RecleanRun, report: RecleanReport, batch: _Batch) -> None:
    run.counts, run.last_article, run.heartbeat_at = report.counts(), batch.articles[-1].pk, timezone.now()
    run.save(update_fields=["counts", "last_article", "heartbeat_at"])
    if batch.revised:
        run.worst.all().delete()
        RecleanDifference.objects.bulk_create(
            [
                RecleanDifference(
                    run=run,
                    article_id=each.article,
                    words=each.words,
                    newly_cut=list(each.newly_cut[:_LINES_KEPT]),
                    newly_kept=list(each.newly_kept[:_LINES_KEPT]),
                )
                for each in report.worst
            ]
        )


def _end(run: RecleanRun, status: RunStatus, reason: str = "") -> None:
    run.status, run.reason, run.finished_at = status, reason, timezone.now()
    run.save(update_fields=["status", "reason", "finished_at"])
