"""Corrections that a text announces of itself: "An earlier version of this article …", "This story has been corrected".

Found by how such notices are worded, in no list of publishers. Newsrooms put them into a paragraph of their own, at
either end of the text; a wire agency puts them in parentheses or before the headline.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_READ = 600
"""Characters of a paragraph that are looked at: a notice says so at once."""
_TEXT = (
    r"(?:article|story|report|piece|post|column|essay|review|obituary|dispatch|item|blog|page|headline|caption|video|"
    r"graphic|chart|photo(?:graph)?|interview|edition|newsletter|transcript)s?"
)
_MENDED = r"(?:corrected|amended|clarified|revised|retracted|withdrawn|edited|changed|updated)"
_LABEL = re.compile(
    r"[\W_]{0,4}(?P<label>correction|clarification|erratum|retraction|corrigendum|corrections and clarifications)s?"
    r"(?:\s*(?:\([^)]{1,40}\)|,?\s[\w.,/ ]{1,30}))?\s*[:—–|-]",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    rf"\b(?:an?|the)\s(?:\w+\s)?(?:earlier|previous|prior|original|initial)\s(?:online\s|print\s|published\s)?"
    rf"(?:version|edition|headline|caption|{_TEXT})\b.{{0,80}}",
    re.IGNORECASE,
)
_EARLIER_SAYS = re.compile(
    rf"\bof\s(?:this|the|our)\s(?:\w+\s)?{_TEXT}\b|\b(?:mis\w+|incorrectly|wrongly|erroneously|inaccurately|gave|stated|said|"
    r"referred|identified|included|described|omitted|reported|attributed|contained|used)\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    rf"\bthis\s(?:\w+\s)?(?:{_TEXT}|version|copy)\s(?:(?:has|have|had)\s(?:since\s)?been|was|were)\s(?:\w+ly\s)?{_MENDED}\b",
    re.IGNORECASE,
)
_WIRE = re.compile(
    r"[\W_]{0,3}(?:corrects|correcting|refiles to (?:correct|fix)|corrected version|adds dropped|"
    r"removes (?:incorrect|erroneous))\b",
    re.IGNORECASE,
)
_WIRE_TITLE = re.compile(
    r"\s{0,3}(?:\W\s?)?(correct(?:ed|ion)|refile|clarification|retraction)\s?[-:—–]", re.IGNORECASE
)
_ERROR = re.compile(
    r"\b(?:we|the \w+(?: \w+)?) (?:apologi[sz]es? for|regrets?) (?:the|this|these|any|our)\s"
    r"(?:errors?|mistakes?|inaccurac\w+)\b|"
    r"\b(?:error|mistake)s? (?:has|have) (?:now |since )?been (?:corrected|fixed|amended)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\bupdated\b", re.IGNORECASE)
_KINDS = {"clarification": "clarification", "retraction": "retraction"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a text says of a change to itself. `paragraph` counts from 1; 0 is the headline."""

    kind: str
    """"correction", "clarification", "retraction" or "update"."""
    paragraph: int
    text: str


def announced(title: str, paragraphs: Sequence[str]) -> list[Notice]:
    """The notices in a text, in their order; in time that grows with the number of paragraphs only."""
    found = []
    if wire := _WIRE_TITLE.match(title):
        found.append(Notice(_KINDS.get(wire[1].lower(), "correction"), 0, title))
    for number, paragraph in enumerate(paragraphs, start=1):
        kind = _kind(paragraph[:_READ])
        if kind:
            found.append(Notice(kind, number, paragraph))
    return found


def _kind(text: str) -> str:
    if label := _LABEL.match(text):
        return _KINDS.get(label["label"].lower(), "correction")
    if this := _THIS.search(text):
        said = this[0].lower()
        if "clarified" in said:
            return "clarification"
        if "retracted" in said or "withdrawn" in said:
            return "retraction"
        return "update" if _UPDATED.search(said) and "correct" not in text.lower() else "correction"
    earlier = _EARLIER.search(text)
    if earlier and _EARLIER_SAYS.search(text[earlier.start() :]):
        return "correction"
    if _WIRE.match(text) or _ERROR.search(text):
        return "correction"
    return ""
