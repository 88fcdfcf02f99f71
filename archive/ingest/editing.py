"""Staff put single lines of an article back into its text, or take them out of it, and undo that again.

Only the line that is meant changes: a newer chain of rules comes to an article by `reclean` or a new dump, not by this.
"""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from archive.audit import record
from archive.choices import Act, ContentKind, LineVerb
from archive.errors import ArchiveError
from archive.ingest import standing, store
from archive.ingest.account import account_of, cleaned_anew, is_rewritten
from archive.ingest.entities.decisions import By
from archive.ingest.prepare import Incoming
from archive.ingest.records import CleanArticle, Line
from archive.ingest.rulings import find_lines, line_key, neighbours, verdict
from archive.ingest.settle import parts_of, settle, with_part
from archive.models import Article, LineDecision


class NotEditable(ArchiveError):
    """The lines of this article cannot be decided about in this way; the message says why and what to do instead."""


def reference(line: Line) -> str:
    """What a form sends to mean this very line: its number and what it says."""
    return f"{line.number}-{hashlib.sha256(line.text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def decide_lines(article_id: int, references: Sequence[str], verb: LineVerb, by: By) -> list[LineDecision]:
    """Keep or cut these lines of an article; returns the decisions, one for each line that this changes.

    Raises NotEditable where the text was rewritten by hand, where the lines have changed since the form was made, or
    where nothing of the text would be left.
    """
    with transaction.atomic():
        article = _locked(article_id)
        account = account_of(article)
        wanted = set(references)
        chosen = [index for index, line in enumerate(account.lines) if reference(line) in wanted]
        if len({reference(account.lines[index]) for index in chosen}) < len(wanted):
            raise NotEditable("The lines of this article have changed since this page was made. Look at them again.")
        standing_now = find_lines(account.lines, standing.lines([article_id]).get(article_id, ()))
        keys = [line_key(line.text) for line in account.lines]
        changes = parts_of(account.lines)
        made: list[LineDecision] = []
        for index in chosen:
            line = account.lines[index]
            above, below = neighbours(keys, index)
            decision = LineDecision(
                article=article,
                verb=verb,
                line=line.number,
                text=line.text,
                above=above,
                below=below,
                rule=line.rule[:40] if verb == LineVerb.KEEP else "",
                reason=by.reason[:1000],
                made_by_id=_key(by),
                made_at=timezone.now(),
            )
            changed = verdict(line, decision)
            if changed is None:
                continue
            if (before := standing_now.get(index)) is not None:
                _mark_undone(before, by)
            changes[line.number] = with_part(changes[line.number], line, changed)
            decision.save()
            made.append(decision)
        _store(article, settle(account, changes, _kind(article)))
        if made:
            summary = f"{len(made)} lines of article {article.pk}: {verb.label.lower()}"
            record(Act.CUT, summary, by=by.user, about=article, decisions=[each.pk for each in made])
    return made


def undo_line(decision_id: int, by: By) -> LineDecision:
    """Undo a decision: the line is again what the rules of today, and other decisions, say. Raises NotEditable."""
    with transaction.atomic():
        decision = LineDecision.objects.get(pk=decision_id)
        article = _locked(decision.article_id)
        if decision.undone_at is not None:
            return decision
        _mark_undone(decision, by)
        anew = cleaned_anew(article, standing.rule_book())
        if not isinstance(anew, Incoming):
            raise NotEditable("Today's rules find no article in this record, so there is nothing to go back to.")
        anew = anew.decided(standing.lines([article.pk]).get(article.pk, ()))
        account, fresh = account_of(article), parts_of(anew.article.lines)
        found = find_lines(anew.article.lines, [decision])
        numbers = {anew.article.lines[index].number for index in found} & set(parts_of(account.lines))
        _store(article, settle(account, {number: fresh[number] for number in numbers}, _kind(article)))
        summary = f"a decision about a line of article {article.pk} undone"
        record(Act.CUT, summary, by=by.user, about=article, decisions=[decision.pk])
    return decision


def _locked(article_id: int) -> Article:
    article = Article.objects.select_for_update(of=("self",)).select_related("source", "raw").get(pk=article_id)
    if article.raw is None:
        raise NotEditable("This article came from no dump, so it has no lines. Correct its text in the admin.")
    if is_rewritten(article):
        raise NotEditable(
            "The text of this article was rewritten by hand. Correct it in the admin, where that was done."
        )
    return article


def _kind(article: Article) -> ContentKind:
    assert article.raw is not None
    return ContentKind(article.raw.kind)


def _key(by: By) -> int | None:
    return by.user.pk if by.user is not None else None


def _mark_undone(decision: LineDecision, by: By) -> None:
    decision.undone_at, decision.undone_by_id = timezone.now(), _key(by)
    decision.save(update_fields=["undone_at", "undone_by"])


def _store(article: Article, text: CleanArticle) -> None:
    if article.body and not text.paragraphs:
        raise NotEditable("Nothing of the text would be left. To take an article away, change who may see it.")
    store.store_settled([(article, text)])
