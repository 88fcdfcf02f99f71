"""Takes a run back: exactly what it brought goes, and the texts that it replaced stand again.

Refused where something later rests on it, with what that is.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from archive.audit import record
from archive.choices import Act, ContentKind, RunStatus
from archive.errors import ArchiveError
from archive.ingest import rows, serialise
from archive.ingest.entities.link import recount
from archive.ingest.identity import ingested_hash
from archive.ingest.prepare import Incoming, prepare_one
from archive.ingest.records import Locator
from archive.models import (
    Appearance,
    Article,
    ArticleVersion,
    Cut,
    IngestRun,
    Mention,
    RawRecord,
    queue_for_index,
)

SHOWN = 20


class UndoRefused(ArchiveError):
    """The run cannot be taken back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a run does; `obstacles` are sentences, and with any of them it does nothing."""

    removed: tuple[int, ...]
    restored: tuple[int, ...]
    copies: int
    obstacles: tuple[str, ...]


def undoing(run: IngestRun) -> Undoing:
    """What taking this run back would do now."""
    touched = Article.objects.filter(run=run).order_by("pk")
    earlier = ArticleVersion.objects.filter(article__run=run)
    has_earlier = set(earlier.values_list("article_id", flat=True))
    ids = list(touched.values_list("pk", flat=True))
    removed = tuple(pk for pk in ids if pk not in has_earlier)
    obstacles = []
    if run.status in (RunStatus.QUEUED, RunStatus.RUNNING):
        obstacles.append("The run is not over: cancel it first.")
    if run.status == RunStatus.UNDONE:
        obstacles.append("The run was undone already.")
    replaced = ArticleVersion.objects.filter(run=run).order_by("article_id").values_list("article_id", flat=True)
    if later := list(replaced.distinct()[:SHOWN]):
        obstacles.append(f"Its texts were changed since, by later runs or by hand: articles {_some(later)}.")
    copies = Appearance.objects.filter(article__in=removed).exclude(run=run)
    if others := list(copies.order_by("article_id").values_list("article_id", flat=True).distinct()[:SHOWN]):
        obstacles.append(f"Later runs brought copies of its articles {_some(others)}: undo those first.")
    if down := list(touched.filter(takedowns__isnull=False).values_list("pk", flat=True).distinct()[:SHOWN]):
        obstacles.append(f"Articles {_some(down)} were taken down, which must stay on record.")
    own_copies = Appearance.objects.filter(run=run).count()
    return Undoing(removed, tuple(sorted(has_earlier)), own_copies, tuple(obstacles))


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids)) + ("…" if len(ids) == SHOWN else "")


def undo_run(run_id: int, by: AbstractBaseUser | AnonymousUser | None) -> Undoing:
    """Take the run back, in one transaction. Raises UndoRefused with all that stands against it."""
    with transaction.atomic():
        run = IngestRun.objects.select_for_update().get(pk=run_id)
        plan = undoing(run)
        if plan.obstacles:
            raise UndoRefused(" ".join(plan.obstacles))
        copies = Appearance.objects.filter(run=run)
        ids = {*plan.removed, *plan.restored}
        raws = set(Article.objects.filter(pk__in=ids).values_list("raw_id", flat=True))
        raws |= set(copies.values_list("raw_id", flat=True))
        named = set(Mention.objects.filter(article__in=ids).exclude(entity=None).values_list("entity_id", flat=True))
        copies.delete()
        for pk in plan.restored:
            _restore(Article.objects.select_for_update().get(pk=pk))
        Article.objects.filter(pk__in=plan.removed).delete()
        _drop_unused([pk for pk in raws if pk is not None])
        recount(pk for pk in named if pk is not None)
        queue_for_index(sorted(ids))
        # Runs that found everything unchanged because of this one are no proof any more that the dump is known.
        repeats = IngestRun.objects.filter(dump=run.dump, status=RunStatus.DONE, stored=0, updated=0, duplicates=0)
        repeats.filter(pk__gt=run.pk).update(status=RunStatus.UNDONE)
        IngestRun.objects.filter(pk=run.pk).update(status=RunStatus.UNDONE)
        counts = {"removed": len(plan.removed), "restored": len(plan.restored), "copies": plan.copies}
        record(Act.UNDO_RUN, f"run {run.pk} undone", by=by, about=run, **counts)
    return plan


def _restore(article: Article) -> None:
    """The text before stands again. What a version does not keep (captions, the account of lines) is read out of its
    raw record, if that still gives the same text."""
    before = article.versions.first()
    assert before is not None
    for name in ("title", "standfirst", "byline", "body", "published_at", "text_hash"):
        setattr(article, name, getattr(before, name))
    article.published_on = before.published_at.date() if before.published_at else None
    article.raw, article.run_id, article.version = before.raw, before.run_id, before.number
    article.word_count = sum(len(paragraph.split()) for paragraph in article.body)
    article.is_headline_only = not article.body
    article.ingested_hash = ingested_hash(article.title, article.standfirst, article.body)
    article.named_at, article.layout, article.captions = None, [], []
    Cut.objects.filter(article=article).delete()
    again = _read_again(before.raw)
    if again is not None and list(again.article.paragraphs) == article.body and again.article.title == article.title:
        rows.recounted(article, again)
        Cut.objects.bulk_create(rows.cuts(article, again.article))
    article.save()
    article.mentions.all().delete()
    article.quotations.all().delete()
    before.delete()


def _read_again(raw: RawRecord | None) -> Incoming | None:
    if raw is None:
        return None
    locator = Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)
    prepared = prepare_one(serialise.loads(bytes(raw.payload), locator, ContentKind(raw.kind)))
    return prepared if isinstance(prepared, Incoming) else None


def _drop_unused(ids: list[int]) -> None:
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
