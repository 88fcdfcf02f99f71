"""Pictures' captions and credits: kept apart from the body, never lost. A caption printed twice is kept once."""

import re
from functools import lru_cache

from archive.choices import LinePlace
from archive.ingest.cleaning.page import Page, PageLine, Rule, Step
from archive.ingest.cleaning.vocabulary import CREDIT_AGENCIES, CREDIT_LABELS
from archive.ingest.records import Caption

CREDITED = Rule("caption-credit", "A caption or a credit line, known by the credit at its end.")
DOUBLED = Rule("caption-doubled", "A caption printed twice in a row: once as the picture's text and once under it.")
DOUBLED_LINE = Rule("line-doubled", "A line printed a second time right after itself.")

_AGENCY = rf"(?:{'|'.join(sorted(CREDIT_AGENCIES, key=len, reverse=True))})"
_LABEL = rf"(?:{'|'.join(sorted(CREDIT_LABELS, key=len, reverse=True))})"
# credits are case-sensitive: "swap", "RPA" and "recap" end in no agency
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s.,\"')(\[|/-])){_LABEL}s?(?: ?(?:by|via|courtesy of|courtesy|from|source|credit|copyright))?"
    r"(?: ?[:©/|-] ?| by | courtesy | via )\S.{0,90}\Z"
)
_CREDIT_LABEL = re.compile(
    rf"^[\s.,|(\[/-]{{0,4}}(?:{_LABEL}s?\b)?(?: ?(?:by|via|courtesy of|courtesy|from|source|credit)\b)? ?[:©/|-]?\s?"
)
_COPYRIGHT = re.compile(r"Copyright \S.{2,60}\Z")
_AGENCY_END = re.compile(
    rf"(?:^|[(\[|/]|\. ?|, | - |via |by |[A-Z][a-z]+ ?)(?:[A-Z][\w'. -]{{0,40}}[/|] ?)?{_AGENCY}"
    rf"(?:[ /,]{{1,3}}(?:via |for )?(?:{_AGENCY}|File|FILE|Pool|POOL|file))?[)\]]{{0,2}}[.;]?\Z"
)
_SLASHED = re.compile(r"(?:^|[\s(])[A-Z][\w'.-]{1,20}(?: [A-Z][\w'.-]{0,20}){0,3} ?/ ?[A-Z][\w&'. -]{1,40}\)?\Z")
_PARENTHESISED = re.compile(
    r"\((?:[A-Z][\w'.&/ -]{2,60}(?:/| via | for )[\w'.&/ -]{2,40}|"
    r"(?:Courtesy|Provided|Supplied)\b[^()]{0,60}|[A-Z][\w'. ]{2,30} file photo|File photo|File|Handout)\)\.?\Z"
)
_BRACKETED = re.compile(r"(?<=[\w.?!\"] )\[[A-Z][\w/&. ]{2,30}\]\Z|\bSource: [A-Z][\w&.,' ]{2,40}\Z")
_CAPTION_LABEL = re.compile(
    r"(?:Image caption|Media caption|Photo caption|Image:|PHOTO:|Photo:|Pictured:|Caption:) ?\S"
)
_LABEL_END = 12
_FILE = re.compile(r"(?:FILE(?: PHOTO)?|File(?: photo| picture| image)?)(?:\s?[-:.]|\s-\s)")
_SAYING = re.compile(
    r"\b(?:said|says|told|according|reported|reports|by the|to the|tells|by|in|from|of|with|to|and|the)\s*\Z"
)


_LABEL_CUES = ("hoto", "HOTO", "Pic", "icture", "mage", "MAGE", "redit", "CREDIT", "llustration", "ideo", "opyright")
_ENDS = (*CREDIT_AGENCIES, "File", "FILE", "file", "Pool", "POOL")


@lru_cache(maxsize=2048)
def credit_of(plain: str) -> tuple[int, str] | None:
    """Where a credit begins in a line, and the credit itself; None where the line ends in none."""
    tail_start = max(0, len(plain) - 130)
    tail = plain[tail_start:]
    if any(cue in tail for cue in _LABEL_CUES) and (match := _LABELLED.search(tail)):
        return tail_start + match.start(), _bare_credit(match.group())
    if len(plain) <= 250 and (tail[-1:] == "]" or "Source: " in tail) and (match := _BRACKETED.search(tail)):
        return tail_start + match.start(), _bare_credit(match.group())
    bare = tail.rstrip(".;)]")
    asked = []
    if bare != tail and "(" in tail:
        asked.append(_PARENTHESISED)
    if "/" in tail:
        asked.append(_SLASHED)
    if bare.endswith(_ENDS):
        asked.append(_AGENCY_END)
    for pattern in asked:
        if match := pattern.search(tail):
            if _SAYING.search(tail[: match.start() + 1].lower().rstrip(" (/[")) and pattern is _AGENCY_END:
                return None
            return tail_start + match.start(), _bare_credit(match.group())
    return None


def _bare_credit(text: str) -> str:
    return _CREDIT_LABEL.sub("", text).strip(" .,;:|()[]©-")


def find_doubled(page: Page) -> None:
    """Lines printed twice in a row: the first is kept, as a caption where it looks like one."""
    for index in range(1, len(page.lines)):
        line, before = page.lines[index], page.lines[index - 1]
        if (
            line.place is not None
            or not line.words
            or line.key != before.key
            or before.place not in (None, LinePlace.CAPTION)
        ):
            continue
        credited = credit_of(before.plain) is not None
        if before.place is None and 3 <= before.words <= 60 and (credited or not _is_quotation(before)):
            before.decide(LinePlace.CAPTION, DOUBLED.name)
        line.remove(DOUBLED.name if before.place == LinePlace.CAPTION else DOUBLED_LINE.name)


def _is_quotation(line: PageLine) -> bool:
    return line.plain[:1] in "\"'" or line.plain[-1:] in "\"'"


def find_credited(page: Page) -> None:
    """Captions that end in a credit, and credits alone on a line (theirs is the caption right before, if one is)."""
    for line in page.lines:
        if line.place is not None or line.words > 75 or line.key.startswith("by "):
            continue
        if _labelled(line):
            line.decide(LinePlace.CAPTION, CREDITED.name)
            continue
        found = credit_of(line.plain)
        if found is None:
            if line.words <= 12 and not line.ends_sentence and _COPYRIGHT.match(line.plain):
                line.decide(LinePlace.CAPTION, CREDITED.name)
            continue
        line.decide(LinePlace.CAPTION, CREDITED.name)


def _labelled(line: PageLine) -> bool:
    return bool(_FILE.match(line.plain) or _CAPTION_LABEL.match(line.plain))


def captions_of(page: Page) -> tuple[Caption, ...]:
    """The captions in order, each with its credit; a credit alone joins the caption right above it."""
    found: list[Caption] = []
    last_index = -2
    for index, line in enumerate(page.lines):
        if line.place != LinePlace.CAPTION:
            continue
        credit = credit_of(line.plain)
        if credit is None or (credit[0] < _LABEL_END and _labelled(line)):
            found.append(Caption(line.text))
        elif credit[0] <= 2 and found and last_index == index - 1 and not found[-1].credit:
            found[-1] = Caption(found[-1].text, credit[1])
        else:
            found.append(Caption(line.text, credit[1]))
        last_index = index
    return tuple(found)


DOUBLED_STEP = Step((DOUBLED, DOUBLED_LINE), find_doubled)
CREDITED_STEP = Step((CREDITED,), find_credited)
