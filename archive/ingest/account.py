"""A stored article with the account of its lines, as cleaning would hand it over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from archive.choices import ContentKind, LinePlace
from archive.ingest.cleaning.raw_lines import raw_lines
from archive.ingest.identity import ingested_hash
from archive.ingest.prepare import Incoming, Prepared, prepare_one
from archive.ingest.records import Caption, CleanArticle, Line, Locator, RawRecord
from archive.ingest.rulings import RuleBook
from archive.ingest.serialise import loads
from archive.ingest.withheld import anonymisers, as_decided, without_names
from archive.models import Article
from archive.models import RawRecord as StoredRecord


def stored_record(raw: StoredRecord) -> RawRecord:
    """The record as its dump said it."""
    locator = Locator(raw.number, raw.offset, raw.length, raw.line, raw.member)
    return loads(bytes(raw.payload), locator, ContentKind(raw.kind))


def account_of(article: Article) -> CleanArticle:
    """What the archive holds of an article as a `CleanArticle`; without a raw record it has no lines."""
    account = CleanArticle(
        title=article.title,
        standfirst=article.standfirst,
        byline=tuple(article.byline),
        language=article.language,
        paragraphs=tuple(article.body),
        captions=tuple(Caption(each["text"], each.get("credit", "")) for each in article.captions),
        lines=tuple(_lines(article)),
    )
    return without_names(account, anonymisers([article.pk]).get(article.pk, ()))


def _lines(article: Article) -> list[Line]:
    if article.raw is None:
        return []
    texts = raw_lines(stored_record(article.raw))
    parts: dict[int, list[Line]] = defaultdict(list)
    for cut in article.cuts.all():
        parts[cut.line].append(Line(cut.line, cut.text, LinePlace.REMOVED, cut.rule, cut.reason))
    kept: dict[int, list[Line]] = defaultdict(list)
    beyond = _only_in_data(article, len(texts))
    for number, place, rule in article.layout:
        text = texts[number - 1].strip() if number <= len(texts) else beyond.get(number, "")
        kept[number].append(Line(number, text, LinePlace(place), rule))
    return [
        line for number in sorted({*parts, *kept}) for line in _in_order(kept.get(number, []), parts.get(number, []))
    ]


def _only_in_data(article: Article, count: int) -> dict[int, str]:
    """Paragraphs that stand only in the publisher's own data: they are numbered after the page's lines."""
    numbers = [number for number, _, _ in article.layout if number > count]
    return dict(zip(numbers, article.body[-len(numbers) :], strict=False)) if numbers else {}


def _in_order(kept: Sequence[Line], cut: Sequence[Line]) -> list[Line]:
    """The parts of one line as they stand in it; a kept part has its own text, without what was cut off its ends."""
    if not kept or not cut:
        return [*kept, *cut]
    text = kept[0].text
    before: list[Line] = []
    after: list[Line] = []
    for part in cut:
        if text.startswith(part.text):
            before.append(part)
            text = text[len(part.text) :].strip()
        elif text.endswith(part.text):
            after.insert(0, part)
            text = text[: -len(part.text)].strip()
        else:
            after.append(part)
    middle = [Line(line.number, text, line.place, line.rule) for line in kept[:1]]
    return [*before, *middle, *kept[1:], *after]


def is_rewritten(article: Article) -> bool:
    """Whether somebody wrote another text than the dump and the decisions about its lines make."""
    text = ingested_hash(article.title, article.standfirst, article.body)
    return text != (article.settled_hash or article.ingested_hash)


def cleaned_anew(article: Article, book: RuleBook) -> Prepared | None:
    """What today's rules, its source's included, make of the article's raw record; None where it has none."""
    if article.raw is None:
        return None
    prepared = prepare_one(record_of_its_source(article, article.raw), rules=book)
    if not isinstance(prepared, Incoming):
        return prepared
    return as_decided(prepared, anonymisers([article.pk]).get(article.pk, ()))


def record_of_its_source(article: Article, raw: StoredRecord) -> RawRecord:
    """The article's record as one of the source that the article has, whoever its dump names."""
    return replace(stored_record(raw), source=article.source.slug)
