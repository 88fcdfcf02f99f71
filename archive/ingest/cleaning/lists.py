"""Lists that are the story: tour dates, tables, results. Their lines look like furniture and must stay whole."""

import re
from functools import partial
from itertools import takewhile

from archive.choices import LinePlace
from archive.ingest.cleaning.date_words import MONTHS
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step

LISTED = Rule(
    "kept-list",
    "Lines in a row that begin with a date, are results or rows of figures, question and answer or begin alike under a "
    "colon, and recipes: a list that is the story.",
)

_RUN = 4
_SHORT_RUN = 3
"""Enough of what furniture hardly ever looks like."""
_LISTABLE = (None, LinePlace.CAPTION, LinePlace.DATE, LinePlace.BYLINE)
_MONTH = rf"(?:{'|'.join(sorted((month for month in MONTHS if len(month) > 2), key=len, reverse=True))})\.?"
_DATED = re.compile(
    rf"\W{{0,3}}(?:[a-z]{{3,9}}\.?,? )?(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})\b[^\w]{{1,6}}(?=[^\d\W])"
)
_DIGIT = re.compile(r"[\d½¼¾⅓⅔⅛]")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d.,:%-]{0,9}(?!\w)")
_RESULT = re.compile(
    r"[^\W\d][^\d]{0,40} (?:\d{1,3},? [^\W\d][^\d]{0,40} \d{1,3}|\d{1,3} ?[-:] ?\d{1,3} [^\W\d][^\d]{0,40})\W?$"
)
_TABLE_ROW = re.compile(r"[^\W\d][^\d]{0,40}(?: [-+]?\d[\d.,:%-]{0,9}){2,20}$")
_ASKED = re.compile(r"[qa][:.] ?\S")
_MEASURE = re.compile(
    r"(?:^|[\s(\[])[\d½¼¾⅓⅔⅛/.-]{1,6} ?(?:cups?|tsps?|tbsps?|teaspoons?|tablespoons?|oz|ounces?|grams?|g|kg|ml|lbs?|"
    r"pounds?|cloves?|slices?|scoops?|sticks?|sprigs?)\b"
)
_MEASURES = 4
_GAP = 5
_ANNOUNCING = 6
_LONGEST_LIST = 60
_LEAST = dict.fromkeys(("result", "table row", "asked"), _SHORT_RUN)
_LISTS_OF_LINKS = frozenset(("related", "comments", "navigation", "legal"))


def _kind(line: PageLine) -> str:
    if line.place not in _LISTABLE:
        return ""
    if _ASKED.match(line.key):
        return "asked"
    if line.words < 3 or line.words > 30 or not _DIGIT.search(line.key):
        return ""
    if _RESULT.match(line.key):
        return "result"
    if _TABLE_ROW.match(line.key):
        return "table row"
    if line.words < 4:
        return ""
    if _DATED.match(line.key):
        return "dated"
    if len(_NUMBER.findall(line.plain)) >= 4:
        return "row"
    return ""


def _is_step(line: PageLine) -> bool:
    return line.place is None and line.ends_sentence


def _recipes(page: Page) -> None:
    """Keep what stands from the first to the last of four or more measures, and the steps: sentences right below."""
    found = [
        i
        for i, line in enumerate(page.lines)
        if line.place is None and _DIGIT.search(line.key) and _MEASURE.search(line.key)
    ]
    start = 0
    for index in range(1, len(found) + 1):
        if index < len(found) and found[index] - found[index - 1] <= _GAP:
            continue
        if index - start >= _MEASURES:
            last = found[index - 1] + 1
            steps = takewhile(_is_step, page.lines[last : last + _LONGEST_LIST])
            for line in (*page.lines[found[start] : last], *steps):
                if line.place is None:
                    line.decide(LinePlace.BODY, LISTED.name)
        start = index


def _begins_with(start: str, line: PageLine) -> bool:
    return line.place is None and line.key.startswith(start)


def _announced(page: Page) -> None:
    """Keep four or more lines that begin with the same word right under a sentence that ends with a colon."""
    for index, line in enumerate(page.lines):
        if line.place is not None or line.words < _ANNOUNCING or line.plain[-1] != ":":
            continue
        following = page.lines[index + 1 : index + 1 + _LONGEST_LIST]
        first = following[0].key.split(" ", 1)[0] if following else ""
        listed = list(takewhile(partial(_begins_with, f"{first} "), following))
        if len(listed) >= _RUN:
            for each in listed:
                each.decide(LinePlace.BODY, LISTED.name)


def _columns(line: PageLine) -> int:
    return line.plain.count(" ") + 1


def keep_lists(page: Page) -> None:
    """Decide for the body what stands in runs of lines of one kind, below the story's first words."""
    _recipes(page)
    _announced(page)
    kinds = [_kind(line) for line in page.lines]
    start = 0
    for index in range(1, len(kinds) + 1):
        if index < len(kinds) and kinds[index] == kinds[start]:
            continue
        before = page.lines[start - 1] if start else None
        of_links = before is not None and before.rule in _LISTS_OF_LINKS
        if index - start >= _LEAST.get(kinds[start], _RUN) and kinds[start] and before is not None and not of_links:
            for line in page.lines[start:index]:
                line.decide(LinePlace.BODY, LISTED.name)
            if kinds[start] == "table row" and before.place is None and _columns(before) == _columns(page.lines[start]):
                before.decide(LinePlace.BODY, LISTED.name)
        start = index


STEP = Step((LISTED,), keep_lists)
