"""The account of an article's raw lines: each in its order, where it went, and why."""

from collections import defaultdict
from dataclasses import dataclass

from archive.choices import ContentKind, LinePlace
from archive.ingest.cleaning.raw_lines import raw_lines
from archive.ingest.records import Locator
from archive.ingest.serialise import loads
from archive.models import Article


@dataclass(frozen=True, slots=True)
class LedgerRow:
    line: int
    text: str
    place: str
    """Where it went, in words: "title", "body", "removed"."""
    rule: str
    reason: str
    is_removed: bool


def ledger(article: Article) -> list[LedgerRow]:
    """Every non-blank raw line; a line of which only a part was cut gives a row for the whole and one for each part."""
    cuts = defaultdict(list)
    for cut in article.cuts.all():
        cuts[cut.line].append(cut)
    kept = {number: (place, rule) for number, place, rule in article.layout}
    rows = []
    for number, text in enumerate(_lines(article), start=1):
        if number in kept:
            place, rule = kept[number]
            rows.append(LedgerRow(number, text.strip(), LinePlace(place).label.lower(), rule_words(rule), "", False))
        rows += [LedgerRow(number, cut.text, "removed", rule_words(cut.rule), cut.reason, True) for cut in cuts[number]]
    return rows


def rule_words(rule: str) -> str:
    """A rule's name as a reader says it: "glued-advertisement" → "glued advertisement"."""
    return rule.replace("-", " ")


def _lines(article: Article) -> list[str]:
    raw = article.raw
    if raw is None:
        return []
    locator = Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)
    return raw_lines(loads(bytes(raw.payload), locator, ContentKind(raw.kind)))
