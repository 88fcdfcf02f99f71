"""Takes a run back: exactly what it brought goes, and the texts that it replaced stand again.

Refused where something later rests on it, with what that is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from archive.audit import record
from archive.choices import Act, RunStatus
from archive.errors import ArchiveError
from archive.ingest import habit_counts, rows, standing, tallies
from archive.ingest.account import cleaned_anew
from archive.ingest.entities.link import recount
from archive.ingest.prepare import Incoming
from archive.ingest.rulings import NO_BOOK, RuleBook
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Assignment,
    CollectionItem,
    Cut,
    DateDecision,
    IngestRun,
    LineDecision,
    Mention,
    Quotation,
    RawRecord,
    queue_for_index,
)

SHOWN = 20
MOST_AT_ONCE = 2_000
"""More than this is not done while a browser waits."""
_CHUNK = 200


class UndoRefused(ArchiveError):
    """The run cannot be taken back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a run does: how many articles go or stand again as before, copies that go, and readers' notes about
    articles that go. `obstacles` are sentences, and with any of them it does nothing."""

    removed: int
    restored: int
    copies: int
    collected: int
    obstacles: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether it is for the worker rather than for a request."""
        return self.removed + self.restored + self.copies > MOST_AT_ONCE


def undoing(run: IngestRun) -> Undoing:
    """What taking this run back would do now."""
    obstacles = []
    if run.status in (RunStatus.QUEUED, RunStatus.RUNNING):
        obstacles.append("The run is not over: cancel it first.")
    if run.status == RunStatus.UNDONE:
        obstacles.append("The run was undone already.")
    touched, removed = Article.objects.filter(run=run), _removed(run)
    if later := _some(ArticleVersion.objects.filter(run=run), "article_id"):
        obstacles.append(f"Its texts were changed since, by later runs or by hand: articles {later}.")
    if others := _some(_others_copies(run), "article_id"):
        obstacles.append(f"Later runs brought copies of its articles {others}: undo those first.")
    if down := _some(touched.filter(takedowns__isnull=False), "pk"):
        obstacles.append(f"Articles {down} were taken down, which must stay on record.")
    since = {"article__run": run, "made_at__gte": run.started_at or run.created_at, "undone_at": None}
    for model, what in ((DateDecision, "dates"), (LineDecision, "lines")):
        if judged := _some(model.objects.filter(**since), "article_id"):
            obstacles.append(f"Staff decided about {what} of articles {judged} since: undo that first.")
    assigned = Assignment.objects.filter(article__run=run, decision__made_at__gte=since["made_at__gte"])
    if named := _some(assigned, "article_id"):
        obstacles.append(f"Staff decided about names in articles {named} since: undo that first.")
    return Undoing(
        removed.count(),
        _restored(run).count(),
        Appearance.objects.filter(run=run).count(),
        CollectionItem.objects.filter(article__in=removed).count(),
        tuple(obstacles),
    )


def _earlier() -> Exists:
    return Exists(ArticleVersion.objects.filter(article=OuterRef("pk")))


def _removed(run: IngestRun) -> QuerySet[Article]:
    """What the run brought."""
    return Article.objects.filter(~_earlier(), run=run).order_by("pk")


def _restored(run: IngestRun) -> QuerySet[Article]:
    """What the run changed."""
    return Article.objects.filter(_earlier(), run=run).order_by("pk")


def _others_copies(run: IngestRun) -> QuerySet[Appearance]:
    return Appearance.objects.filter(article__in=_removed(run)).exclude(run=run)


def _some(rows: QuerySet[Any], key: str) -> str:
    ids = list(rows.order_by(key).values_list(key, flat=True).distinct()[:SHOWN])
    return ", ".join(map(str, ids)) + ("…" if len(ids) == SHOWN else "")


def undo_run(run_id: int, by: AbstractBaseUser | AnonymousUser | None) -> Undoing:
    """Take the run back, some articles a transaction. Raises UndoRefused with all that stands against it.

    Whoever dies in the middle leaves a run of which less is there; undone again, the rest goes as well.
    """
    run = IngestRun.objects.get(pk=run_id)
    plan = undoing(run)
    if plan.obstacles:
        raise UndoRefused(" ".join(plan.obstacles))
    book = standing.rule_book()
    while _in_one_transaction(run, lambda: _drop_copies(run)):
        pass
    while _in_one_transaction(run, lambda: _restore_some(run, book)):
        pass
    while _in_one_transaction(run, lambda: _remove_some(run, book)):
        pass
    with transaction.atomic():
        # Runs that found everything unchanged because of this one are no proof any more that the dump is known.
        repeats = IngestRun.objects.filter(dump=run.dump, status=RunStatus.DONE, stored=0, updated=0, duplicates=0)
        repeats.filter(pk__gt=run.pk).update(status=RunStatus.UNDONE)
        IngestRun.objects.filter(pk=run.pk).update(status=RunStatus.UNDONE)
        counts = {"removed": plan.removed, "restored": plan.restored, "copies": plan.copies}
        record(Act.UNDO_RUN, f"run {run.pk} undone", by=by, about=run, **counts)
    return plan


