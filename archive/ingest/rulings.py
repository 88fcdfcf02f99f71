"""What people decided about lines: rules for every article of a source, and decisions about one article's lines.

Both are the last step of cleaning: first the source's rules (they are part of what cleaning says), then the decisions
about this one article. Pure functions over `CleanArticle`; `store.py` and `reclean.py` say when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.choices import ContentKind, LinePlace, LineVerb
from archive.ingest.cleaning.folding import plain
from archive.ingest.habits import NO_HABITS, Habits
from archive.ingest.records import CleanArticle, Line
from archive.ingest.settle import Parts, parts_of, settle, whole_lines, with_part
from archive.models import LineDecision

BY_HAND = {LineVerb.KEEP: "restored-by-hand", LineVerb.CUT: "cut-by-hand"}
BY_SOURCE = {LineVerb.KEEP: "source-keep", LineVerb.CUT: "source-rule"}
"""Names in the ledger; those of source rules are followed by the rule's number ("source-rule-12")."""

CUTTABLE = (LinePlace.BODY, LinePlace.CAPTION, LinePlace.STANDFIRST)
"""What readers read as text. Title, byline and date are fields, and are corrected as such."""


@dataclass(frozen=True, slots=True)
class SourceRules:
    """The rules of one source that stand: a line's key → what editors say of it, and the rule's number."""

    lines: Mapping[str, tuple[LineVerb, int]] = field(default_factory=dict)


NO_RULES = SourceRules()


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules and habits of all sources that have any, by slug."""

    by_source: Mapping[str, SourceRules] = field(default_factory=dict)
    habits: Mapping[str, Habits] = field(default_factory=dict)
    """What counting has taught about sources, by slug."""

    def of(self, slug: str) -> SourceRules:
        return self.by_source.get(slug, NO_RULES)

    def habits_of(self, slug: str) -> Habits:
        return self.habits.get(slug, NO_HABITS)


NO_BOOK = RuleBook()


def line_key(text: str) -> str:
    """A line as rules read it: what stands for "the same line" in other articles, and after a new dump."""
    return plain(text).lower()


def with_source_rules(article: CleanArticle, rules: SourceRules, kind: ContentKind) -> CleanArticle:
    """The article as its source's rules leave it. Whole lines only; a rule that would leave no text does nothing."""
    if not rules.lines:
        return article
    changes: dict[int, Parts] = {}
    for number, parts in parts_of(article.lines).items():
        found = rules.lines.get(line_key(parts[0].text)) if len(parts) == 1 else None
        if found is None:
            continue
        line, (verb, rule) = parts[0], found
        name = f"{BY_SOURCE[verb]}-{rule}"
        if verb == LineVerb.KEEP and line.place == LinePlace.REMOVED:
            changes[number] = (replace(line, place=LinePlace.BODY, rule=name, reason=""),)
        elif verb == LineVerb.CUT and line.place in CUTTABLE:
            changes[number] = (replace(line, place=LinePlace.REMOVED, rule=name, reason=f"was {line.place.value}"),)
    if not changes:
        return article
    in_body = {line.number for line in article.lines if line.place == LinePlace.BODY}
    in_wrapped = in_body - whole_lines(article)
    settled = settle(article, {number: one for number, one in changes.items() if number not in in_wrapped}, kind)
    return settled if settled.paragraphs or not article.paragraphs else article


def with_decisions(article: CleanArticle, decisions: Sequence[LineDecision], kind: ContentKind) -> CleanArticle:
    """The article as people decided about its lines; a decision whose line is not there any more does nothing."""
    changes = parts_of(article.lines) if decisions else {}
    for index, decision in find_lines(article.lines, decisions).items():
        line = article.lines[index]
        changed = verdict(line, decision)
        if changed is not None:
            changes[line.number] = with_part(changes[line.number], line, changed)
    return settle(article, changes, kind)


def verdict(line: Line, decision: LineDecision) -> Line | None:
    """The line as a decision leaves it; None where it is so already."""
    verb = LineVerb(decision.verb)
    if verb == LineVerb.KEEP and line.place == LinePlace.REMOVED:
        return replace(line, place=LinePlace.BODY, rule=BY_HAND[verb], reason="")
    if verb == LineVerb.CUT and line.place in CUTTABLE:
        reason = f"{decision.made_at:%-d %B %Y}"
        return replace(line, place=LinePlace.REMOVED, rule=BY_HAND[verb], reason=reason)
    return None


def find_lines(lines: Sequence[Line], decisions: Iterable[LineDecision]) -> dict[int, LineDecision]:
    """Index of a line → the decision that is about it.

    A line is known by its text; of several with the same text, by its neighbours, then by how near it is to where it
    was. No line is found for two decisions.
    """
    by_key: dict[str, list[int]] = {}
    keys = [line_key(line.text) for line in lines]
    for index, key in enumerate(keys):
        by_key.setdefault(key, []).append(index)
    found: dict[int, LineDecision] = {}
    for decision in decisions:
        free = [index for index in by_key.get(line_key(decision.text), ()) if index not in found]
        if free:
            found[min(free, key=lambda i: _strangeness(keys, lines, i, decision))] = decision
    return found


def _strangeness(keys: Sequence[str], lines: Sequence[Line], index: int, decision: LineDecision) -> tuple[int, int]:
    """How little a line looks like the one that was decided about, apart from its text."""
    above, below = neighbours(keys, index)
    return -((above == decision.above) + (below == decision.below)), abs(lines[index].number - decision.line)


def neighbours(keys: Sequence[str], index: int) -> tuple[str, str]:
    """The keys of the lines above and below; "" at the ends."""
    return keys[index - 1] if index else "", keys[index + 1] if index + 1 < len(keys) else ""
