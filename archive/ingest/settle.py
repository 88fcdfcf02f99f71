"""Some lines of an article decided anew, and the article that this makes: only what they say changes.

Pure functions over `CleanArticle`. Who decides, and why, is for `rulings.py` and `editing.py`.
"""

import html
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from archive.choices import ContentKind, LinePlace
from archive.ingest.cleaning.captions import captions_of
from archive.ingest.cleaning.page import NO_HINTS, Page
from archive.ingest.paragraph_lines import letters, paragraph_lines
from archive.ingest.records import Caption, CleanArticle, Line

Parts: TypeAlias = tuple[Line, ...]
"""One raw line as it is accounted for: itself, or what was kept of it and what was cut off its ends, in order."""


def parts_of(lines: Sequence[Line]) -> dict[int, Parts]:
    """The lines of an account by their numbers, in order."""
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.number].append(line)
    return {number: tuple(parts) for number, parts in sorted(found.items())}


def with_part(parts: Parts, old: Line, new: Line) -> Parts:
    """A raw line with one of its parts decided anew; neighbouring parts that are both kept become one."""
    joined: list[Line] = []
    for part in (new if each is old else each for each in parts):
        last = joined[-1] if joined else None
        if last and LinePlace.REMOVED not in (last.place, part.place):
            joined[-1] = replace(new, text=f"{last.text} {part.text}", place=part.place if last is new else last.place)
        else:
            joined.append(part)
    return tuple(joined)


def settle(article: CleanArticle, changes: Mapping[int, Parts], kind: ContentKind) -> CleanArticle:
    """The article with some raw lines (by number) accounted for anew, and nothing else changed."""
    before = parts_of(article.lines)
    changes = {number: parts for number, parts in changes.items() if parts != before.get(number)}
    if not changes:
        return article
    after = {**before, **changes}
    return replace(
        article,
        lines=tuple(line for number in sorted(after) for line in after[number]),
        paragraphs=_paragraphs(article, before, changes, kind),
        captions=_captions(article, before, after, changes),
        standfirst=_standfirst(article, before, after, changes),
    )


def whole_lines(article: CleanArticle) -> set[int]:
    """Numbers of the lines that are each a paragraph of their own, not a part of a wrapped one."""
    return {paragraph.lines[0] for paragraph in _made_of(article) if len(paragraph.lines) == 1}


@dataclass(slots=True)
class _Paragraph:
    text: str
    lines: list[int]
    """Numbers of the lines that it was made of; none where that is not known."""


def _text(parts: Parts, place: LinePlace) -> str:
    """What stands of a raw line in a place."""
    return " ".join(" ".join(part.text.split()) for part in parts if part.place == place)


def _made_of(article: CleanArticle) -> list[_Paragraph]:
    body = [(line.number, line.text) for line in article.lines if line.place == LinePlace.BODY]
    made = paragraph_lines(article.paragraphs, body)
    return [_Paragraph(text, list(found)) for text, found in zip(article.paragraphs, made, strict=True)]


def _paragraphs(
    article: CleanArticle, before: Mapping[int, Parts], changes: Mapping[int, Parts], kind: ContentKind
) -> tuple[str, ...]:
    paragraphs = _made_of(article)
    for number in sorted(changes):
        old, new = (_text(parts, LinePlace.BODY) for parts in (before.get(number, ()), changes[number]))
        if kind == ContentKind.FIELDS:
            old, new = html.unescape(old), html.unescape(new)
        if old and old != new:
            for paragraph in [each for each in paragraphs if number in each.lines]:
                _exchange(paragraph, number, old, new)
            paragraphs = [each for each in paragraphs if each.text]
        elif new and not old:
            at = max((n for n, each in enumerate(paragraphs, 1) if each.lines and min(each.lines) < number), default=0)
            paragraphs.insert(at, _Paragraph(new, [number]))
    return tuple(paragraph.text for paragraph in paragraphs)


def _exchange(paragraph: _Paragraph, number: int, old: str, new: str) -> None:
    """Put other words in place of those that a paragraph has from one of its lines; none at all takes them out."""
    if paragraph.lines == [number]:
        paragraph.text = new
    else:
        paragraph.text = " ".join(paragraph.text.replace(old, new, 1).split())
    if not new:
        paragraph.lines.remove(number)


def _captions(
    article: CleanArticle, before: Mapping[int, Parts], after: Mapping[int, Parts], changes: Mapping[int, Parts]
) -> tuple[Caption, ...]:
    captions = list(article.captions)
    still = {letters(text) for parts in after.values() if (text := _text(parts, LinePlace.CAPTION))}
    for number in sorted(changes):
        old, new = (_text(parts, LinePlace.CAPTION) for parts in (before.get(number, ()), changes[number]))
        if old and old != new:
            captions = [each for each in captions if letters(each.text) != letters(old) or letters(old) in still]
            captions = [replace(each, credit="") if _is_credit(old, each) else each for each in captions]
        if new and old != new:
            page = Page([new], NO_HINTS)
            page.lines[0].decide(LinePlace.CAPTION, "")
            captions += [each for each in captions_of(page) if each not in captions]
    return tuple(captions)


def _is_credit(line: str, caption: Caption) -> bool:
    """Whether a line of its own gave the caption its credit."""
    return bool(caption.credit) and caption.credit in line and caption.credit not in caption.text


def _standfirst(
    article: CleanArticle, before: Mapping[int, Parts], after: Mapping[int, Parts], changes: Mapping[int, Parts]
) -> str:
    for number, parts in changes.items():
        old, new = (_text(each, LinePlace.STANDFIRST) for each in (before.get(number, ()), parts))
        if old != new and (new or letters(old) in letters(article.standfirst)):
            return " ".join(text for each in after.values() if (text := _text(each, LinePlace.STANDFIRST)))
    return article.standfirst
