"""Stripping inside a line: furniture that lost its line break and hangs on a sentence; the sentence stays."""

import re

from archive.ingest.cleaning.page import Page, Rule, Step

GLUED_AD = Rule("glued-advertisement", "“Advertisement” that hangs on the start or the end of a sentence.")
GLUED_TOOL = Rule("glued-tool", "A button's words (“Share this article”) that hang on the start or end of a sentence.")
CUT_OFF = Rule("cut-off-mark", "The mark with which a feed says how much text it left out (“[+2184 chars]”).")

_AD = (
    r"(?:Advertisements?|ADVERTISEMENTS?|Story continues below(?: advertisement)?|"
    r"Article continues (?:below|after)(?: (?:this )?ad(?:vertisement)?)?)"
)
_AD_MARKS = ("Advert", "ADVERT", "Story c", "Article c")
_TOOL = (
    r"(?:Share this article|Share this story|View image in fullscreen|Open image in gallery|View gallery|"
    r"Enlarge this image|Read more ?»|Continue reading ?»?|View full size|Click to share|Copy link)"
)
_AD_ENDS = ("isement", "isements", "ISEMENT", "ISEMENTS", "below", "after", " ad")
_TOOL_ENDS = ("article", "story", "fullscreen", "gallery", "image", "more", "reading", "size", "share", "link")
_CUT_ENDS = ("chars", "characters", "word", "words")
_TRAILING = " .:*|>»…-]\n"
_TOOL_MARKS = ("Share", "View", "Open", "Enlarge", "Read", "Continue", "Click", "Copy")
_CUT = re.compile(r" ?(?:\.\.\. ?|… ?)?\[\+?\d{1,7} (?:chars|characters|more words?)\]\Z")
_Glued = tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]
_ENDS: _Glued = (
    (GLUED_AD.name, re.compile(rf"(?<=[.!?\"')\]’”]) ?{_AD}\W{{0,4}}\Z"), _AD_ENDS),
    (CUT_OFF.name, _CUT, _CUT_ENDS),
    (GLUED_TOOL.name, re.compile(rf"(?<=[.!?\"')\]’”]) ?{_TOOL}\W{{0,4}}\Z"), _TOOL_ENDS),
)
_STARTS: _Glued = (
    (GLUED_AD.name, re.compile(rf"{_AD}(?:(?=[A-Z\"“‘'][a-z’' ])| (?=[A-Z“\"‘][\w’'-]* [a-z]))"), _AD_MARKS),
    (GLUED_TOOL.name, re.compile(rf"{_TOOL}(?=[A-Z\"“‘'])"), _TOOL_MARKS),
)
_TAIL = 80


def strip_inside(page: Page) -> None:
    """Cut glued furniture off the ends of open lines; what is left of the line stays open."""
    for line in page.lines:
        if line.place is not None or line.words < 4:
            continue
        text = line.text
        head, tail = text[:_TAIL], text[-_TAIL:]
        for name, pattern, marks in _STARTS:
            if head.startswith(marks) and (match := pattern.match(head)) and match.end():
                line.cut(match.end(), at_start=True, rule=name)
                break
        for name, pattern, marks in _ENDS:
            if tail.rstrip(_TRAILING).endswith(marks) and (match := pattern.search(tail)):
                line.cut(len(tail) - match.start(), at_start=False, rule=name)
                break


STEP = Step((GLUED_AD, GLUED_TOOL, CUT_OFF), strip_inside)
