"""What people decided and did not undo, as ingest and reclean ask for it: by article, by source, in one query each."""

from collections import defaultdict
from collections.abc import Iterable

from archive.choices import LineVerb
from archive.ingest import habit_counts
from archive.ingest.rulings import RuleBook, SourceRules
from archive.models import DateDecision, LineDecision, SourceRule


def lines(article_ids: Iterable[int]) -> dict[int, list[LineDecision]]:
    """Decisions about lines by article, oldest first."""
    found: dict[int, list[LineDecision]] = defaultdict(list)
    asked = LineDecision.objects.filter(article__in=list(article_ids), undone_at=None)
    for decision in asked.select_related("made_by").order_by("pk"):
        found[decision.article_id].append(decision)
    return dict(found)


def dates(article_ids: Iterable[int]) -> dict[int, DateDecision]:
    """The decision about its date by article; there is one at most."""
    return {
        each.article_id: each for each in DateDecision.objects.filter(article__in=list(article_ids), undone_at=None)
    }


def rule_book() -> RuleBook:
    """The rules of all sources that stand, and what their articles have taught by now."""
    found: dict[str, dict[str, tuple[LineVerb, int]]] = defaultdict(dict)
    for rule in SourceRule.objects.filter(withdrawn_at=None).select_related("source"):
        found[rule.source.slug][rule.key] = LineVerb(rule.verb), rule.pk
    return RuleBook({slug: SourceRules(rules) for slug, rules in found.items()}, habits=habit_counts.all_habits())
