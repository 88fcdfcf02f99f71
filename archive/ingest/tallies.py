"""How many lines each rule cuts in each source: kept as sums of small changes, for counting millions of cuts is slow.

Whoever writes or deletes cuts says so here, in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from archive.models import Cut, RuleTally

MANY = 5_000
"""More rows than this are worth adding up."""


def count_new(cuts: Iterable[Cut]) -> None:
    """Count cuts that were just written; their articles are at hand."""
    lines: dict[tuple[int, str], int] = defaultdict(int)
    articles: dict[tuple[int, str], set[int]] = defaultdict(set)
    for cut in cuts:
        key = cut.article.source_id, cut.rule
        lines[key] += 1
        articles[key].add(cut.article_id)
    RuleTally.objects.bulk_create(
        [
            RuleTally(source_id=source, rule=rule, cuts=number, articles=len(articles[source, rule]))
            for (source, rule), number in lines.items()
        ]
    )


def count(cuts: "QuerySet[Cut]", *, sign: int) -> None:
    """Count stored cuts: with sign -1 before they are deleted."""
    counted = (
        cuts.order_by()
        .values("article__source", "rule")
        .annotate(lines=Count("pk"), articles=Count("article", distinct=True))
    )
    RuleTally.objects.bulk_create(
        [
            RuleTally(
                source_id=row["article__source"],
                rule=row["rule"],
                cuts=sign * row["lines"],
                articles=sign * row["articles"],
            )
            for row in counted
        ]
    )


def add_up() -> None:
    """Put one row in place of all that are about the same rule and source, if there are many: for the end of a run."""
    last = RuleTally.objects.order_by("-pk").values_list("pk", flat=True)[MANY : MANY + 1].first()
    if last is None:
        return
    with transaction.atomic():
        rows = list(RuleTally.objects.select_for_update().values_list("pk", flat=True))
        chosen = RuleTally.objects.filter(pk__lte=max(rows))
        sums = list(chosen.order_by().values("source", "rule").annotate(lines=Sum("cuts"), in_articles=Sum("articles")))
        chosen.delete()
        RuleTally.objects.bulk_create(
            [
                RuleTally(source_id=row["source"], rule=row["rule"], cuts=row["lines"], articles=row["in_articles"])
                for row in sums
                if row["lines"]
            ]
        )


def count_anew() -> None:
    """Count every cut there is: slow, and true whatever happened before."""
    with transaction.atomic():
        RuleTally.objects.all().delete()
        count(Cut.objects.all(), sign=1)