def _in_one_transaction(run: IngestRun, some: Callable[[], bool]) -> bool:
    with transaction.atomic():
        IngestRun.objects.select_for_update().get(pk=run.pk)
        return some()


def _drop_copies(run: IngestRun) -> bool:
    copies = dict(Appearance.objects.filter(run=run).order_by("pk").values_list("pk", "raw_id")[:_CHUNK])
    Appearance.objects.filter(pk__in=copies).delete()
    _drop_unused(copies.values())
    return bool(copies)


def _restore_some(run: IngestRun, book: RuleBook) -> bool:
    articles = list(_restored(run).select_related("source", "raw")[:_CHUNK])
    ids = [article.pk for article in articles]
    raws = [article.raw_id for article in articles]
    _unname(ids)
    tallies.count(Cut.objects.filter(article__in=ids), sign=-1)
    Cut.objects.filter(article__in=ids).delete()
    decisions = standing.lines(ids)
    for article in articles:
        _restore(article, decisions.get(article.pk, ()), book)
    _drop_unused(raws)
    queue_for_index(ids)
    return bool(ids)


def _remove_some(run: IngestRun, book: RuleBook) -> bool:
    if others := _some(_others_copies(run), "article_id"):
        raise UndoRefused(f"Meanwhile another run brought copies of articles {others}: undo it first, then go on.")
    articles = list(_removed(run).select_related("source", "raw")[:_CHUNK])
    ids = [article.pk for article in articles]
    raws = [article.raw_id for article in articles]
    read = ((article, cleaned_anew(article, book)) for article in articles)
    habit_counts.take_back([(article, anew) for article, anew in read if isinstance(anew, Incoming)])
    tallies.count(Cut.objects.filter(article__in=ids), sign=-1)
    _unname(ids)
    Article.objects.filter(pk__in=ids).delete()
    _drop_unused(raws)
    queue_for_index(ids)
    return bool(ids)


def _unname(ids: list[int]) -> None:
    """These articles name nobody; who they named is counted anew."""
    mentions = Mention.objects.filter(article__in=ids)
    named = set(mentions.exclude(entity=None).order_by().values_list("entity_id", flat=True))
    mentions.delete()
    Quotation.objects.filter(article__in=ids).delete()
    recount(pk for pk in named if pk is not None)


def _restore(article: Article, decisions: Sequence[LineDecision], book: RuleBook) -> None:
    """The text before stands again. What was cut from it is read out of its raw record, if that still gives the same
    text; with the same account of its lines, rather."""
    before = article.versions.select_related("raw").first()
    assert before is not None
    rows.put_back(article, before)
    read = [each.decided(decisions) for rules in (NO_BOOK, book) if (each := _read_again(article, rules)) is not None]
    same = [one for one in read if (one.article.title, list(one.article.paragraphs)) == (article.title, article.body)]
    if same:
        layout = article.layout
        again = next((one for one in same if rows.layout(one.article) == layout), same[0])
        if not before.beside:
            rows.remade(article, again)
        cuts = rows.cuts(article, again.article)
        Cut.objects.bulk_create(cuts)
        tallies.count_new(cuts)
    article.save()
    before.delete()


def _read_again(article: Article, rules: RuleBook) -> Incoming | None:
    prepared = cleaned_anew(article, rules)
    return prepared if isinstance(prepared, Incoming) else None


def _drop_unused(raws: Iterable[int | None]) -> None:
    ids = [pk for pk in raws if pk is not None]
    used = set(Article.objects.filter(raw__in=ids).values_list("raw_id", flat=True))
    used |= set(ArticleVersion.objects.filter(raw__in=ids).values_list("raw_id", flat=True))
    used |= set(Appearance.objects.filter(raw__in=ids).values_list("raw_id", flat=True))
    RawRecord.objects.filter(pk__in=[pk for pk in ids if pk not in used]).delete()


def cancel(run_id: int, by: AbstractBaseUser | AnonymousUser | None) -> IngestRun:
    """A queued run does not begin; a running one ends after the batch it is in. Raises UndoRefused for others."""
    with transaction.atomic():
        run = IngestRun.objects.select_for_update().get(pk=run_id)
        if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            raise UndoRefused("The run is over already.")
        if run.status == RunStatus.QUEUED:
            run.status, run.reason = RunStatus.CANCELLED, "Cancelled before it began."
        run.cancel_asked = True
        run.save(update_fields=["status", "reason", "cancel_asked"])
        record(Act.CANCEL, f"run {run.pk} cancelled", by=by, about=run)
    return run


def is_cancelled(run_id: int) -> bool:
    return IngestRun.objects.filter(pk=run_id, cancel_asked=True).exists()
