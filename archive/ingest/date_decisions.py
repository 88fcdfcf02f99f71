"""Staff say when an article was published, or that it is to stay undated; every later dump and reclean obeys."""

from django.db import transaction
from django.utils import timezone

from archive.audit import record
from archive.choices import Act, DatePrecision, DateVerb
from archive.errors import ArchiveError
from archive.ingest import rows, standing
from archive.ingest.account import cleaned_anew
from archive.ingest.cleaning.dates import parse_date
from archive.ingest.entities.decisions import By
from archive.ingest.prepare import Incoming
from archive.ingest.records import PublishedDate
from archive.models import Article, DateDecision, queue_for_index

BY_HAND = "set by an editor"
LEFT = "left undated by an editor"


class NoDate(ArchiveError):
    """What was typed is no date that an article can have; the message says what to type."""


def read_date(typed: str) -> PublishedDate:
    """A date as an editor types it: "2024-03-05", "5 March 2024", "2024-03", "March 2024", "1987". Raises NoDate."""
    found = parse_date(typed.strip()[:100])
    if found is None or found.value is None:
        raise NoDate(
            f"“{typed.strip()[:100]}” is no day, month or year of publication. Type one like 2024-03-05 or 1987."
        )
    if "order unknown" in found.rule:
        raise NoDate(f"“{typed.strip()[:100]}” may be two days. Type it like 2024-03-05.")
    return PublishedDate("", found.value, found.precision, BY_HAND, 1.0, found.has_zone)


def set_date(article_id: int, found: PublishedDate, by: By) -> DateDecision:
    """The article is of this date, from now on; a decision that stood is undone by it."""
    assert found.value is not None
    zone = found.value.strftime("%z")
    return _decide(
        DateDecision(
            article_id=article_id,
            verb=DateVerb.SET,
            value=found.value,
            day=found.value.date(),
            precision=DatePrecision(found.precision),
            raw=found.raw[:300],
            rule=found.rule[:100] if found.rule == BY_HAND else f"accepted by an editor: {found.rule}"[:100],
            confidence=found.confidence,
            zone=f"{zone[:3]}:{zone[3:5]}" if found.has_zone and zone else "",
        ),
        by,
    )


def leave_undated(article_id: int, by: By) -> DateDecision:
    """Nobody knows: the article leaves the queue, and no rule dates it."""
    return _decide(DateDecision(article_id=article_id, verb=DateVerb.LEAVE, rule=LEFT), by)


def undo_date(decision: DateDecision, by: By) -> None:
    """The article's date is again what the rules of today read in its record."""
    with transaction.atomic():
        article = _locked(decision.article_id)
        decision.refresh_from_db()
        if decision.undone_at is not None:
            return
        anew = cleaned_anew(article, standing.rule_book())
        if not isinstance(anew, Incoming):
            raise NoDate("Today's rules find no article in its record, so there is no date to go back to. Set one.")
        _mark_undone(decision, by)
        rows.date_anew(article, anew.article.published)
        _save(article)
        record(Act.EDIT, f"date of article {article.pk}: undone", by=by.user, about=article, decision=decision.pk)


def _decide(decision: DateDecision, by: By) -> DateDecision:
    with transaction.atomic():
        article = _locked(decision.article_id)
        for before in article.date_decisions.filter(undone_at=None):
            _mark_undone(before, by)
        decision.made_by_id = by.user.pk if by.user else None
        decision.reason = by.reason[:1000]
        decision.save()
        rows.judge_date(article, decision)
        _save(article)
        said = decision.day.isoformat() if decision.day else decision.get_verb_display().lower()
        record(Act.EDIT, f"date of article {article.pk}: {said}", by=by.user, about=article, decision=decision.pk)
    return decision


def _locked(article_id: int) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("source", "raw").get(pk=article_id)


def _mark_undone(decision: DateDecision, by: By) -> None:
    decision.undone_at, decision.undone_by_id = timezone.now(), by.user.pk if by.user else None
    decision.save(update_fields=["undone_at", "undone_by"])


def _save(article: Article) -> None:
    article.save(update_fields=[*rows.DATED, "updated_at"])
    queue_for_index([article.pk])
