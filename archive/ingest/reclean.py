"""A newer chain of rules over raw records that are stored already: what would change, and the change itself.

Texts that were corrected by hand stay as they are. A changed text makes a new version; the old one stays citable.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import QuerySet

from archive.choices import ContentKind, LinePlace
from archive.ingest import serialise, store
from archive.ingest.identity import ingested_hash
from archive.ingest.prepare import Incoming, prepare_one
from archive.ingest.records import Locator
from archive.models import Article

WORST = 20
_BATCH = 200


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
    """The text is the same, only the account of its lines is another."""
    unchanged: int = 0
    corrected_by_hand: int = 0
    without_raw_record: int = 0
    no_article_any_more: list[int] = field(default_factory=list)
    """Ids of articles of which the newer chain leaves nothing: left as they are, to be looked at."""
    lines_newly_cut: int = 0
    lines_newly_kept: int = 0
    worst: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.changed += 1
        self.lines_newly_cut += len(difference.newly_cut)
        self.lines_newly_kept += len(difference.newly_kept)
        self.worst = sorted((*self.worst, difference), key=lambda each: -each.words)[:WORST]


def reclean(articles: "QuerySet[Article]", *, dry_run: bool = False) -> RecleanReport:
    """Clean the raw records of these articles anew and, unless it is a rehearsal, store what is different.

    Each batch is one transaction; a run that is killed can be given again.
    """
    report = RecleanReport()
    found = articles.select_related("raw").prefetch_related("cuts").order_by("pk").iterator(chunk_size=_BATCH)
    for batch in _batches(found, _BATCH):
        revised: list[tuple[Article, Incoming]] = []
        recounted: list[tuple[Article, Incoming]] = []
        for article in batch:
            record = _cleaned_anew(article, report)
            if record is None:
                continue
            if record.ingested_hash != article.ingested_hash:
                report.add(_difference(article, record))
                revised.append((article, record))
            elif _account(article) != _account_of(record):
                report.account_changed += 1
                recounted.append((article, record))
            else:
                report.unchanged += 1
        if not dry_run:
            store.store_recleaned(revised, recounted)
    return report


def _cleaned_anew(article: Article, report: RecleanReport) -> Incoming | None:
    """The article's raw record cleaned anew; None where it must be left alone, which is counted."""
    report.read += 1
    if article.raw is None:
        report.without_raw_record += 1
        return None
    if ingested_hash(article.title, article.standfirst, article.body) != article.ingested_hash:
        report.corrected_by_hand += 1
        return None
    raw = article.raw
    locator = Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)
    record = prepare_one(serialise.loads(bytes(raw.payload), locator, ContentKind(raw.kind)))
    if not isinstance(record, Incoming):
        report.no_article_any_more.append(article.pk)
        return None
    return record


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


def _batches(articles: Iterator[Article], size: int) -> Iterable[Sequence[Article]]:
    while batch := list(islice(articles, size)):
        yield batch
