"""Applies a source's rule to the articles that are stored, or takes it back there: one line in each, nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from archive.choices import ContentKind, LinePlace, LineVerb, RunStatus
from archive.ingest import standing, store
from archive.ingest.account import account_of, cleaned_anew, is_rewritten
from archive.ingest.cleaning.rules import REPEATED
from archive.ingest.identity import text_hash
from archive.ingest.prepare import Incoming
from archive.ingest.records import CleanArticle
from archive.ingest.rulings import BY_SOURCE, RuleBook, SourceRules, with_decisions, with_source_rules
from archive.ingest.settle import Parts, parts_of, settle
from archive.ingest.source_rules import matching, was_place
from archive.models import Article, Cut, RecleanRun, SourceRule

_BATCH = 50


def rule_name(rule: SourceRule) -> str:
    """The rule's name in ledgers: "source-rule-12"."""
    return f"{BY_SOURCE[LineVerb(rule.verb)]}-{rule.pk}"


def work_off_rule(run: RecleanRun) -> None:
    """Do what is left of a run for a rule: apply it if it stands, else give back what it did.

    Each batch is one transaction. A run that was cancelled meanwhile (its rule was withdrawn) stops after its batch.
    """
    rule = run.rule
    assert rule is not None
    RecleanRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(status=RunStatus.RUNNING)
    ids = (pk for pk in (_touched(rule) if rule.withdrawn_at else _wanted(rule)) if pk > run.last_article)
    while batch := list(islice(ids, _BATCH)):
        with transaction.atomic():
            run.refresh_from_db(fields=["status", "counts"])
            if run.status != RunStatus.RUNNING:
                return
            _apply(run, rule, batch)
    run.refresh_from_db(fields=["status"])
    if run.status == RunStatus.RUNNING:
        run.status, run.finished_at = RunStatus.DONE, timezone.now()
        run.save(update_fields=["status", "finished_at"])


def _wanted(rule: SourceRule) -> Iterator[int]:
    return (match.article for match in matching(rule.source, LineVerb(rule.verb), rule.text))


def _touched(rule: SourceRule) -> Iterator[int]:
    """Articles in whose ledgers the rule is named."""
    name = rule_name(rule)
    if rule.verb == LineVerb.CUT:
        return iter(sorted(set(Cut.objects.filter(rule=name).values_list("article_id", flat=True))))
    named = Article.objects.filter(source=rule.source).annotate(account=Cast("layout", TextField()))
    return iter(named.filter(account__contains=f'"{name}"').order_by("pk").values_list("pk", flat=True))


def _apply(run: RecleanRun, rule: SourceRule, ids: Sequence[int]) -> None:
    locked = Article.objects.select_for_update(of=("self",)).select_related("source", "raw")
    articles = list(locked.prefetch_related("cuts").filter(pk__in=ids).order_by("pk"))
    decisions = standing.lines(ids)
    book = standing.rule_book()
    settled: list[tuple[Article, CleanArticle]] = []
    left = 0
    for article in articles:
        before = account_of(article)
        if article.raw is None or is_rewritten(article):
            left += 1
            continue
        kind = ContentKind(article.raw.kind)
        after = _without(article, before, rule, book) if rule.withdrawn_at else _with(before, rule, kind)
        after = with_decisions(after, decisions.get(article.pk, ()), kind)
        if after != before:
            settled.append((article, after))
    hashes = {article.pk: _known_by(article, text) for article, text in settled if article.pk not in decisions}
    store.store_settled(settled, hashes)
    counts = run.counts
    run.counts = {
        "read": counts.get("read", 0) + len(articles),
        "changed": counts.get("changed", 0) + len(settled),
        "corrected_by_hand": counts.get("corrected_by_hand", 0) + left,
    }
    run.last_article, run.heartbeat_at = ids[-1], timezone.now()
    run.save(update_fields=["counts", "last_article", "heartbeat_at"])


def _known_by(article: Article, text: CleanArticle) -> str:
    """The hash by which ingest would know the text: what counting alone had cut belongs to it."""
    assert article.raw is not None
    counted = {line.number: (replace(line, place=LinePlace.BODY),) for line in text.lines if line.rule == REPEATED.name}
    whole = settle(text, counted, ContentKind(article.raw.kind))
    return text_hash(whole.title, whole.paragraphs)


def _with(account: CleanArticle, rule: SourceRule, kind: ContentKind) -> CleanArticle:
    only_this = SourceRules({rule.key: (LineVerb(rule.verb), rule.pk)})
    return with_source_rules(account, only_this, kind)


def _without(article: Article, account: CleanArticle, rule: SourceRule, book: RuleBook) -> CleanArticle:
    """The account with the rule's lines where they were; what it had kept goes back to the rules of today."""
    name = rule_name(rule)
    numbers = {line.number for line in account.lines if line.rule == name}
    changes: dict[int, Parts] = {}
    if rule.verb == LineVerb.CUT:
        for number, parts in parts_of(account.lines).items():
            if number in numbers:
                changes[number] = tuple(replace(part, place=was_place(part), rule="", reason="") for part in parts)
    else:
        anew = cleaned_anew(article, book)
        fresh = parts_of(anew.article.lines) if isinstance(anew, Incoming) else {}
        changes = {number: fresh[number] for number in numbers if number in fresh}
    assert article.raw is not None
    return settle(account, changes, ContentKind(article.raw.kind))
