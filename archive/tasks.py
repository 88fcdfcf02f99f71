"""What the background worker does. Tasks take ids, call one function of a room, and keep no state of their own.

The rooms are imported inside: the admin imports this module in every process, and need not load extractors for it.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from archive.models import Article, IngestRun, RecleanRun, Takedown
from archive.work_models import alive

_AGAIN = timedelta(minutes=1)


@task()
def ingest_run(run_id: int) -> None:
    """Work off a queued or interrupted run, then find texts nearly the same; the other thread indexes meanwhile."""
    from archive.ingest.families import update_families
    from archive.ingest.name_articles import name_decided
    from archive.ingest.pipeline import run_queued

    run_queued(IngestRun.objects.get(pk=run_id), begun=lambda: _invite(help_with_run, run_id))
    update_families()
    name_decided()


@task()
def undo_long_run(run_id: int, user_id: int | None) -> None:
    """Take back a run of many articles, in the name of whoever asked."""
    from archive.ingest.undoing import undo_run

    undo_run(run_id, get_user_model().objects.filter(pk__in=[user_id]).first())


@task()
def help_with_run(run_id: int) -> None:
    """Take shares of a run that another worker leads, as long as there are any."""
    from archive.ingest.pipeline import help_with

    help_with(IngestRun.objects.get(pk=run_id))


def _invite(helping: "Task[..., Any]", *args: Any) -> None:
    """Queue a helper's task for each other worker that is heard of."""
    for _ in range(alive().count() - 1):
        helping.enqueue(*args)


@task()
def apply_source_rule(run_id: int) -> None:
    """Apply a source's rule to stored articles, or take it back there; then the names of their new texts."""
    from archive.ingest.rule_runs import work_off_rule

    work_off_rule(RecleanRun.objects.select_related("rule__source", "source").get(pk=run_id))
    find_missing_names.enqueue()


@task()
def find_names_of(article_ids: list[int]) -> None:
    """Seek names in those of these articles that have lost them with their old text, and who is like them now."""
    from archive.ingest.families import update_families
    from archive.ingest.name_articles import name_articles

    update_families()
    name_articles(Article.objects.without_names().filter(pk__in=article_ids))


@task()
def find_missing_names() -> None:
    """Seek names in articles whose names were never sought, or whose text was corrected; other workers take part.

    What lost its names has another text, so families come first: they need no model.
    """
    from archive.ingest.families import update_families

    update_families()
    if Article.objects.without_names().exists():
        _invite(help_find_names)
    help_find_names.call()


@task()
def help_find_names() -> None:
    """Take batches of those articles, as long as there are any that nobody works on."""
    from archive.ingest.name_articles import name_articles

    name_articles(Article.objects.without_names())


@task()
def destroy_traces() -> None:
    """What taking down for good leaves in kept dumps, the index and freed pages of the database; until all is gone."""
    from archive.ingest.traces import destroy_in_files, pending
    from archive.locks import archive_lock
    from archive.search.indexing import rebuild

    with archive_lock("traces", timeout=600):
        takedowns = list(pending().select_related("article__source"))
        if not takedowns:
            return
        destroy_in_files(takedowns)
        rebuild()
        if _is_packed_anew():
            Takedown.objects.filter(pk__in=[each.pk for each in takedowns]).update(traces=None)
        else:
            destroy_traces.using(run_after=timezone.now() + _AGAIN).enqueue()


def _is_packed_anew() -> bool:
    """Write the database without its freed pages; False if somebody who reads it kept the old ones from going."""
    if connection.in_atomic_block or connection.vendor not in ("sqlite", "postgresql"):
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return not cursor.fetchone()[0]
    except OperationalError:
        return False
    return True
