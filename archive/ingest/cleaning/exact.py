"""Rules that know a line by its own words: whole-line phrases and patterns, and how a line is held against them.

Phrases and patterns are written against `PageLine.key`: lower case, plain quotes and dashes, single blanks. Patterns
match whole lines; they hold no nested quantifier, so none takes more than linear time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.ingest.cleaning.first_letters import first_letters
from archive.ingest.cleaning.page import Page, Rule, Step

MAX_WORDS = 90
"""No furniture that is known by its words alone is longer; beyond it a line is not held against any pattern."""

MAX_LENGTH = 600
SUBHEAD_WORDS = 2

_ORNAMENT = " •|-:><*+=_~[](){},;/→←↓↑×✕✖❯›‹"


_FAMILY = re.compile(r"\[(?P<name>[\w-]+)\](?P<sparing> ~)? (?P<says>.+)")
FURNITURE_FILE = Path(__file__).with_name("furniture.txt")


@dataclass(frozen=True, slots=True)
class Furniture:
    """A rule that cuts lines which say nothing but this, wherever they stand."""

    name: str
    says: str
    phrases: tuple[str, ...]
    """Whole lines; ornament around a line ("| Share |") and saying it twice ("Share Share") make no difference."""
    patterns: tuple[str, ...]
    """Regular expressions for whole lines."""
    inner: tuple[tuple[str, str], ...]
    """(cue, regular expression): found anywhere in a line that holds the cue, the line is cut."""
    spares_subheads: bool
    """Whether a short phrase between two paragraphs is left alone: there "Weather" is a subhead, not a menu entry."""


def read_families(path: Path = FURNITURE_FILE) -> tuple[Furniture, ...]:
    """The families of the file, which says itself how it is written. Raises ValueError at a line outside a family."""
    found: list[Furniture] = []
    head: re.Match[str] | None = None
    phrases: list[str] = []
    patterns: list[str] = []
    inner: list[tuple[str, str]] = []

    def close() -> None:
        if head is not None:
            texts = tuple(phrases), tuple(patterns), tuple(inner)
            found.append(Furniture(head["name"], head["says"], *texts, bool(head["sparing"])))
            for texts_of_one in (phrases, patterns, inner):
                texts_of_one.clear()

    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        if match := _FAMILY.match(line):
            close()
            head = match
        elif head is None:
            raise ValueError(f"{path.name}, line {number}: a phrase before the first [family]")
        elif line.startswith("/"):
            patterns.append(line[1:])
        elif line.startswith("? "):
            cue, pattern = line[2:].split(" ? ", 1)
            inner.append((cue, pattern))
        else:
            phrases.append(line)
    close()
    return tuple(found)


def _by_first_letter(families: Sequence[Furniture]) -> Callable[[str], tuple[re.Pattern[str], tuple[str, ...]]]:
    """A function from a line's first character to one pattern of all that may match it, and the family of each part.

    One pattern of many alternatives is tried in a tenth of the time that as many patterns take.
    """
    known = [(family.name, pattern, first_letters(pattern)) for family in families for pattern in family.patterns]

    @lru_cache(maxsize=256)
    def patterns_of(letter: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
        chosen = [(name, pattern) for name, pattern, letters in known if letters is None or letter in letters]
        whole = "|".join(f"(?P<family{number}>{pattern})" for number, (_, pattern) in enumerate(chosen))
        return re.compile(whole or r"(?!)"), tuple(name for name, _ in chosen)

    return patterns_of


def furniture_step(families: Sequence[Furniture]) -> Step:
    """The step that cuts every line which one of the families knows; the first family to know it gives its name."""
    phrases: dict[str, str] = {"": "invisible"}
    for family in families:
        for phrase in family.phrases:
            phrases.setdefault(phrase, family.name)
    patterns_of = _by_first_letter(families)
    inner = [(cue, re.compile(pattern), family.name) for family in families for cue, pattern in family.inner]
    cues = tuple({cue for cue, _, _ in inner})
    sparing = {family.name for family in families if family.spares_subheads}

    @lru_cache(maxsize=4096)
    def family_of(key: str) -> str:
        bare = key.strip(_ORNAMENT)
        if not bare:
            return "" if key else phrases[""]
        if name := phrases.get(bare) or phrases.get(key):
            return name
        middle = len(bare) // 2
        doubled = bare[0] == bare[-middle or 0] and bare[:middle].strip() == bare[middle:].strip()
        if doubled and (name := phrases.get(bare[:middle].strip())):
            return name
        for candidate in (key, bare) if bare != key else (key,):
            pattern, names = patterns_of(candidate[0])
            if (match := pattern.fullmatch(candidate)) and match.lastgroup:
                return names[int(match.lastgroup.removeprefix("family"))]
        if present := [cue for cue in cues if cue in key]:
            return next((name for cue, found, name in inner if cue in present and found.search(key)), "")
        return ""

    def run(page: Page) -> None:
        for index, line in enumerate(page.lines):
            if line.place is not None or line.words > MAX_WORDS or not (name := family_of(line.key[:MAX_LENGTH])):
                continue
            if name in sparing and line.words <= SUBHEAD_WORDS and page.between_prose(index):
                continue
            line.remove(name)

    return Step(tuple(Rule(family.name, family.says) for family in families), run)
