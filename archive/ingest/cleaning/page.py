"""The page while the chain works on it: its lines, where each stands, and what has been decided so far.

Mutable and private to the room; what leaves it are the frozen values of `records.py`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.choices import LinePlace
from archive.ingest.cleaning.folding import plain
from archive.ingest.cleaning.vocabulary import COMMON
from archive.ingest.records import Line

_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_CONTENT = re.compile(r"[a-z0-9']{4,}")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"')\]]{0,3}$|[.!?]\s?\[\d")


@dataclass(frozen=True, slots=True)
class Echo:
    """Which other line a line repeats (its index), how much of it stands there (0-1), and how many others hold most."""

    index: int
    share: float
    times: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What the caller knows of a page besides its lines.

    `title` and `standfirst` come from the record's own fields: a line that repeats them is theirs, not the body's.
    `extracted` says that an extractor has already found the body in these lines, so only the rules that are sure
    of a line by itself run: no search for title, start and end, and no line model.
    """

    title: str = ""
    standfirst: str = ""
    extracted: bool = False
    crawled: datetime | None = None
    """When the page was fetched, where its dump says so: what "5 days ago" counts from."""


NO_HINTS = Hints()


class PageLine:
    """One non-blank line, the forms in which rules read it, and its place once decided."""

    __slots__ = (
        "_content",
        "after",
        "after_blank",
        "before",
        "ends_sentence",
        "is_prose",
        "key",
        "number",
        "place",
        "plain",
        "reason",
        "rule",
        "text",
        "words",
    )

    def __init__(self, number: int, text: str, after_blank: bool) -> None:
        self.number = number
        self.after_blank = after_blank
        self._read(text)
        self._content: frozenset[str] | None = None
        self.place: LinePlace | None = None
        self.rule = ""
        self.reason = ""
        self.before: list[Line] = []
        """What was cut off the start of the line."""
        self.after: list[Line] = []
        """What was cut off its end, outermost last."""

    def _read(self, text: str) -> None:
        self.text = text
        self.plain = plain(text)
        self.key = self.plain.lower()
        tokens = self.plain.count(" ") + 1
        bare = tokens <= 30 and self.plain.replace(" ", "").isalnum()
        self.words = tokens if bare or tokens > 30 else len(_WORD.findall(self.plain))
        if not self.plain.isascii():
            self.words += len(_CJK.findall(self.plain)) // 2  # no blanks between words, which have two letters or so
        self.ends_sentence = not bare and _SENTENCE_END.search(self.plain[-12:]) is not None
        self.is_prose = self.words >= 12 and self.ends_sentence
        """A sentence or more: what stories are made of, and furniture seldom is."""

    def decide(self, place: LinePlace, rule: str, reason: str = "") -> None:
        self.place, self.rule, self.reason = place, rule, reason

    def remove(self, rule: str, reason: str = "") -> None:
        self.decide(LinePlace.REMOVED, rule, reason)

    def cut(self, length: int, *, at_start: bool, rule: str) -> None:
        """Cut so many characters off one end in a rule's name; the rest is the line from now on."""
        gone, rest = (
            (self.text[:length], self.text[length:]) if at_start else (self.text[-length:], self.text[:-length])
        )
        part = Line(self.number, gone.strip(), LinePlace.REMOVED, rule)
        if at_start:
            self.before.append(part)
        else:
            self.after.insert(0, part)
        self._read(rest.strip())

    def parts(self, default: LinePlace = LinePlace.BODY) -> tuple[Line, ...]:
        """The line as the ledger has it: itself, and before and after it what was cut off."""
        middle = Line(self.number, self.text, self.place or default, self.rule, self.reason)
        return (*self.before, middle, *self.after)

    @property
    def open(self) -> bool:
        """Whether no rule has decided the line yet."""
        return self.place is None

    @property
    def content(self) -> frozenset[str]:
        """The words of the line that say what it is about."""
        if self._content is None:
            self._content = frozenset(_CONTENT.findall(self.key)) - COMMON
        return self._content


class Page:
    """The non-blank lines of one page in order, and what the caller knows of it."""

    __slots__ = ("echoes", "hints", "lines")

    def __init__(self, lines: Iterable[str], hints: Hints) -> None:
        self.hints = hints
        self.echoes: dict[int, Echo] | None = None
        """Which lines repeat which, once `page_echoes` was asked."""
        self.lines: list[PageLine] = []
        blank = True
        for number, text in enumerate(lines, 1):
            stripped = text.strip()
            if stripped:
                self.lines.append(PageLine(number, stripped, blank))
            blank = not stripped

    def between_prose(self, index: int) -> bool:
        """Whether the lines right before and right after are prose that no rule has cut."""
        before, after = index - 1, index + 1
        if before < 0 or after >= len(self.lines):
            return False
        return all(self.lines[i].is_prose and self.lines[i].place != LinePlace.REMOVED for i in (before, after))

    def story_span(self) -> tuple[int, int]:
        """Indexes [start, end) from the first to behind the last line of open prose; (0, 0) where there is none."""
        prose = [i for i, line in enumerate(self.lines) if line.is_prose and line.place in (None, LinePlace.BODY)]
        return (prose[0], prose[-1] + 1) if prose else (0, 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an editor is told about a rule: its name in the ledger and what it does, in one plain sentence."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: the rules it may name, and the function that decides lines in their names."""

    rules: tuple[Rule, ...]
    run: Callable[[Page], None]
