"""How often each rule of cleaning cuts, how often people take that back, and examples; in constantly many queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from archive.access import Reader
from archive.choices import LineVerb
from archive.ingest.cleaning.rules import ALL_RULES
from archive.ingest.rule_runs import rule_name
from archive.models import Article, Cut, LineDecision, RuleTally, Source, SourceRule
from archive.querysets import seen_through

EXAMPLES = 3
_KEEPING = (
    "kept-list",
    "title",
    "standfirst",
    "byline",
    "date-line",
    "caption",
    "caption-credit",
    "page-data",
    "restored-by-hand",
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as the rules page shows it."""

    name: str
    says: str
    cuts: int = 0
    articles: int = 0
    restored: int = 0
    """Cuts of it that people took back, and that stand."""
    examples: tuple[Cut, ...] = ()
    source_rule: SourceRule | None = None

    @property
    def share(self) -> float:
        """Which part of what it ever cut people took back, in percent."""
        return 100 * self.restored / (self.cuts + self.restored) if self.restored else 0.0

    @property
    def is_cutting(self) -> bool:
        """Whether it takes anything out: some rules say where a line belongs, and some keep it."""
        return self.cuts > 0 or self.name not in _KEEPING


def rule_rows(reader: Reader, source: Source | None = None) -> list[RuleRow]:
    """Every rule in the order of the chain, with its counts in all sources or in one; then those of sources."""
    tallies = RuleTally.objects.filter(source__in=Source.objects.readable_by(reader))
    tallies = tallies.filter(source=source) if source else tallies
    counts = _counts(tallies, reader, "rule")
    restored = restorations(reader, source)
    examples = _examples(reader, tallies, source)
    says = {rule.name: rule.says for rule in ALL_RULES if not rule.name.startswith("source-")}
    asked = SourceRule.objects.select_related("source", "made_by").filter(source__in=Source.objects.readable_by(reader))
    of_sources = {rule_name(rule): rule for rule in (asked.filter(source=source) if source else asked)}
    known = [*says, *of_sources, *sorted(set(counts) - set(says) - set(of_sources) - _of_other_sources(counts))]
    return [
        RuleRow(
            name,
            says.get(name) or source_rule_says(of_sources.get(name)),
            *counts.get(name, (0, 0)),
            restored.get(name, 0),
            tuple(examples.get(name, ())),
            of_sources.get(name),
        )
        for name in known
    ]


def _counts(tallies: "QuerySet[RuleTally]", reader: Reader, by: str) -> dict[Any, tuple[int, int]]:
    """(lines, articles) of these tallies by a field of theirs, without those of articles kept from this reader.

    `by` is "rule" or "source". Articles that are kept from readers are few, so theirs are counted and taken off.
    """
    counted = tallies.order_by().values(by).annotate(lines=Sum("cuts"), in_articles=Sum("articles"))
    kept = Cut.objects.filter(
        article__in=Article.objects.kept_from(reader).filter(source__in=tallies.values("source")),
        rule__in=tallies.values("rule"),
    )
    of_cuts = "article__source" if by == "source" else by
    hidden = {
        row[of_cuts]: (row["lines"], row["in_articles"])
        for row in kept.order_by()
        .values(of_cuts)
        .annotate(lines=Count("pk"), in_articles=Count("article", distinct=True))
    }
    found = {}
    for row in counted:
        lines, articles = hidden.get(row[by], (0, 0))
        if row["lines"] > lines:
            found[row[by]] = row["lines"] - lines, row["in_articles"] - articles
    return found


def sources_of(rule: str, reader: Reader, most: int) -> list[tuple[Source, int, int]]:
    """(source, lines, articles) where a rule cuts, the most lines first, as far as this reader may know."""
    sources = Source.objects.readable_by(reader)
    counts = _counts(RuleTally.objects.filter(rule=rule, source__in=sources), reader, "source")
    largest = sorted(counts.items(), key=lambda row: (-row[1][0], row[0]))[:most]
    known = Source.objects.in_bulk([pk for pk, _ in largest])
    return [(known[pk], *count) for pk, count in largest]


def _of_other_sources(names: Iterable[str]) -> set[str]:
    """Rules of sources that this reader may not know of."""
    return {name for name in names if name.startswith("source-")}


def source_rule_says(rule: SourceRule | None) -> str:
    if rule is None:
        return "A rule of an earlier version of cleaning."
    if rule.verb == LineVerb.CUT:
        return f"Cuts the line “{rule.text}” from every article of {rule.source}."
    return f"Keeps the line “{rule.text}” in every article of {rule.source}, whatever other rules say."


def restorations(reader: Reader, source: Source | None = None) -> dict[str, int]:
    """By rule how many of its cuts people took back, in articles that this reader may see."""
    decisions = LineDecision.objects.filter(seen_through("article", reader), verb=LineVerb.KEEP, undone_at=None)
    decisions = decisions.exclude(rule="")
    if source:
        decisions = decisions.filter(article__source=source)
    return dict(decisions.order_by().values_list("rule").annotate(Count("pk")))


def _examples(reader: Reader, tallies: "QuerySet[RuleTally]", source: Source | None) -> dict[str, list[Cut]]:
    """The newest cuts of each rule: one query finds their ids by the index on rules, one more fetches them."""
    cuts = Cut.objects.filter(seen_through("article", reader), rule=OuterRef("rule")).order_by("-pk").values("pk")
    if source:
        cuts = cuts.filter(article__source=source)
    ids = {f"example_{n}": Subquery(cuts[n : n + 1]) for n in range(EXAMPLES)}
    rows = tallies.order_by().values("rule").distinct().annotate(**ids)
    chosen = [pk for row in rows for name, pk in row.items() if name in ids and isinstance(pk, int)]
    found: dict[str, list[Cut]] = {}
    for cut in Cut.objects.filter(pk__in=chosen).select_related("article").order_by("-pk"):
        found.setdefault(cut.rule, []).append(cut)
    return found
