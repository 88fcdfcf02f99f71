"""What the background worker does. Tasks take ids, call one function of a room, and keep no state of their own.

The rooms are imported inside: the admin imports this module in every process, and need not load extractors for it.
"""

from django_tasks import task

from archive.models import Article, IngestRun


@task()
def ingest_run(run_id: int) -> None:
    """Work off a queued or interrupted run, then find texts nearly the same; the other thread indexes meanwhile."""
    from archive.ingest.families import update_families
    from archive.ingest.pipeline import run_queued

    run_queued(IngestRun.objects.get(pk=run_id))
    update_families()


@task()
def find_missing_names() -> None:
    """Seek names in articles whose names were never sought, or whose text was corrected."""
    from archive.ingest.name_articles import name_articles

    name_articles(Article.objects.without_names())
