"""A line that editors cut, or keep, in every article of a source: what it would change, the rule, and its withdrawal.

Nothing is applied unseen: `make_rule` wants the number of articles that the preview showed, and what the rule does to
stored articles is one change of one line in each (`apply_rule`), never a newer chain's other opinions with it.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest

from django.db import IntegrityError, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from archive.audit import record
from archive.choices import Act, LinePlace, LineVerb, RunStatus
from archive.errors import ArchiveError
from archive.ingest.account import account_of
from archive.ingest.entities.decisions import By
from archive.ingest.records import Line
from archive.ingest.rulings import BY_HAND, line_key
from archive.models import Article, Cut, RecleanRun, Source, SourceRule

EXAMPLES, WORST = 3, 5
MAX_CHARACTERS = 1_000
"""Longer lines are nobody's furniture."""
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_PROSE_WORDS = 12


class RuleRefused(ArchiveError):
    """The rule cannot be made, or not now; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One article that a rule would change: the line, with what stands above and below it."""

    article: Article
    above: str
    line: Line
    below: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would change in the articles that are stored."""

    articles: int
    lines: int
    examples: tuple[Case, ...]
    worst: tuple[Case, ...]
    """Where it is most likely to be wrong: the line is much of the text, or stands between two paragraphs."""
    only_line: int
    """Articles of which it is the whole text: there the rule does nothing."""


@dataclass(frozen=True, slots=True)
class _Match:
    article: int
    lines: int
    doubt: float
    is_everything: bool = False


def preview(source: Source, verb: LineVerb, text: str) -> Preview:
    """Look for the line in every article of the source; changes nothing."""
    matches = list(matching(source, verb, text))
    changed = [match for match in matches if not match.is_everything]
    newest = nlargest(EXAMPLES, changed, key=lambda match: match.article)
    doubtful = nlargest(WORST, changed, key=lambda match: (match.doubt, match.article))
    shown = Article.objects.select_related("source", "raw").prefetch_related("cuts")
    articles = shown.in_bulk({match.article for match in (*newest, *doubtful)})
    key = line_key(text)

    def cases(chosen: Iterable[_Match]) -> tuple[Case, ...]:
        found = (_case(articles[match.article], key) for match in chosen)
        return tuple(case for case in found if case is not None)

    return Preview(
        articles=len(changed),
        lines=sum(match.lines for match in changed),
        examples=cases(newest),
        worst=cases(match for match in doubtful if match.doubt > 0),
        only_line=len(matches) - len(changed),
    )


def _case(article: Article, key: str) -> Case | None:
    lines = account_of(article).lines
    for index, line in enumerate(lines):
        if line_key(line.text) == key:
            above, below = lines[max(0, index - 1) : index], lines[index + 1 : index + 2]
            return Case(article, above[0].text if above else "", line, below[0].text if below else "")
    return None


def matching(source: Source, verb: LineVerb, text: str) -> Iterator[_Match]:
    """The articles that a rule would change, in order of their ids."""
    return _kept(source, text) if verb == LineVerb.CUT else _cut(source, text)


def _kept(source: Source, text: str) -> Iterator[_Match]:
    """Articles in whose text the line stands as a paragraph, caption or standfirst of its own."""
    key, run = _loose_key(text), _longest_run(text)
    asked = Article.objects.filter(source=source)
    if run:
        asked = asked.annotate(said=Cast("body", TextField()), shown=Cast("captions", TextField())).filter(
            Q(said__icontains=run) | Q(shown__icontains=run) | Q(standfirst__icontains=run)
        )
    rows = asked.order_by("pk").values_list("pk", "body", "captions", "standfirst")
    for pk, body, captions, standfirst in rows.iterator(chunk_size=500):
        at = [n for n, each in enumerate(body) if _may_be(each, key) and _loose_key(each) == key]
        others = sum(_loose_key(each) == key for each in (*(caption["text"] for caption in captions), standfirst))
        if not at and not others:
            continue
        doubt = max((_doubt(body, n) for n in at), default=0.0)
        yield _Match(pk, len(at) + others, doubt, bool(at) and len(at) == len(body))


def _cut(source: Source, text: str) -> Iterator[_Match]:
    """Articles from which rules cut the line."""
    key, run = line_key(text), _longest_run(text)
    asked = Cut.objects.filter(article__source=source).exclude(rule=BY_HAND[LineVerb.CUT])
    if run:
        asked = asked.filter(text__icontains=run)
    found: dict[int, int] = {}
    for pk, said in asked.order_by().values_list("article_id", "text").iterator(chunk_size=2000):
        if line_key(said) == key:
            found[pk] = found.get(pk, 0) + 1
    for pk in sorted(found):
        yield _Match(pk, found[pk], float(found[pk] - 1))


def _doubt(body: list[str], at: int) -> float:
    """How likely it is that a paragraph is the author's own: its share of the words, and 1 more between paragraphs."""
    words = sum(map(_words, body)) or 1
    inside = 0 < at < len(body) - 1 and all(_words(body[n]) >= _PROSE_WORDS for n in (at - 1, at + 1))
    return _words(body[at]) / words + inside


def _words(text: str) -> int:
    return text.count(" ") + 1


def _loose_key(text: str) -> str:
    """The key of a line whether or not its entities have been resolved."""
    return line_key(html.unescape(text))


def _may_be(text: str, key: str) -> bool:
    """A cheap look before the dear one."""
    return len(text) <= 2 * len(key) + 40


def _longest_run(text: str) -> str:
    """The longest stretch of plain words of a line, by which a database finds it; "" where there is none."""
    return max(_PLAIN_RUN.findall(" ".join(text.split())), key=len, default="")


def make_rule(source: Source, verb: LineVerb, text: str, seen: int, by: By) -> SourceRule:
    """Make the rule, for ingest to obey from now on, and a run that is to apply it to what is stored.

    `seen` is the number of articles in the preview that the editor saw. Raises RuleRefused if it is another by now,
    if the source has a rule for this line, or if the line is none that could be furniture.
    """
    key = line_key(text)
    if not key or len(text) > MAX_CHARACTERS:
        raise RuleRefused(f"A rule needs a line of 1 to {MAX_CHARACTERS} characters.")
    articles = sum(not match.is_everything for match in matching(source, verb, text))
    if articles != seen:
        raise RuleRefused(f"By now the rule would change {articles} articles, not {seen}. Look at it again.")
    try:
        with transaction.atomic():
            rule = SourceRule.objects.create(
                source=source,
                verb=verb,
                key=key,
                text=text,
                reason=by.reason[:1000],
                seen_articles=seen,
                made_by_id=by.user.pk if by.user else None,
            )
            RecleanRun.objects.create(source=source, rule=rule, total=seen, started_by_id=rule.made_by_id)
            record(
                Act.SOURCE, f"line rule {rule.pk} of {source.slug} made: {verb}", by=by.user, about=source, seen=seen
            )
    except IntegrityError as error:
        raise RuleRefused(f"{source} has a rule for this line already; withdraw that one first.") from error
    return rule


def withdraw_rule(rule: SourceRule, by: By) -> RecleanRun:
    """Ingest obeys the rule no longer; the run that is returned is to give back what it did to stored articles."""
    with transaction.atomic():
        rule.withdrawn_at, rule.withdrawn_by_id = timezone.now(), by.user.pk if by.user else None
        rule.save(update_fields=["withdrawn_at", "withdrawn_by"])
        unfinished = (RunStatus.QUEUED, RunStatus.RUNNING)
        rule.runs.filter(status__in=unfinished).update(status=RunStatus.CANCELLED, finished_at=timezone.now())
        record(Act.SOURCE, f"line rule {rule.pk} of {rule.source.slug} withdrawn", by=by.user, about=rule.source)
        return RecleanRun.objects.create(source=rule.source, rule=rule, started_by_id=rule.withdrawn_by_id)


def was_place(line: Line) -> LinePlace:
    """Where a line was before a source's rule cut it."""
    return LinePlace(line.reason.removeprefix("was ")) if line.reason.startswith("was ") else LinePlace.BODY
