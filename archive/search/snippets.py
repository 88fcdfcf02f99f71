"""The passage of an article that answers a query, and its title: escaped first, then the matching words marked."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MAX_CHARACTERS = 260
_MANY_FORMS = 100
# Inner marks go, other marks that are no ASCII become some that are.
_SQUEEZED = str.maketrans("“”–—…\u00a0", '""    ', "'’‘-.,&`")
Analyse = Callable[[str, str], list[tuple[str, int, int]]]
"""`SearchBackend.analyse`: (term, start, end) of the words of a text in a language."""


Word = tuple[tuple[int, int], frozenset[str]]
"""Where a word of a text stands, and its forms."""


@dataclass(frozen=True, slots=True)
class MarkedPhrase:
    """Words that are marked only where they follow one another, with at most `slop` others in between altogether."""

    forms: dict[str, tuple[frozenset[str], ...]]
    """By text field, the forms of each word."""
    slop: int = 0

    def spans(self, words: Sequence[Word], field: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, form) of the words of a text that are part of the phrase; these need not come in order."""
        wanted = self.forms.get(field, ())
        if not wanted or not all(wanted):
            return
        for first, (_, forms) in enumerate(words):
            if forms & wanted[0] and (places := self._from(words, first, wanted)):
                for place, meant in zip(places, wanted, strict=True):
                    span, held = words[place]
                    yield (*span, min(held & meant))

    def _from(self, words: Sequence[Word], first: int, wanted: Sequence[frozenset[str]]) -> list[int]:
        """The places of the words of a phrase that begins at `first`, always the next possible one; else none."""
        places = [first]
        last = first + len(wanted) - 1 + self.slop
        for forms in wanted[1:]:
            following = range(places[-1] + 1, min(last, len(words) - 1) + 1)
            found = next((place for place in following if words[place][1] & forms), None)
            if found is None:
                return []
            places.append(found)
        return places


@dataclass(frozen=True, slots=True)
class Passage:
    """What of a text answers a query: shown as `html`, from the text's paragraph `number`, where `spans` matched.

    `number` is the place in the sequence that was given, from 0; no spans: nothing matched, and it is the beginning.
    """

    html: SafeString
    number: int = 0
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Marks what a query matched: words in any of the `forms` (`SearchBackend.matched_forms`), and whole phrases."""

    analyse: Analyse
    forms: dict[str, set[str]]
    phrases: tuple[MarkedPhrase, ...] = ()

    def title(self, text: str, language: str) -> SafeString:
        return _marked(text, self._spans(text, language, "title"))

    def passage(self, paragraphs: Sequence[str], language: str) -> Passage:
        """The best passage of the text, at most about 260 characters; its beginning where nothing matches.

        Where two shorter ones, from wherever they stand, hold more of the words sought, it is both of them.
        """
        found = [
            (number, spans)
            for number, paragraph in enumerate(paragraphs)
            if (spans := self._spans(paragraph, language, "body"))
        ]
        if not found:
            first = next((paragraph for paragraph in paragraphs if paragraph), "")
            return Passage(_shown([(first, (0, _end_of(first, 0, MAX_CHARACTERS)), [])]))
        chosen, limit = [_best(found, MAX_CHARACTERS)], MAX_CHARACTERS
        every = {term for _, spans in found for _, _, term in spans}
        if every - chosen[0].terms:
            half = MAX_CHARACTERS // 2
            one = _best(found, half)
            left = [(number, [span for span in spans if span[2] not in one.terms]) for number, spans in found]
            other = _best(left, half)
            if len(one.terms | other.terms) > len(chosen[0].terms):
                chosen, limit = [one, other], half
        number, all_spans = chosen[0].number, dict(found)
        windows: list[tuple[int, tuple[int, int]]] = []
        for stretch in sorted(chosen, key=lambda stretch: (stretch.number, stretch.ends)):
            start, end = _window(paragraphs[stretch.number], stretch.ends, limit)
            if windows and windows[-1][0] == stretch.number and start <= windows[-1][1][1] + 1:
                start = windows.pop()[1][0]
            windows.append((stretch.number, (start, end)))
        pieces = [(paragraphs[number], window, all_spans[number]) for number, window in windows]
        return Passage(_shown(pieces), number, tuple((start, end) for start, end, _ in all_spans[number]))

    def counts(self, paragraphs: Sequence[str], language: str, field: str) -> Counter[str]:
        """How often each matching word stands in a text, as written."""
        return Counter(
            paragraph[start:end]
            for paragraph in paragraphs
            for start, end, _ in self._spans(paragraph, language, field)
        )

    def _spans(self, text: str, language: str, field: str) -> list[tuple[int, int, str]]:
        """(start, end, term) of each matching word, in order; a word that matches in several forms counts once."""
        wanted = self.forms.get(field, set())
        if field == "body":
            # What is sought in quotations stands in the body too.
            wanted = wanted | self.forms.get("said", set())
        ways = [phrase for phrase in self.phrases if phrase.forms.get(field)]
        # A phrase needs all of its words, so any one of them will do to sieve by; the longest is the rarest, mostly.
        sieved = [max(phrase.forms[field], key=lambda forms: min(map(len, forms), default=0)) for phrase in ways]
        if not any(may_hold(text, forms) for forms in (wanted, *sieved) if forms):
            return []
        found: dict[tuple[int, int], str] = {}
        words: dict[tuple[int, int], set[str]] = {}
        for term, start, end in self.analyse(text, language):
            words.setdefault((start, end), set()).add(term)
            if term in wanted:
                # The stem comes last: two forms of one word are the same word to the passage.
                found[start, end] = term
        if ways:
            inner = _innermost({span: frozenset(forms) for span, forms in words.items()})
            for phrase in ways:
                for start, end, term in phrase.spans(inner, field):
                    found.setdefault((start, end), term)
        return [(start, end, term) for (start, end), term in sorted(found.items())]


def _innermost(words: dict[tuple[int, int], frozenset[str]]) -> list[Word]:
    """The words of a text in order, without those that are several joined ("O'Brien" beside "O" and "Brien")."""
    found: list[Word] = []
    for span in sorted(words, key=lambda span: (span[0], -span[1])):
        if found and span[1] <= found[-1][0][1]:
            found.pop()
        found.append((span, words[span]))
    return found


def may_hold(text: str, forms: Collection[str]) -> bool:
    """False where none of the forms can be in a text: a sieve that spares most paragraphs their analysis.

    An English stem without its last letter is how every word of that stem begins (Porter 1980 changes no more than one
    letter before what it cuts off); inner marks are left out as the analysis joins words. Other scripts are not sieved.
    """
    plain = text.translate(_SQUEEZED)
    if not plain.isascii() or len(forms) > _MANY_FORMS:
        return True
    return bool(_sieve(frozenset(forms)).search(plain.lower()))


@lru_cache(maxsize=256)
def _sieve(forms: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form[:-1] if len(form) > 2 else form) for form in sorted(forms)))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of a paragraph from its first matching word to its last."""

    number: int
    ends: tuple[int, int]
    terms: frozenset[str]


def _best(found: Iterable[tuple[int, list[tuple[int, int, str]]]], limit: int) -> _Stretch:
    """The stretch with the most different matching words, then the most of them, then the first."""
    best, chosen = 0, _Stretch(0, (0, 0), frozenset())
    for number, spans in found:
        for first, (start, end, _) in enumerate(spans):
            # A word longer than all that is shown is shown all the same.
            within = [span for span in spans[first : first + 40] if span[1] <= max(start + limit, end)]
            terms = frozenset(term for _, _, term in within)
            if (score := 100 * len(terms) + len(within)) > best:
                best, chosen = score, _Stretch(number, (start, within[-1][1]), terms)
    return chosen


def _window(text: str, ends: tuple[int, int], limit: int) -> tuple[int, int]:
    """A stretch with as much around it as there is room, cut between words."""
    start, end = ends
    room = max(0, limit - (end - start))
    start = max(0, start - room // 3)
    start = 0 if start == 0 else text.find(" ", start - 1) + 1 or start
    return min(start, ends[0]), max(_end_of(text, start, end + room), end)


def _end_of(text: str, start: int, end: int) -> int:
    """The end, moved back between two words; where it is, in a script without blanks."""
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", start, end)
    return blank if blank > start else end


def _shown(pieces: list[tuple[str, tuple[int, int], list[tuple[int, int, str]]]]) -> SafeString:
    """Pieces of texts with their spans marked, and dots wherever something is left out."""
    before = "… " if pieces[0][1][0] else ""
    after = " …" if pieces[-1][1][1] < len(pieces[-1][0]) else ""
    inner = [
        _marked(text[start:end], [(a - start, b - start) for a, b, _ in spans if a >= start and b <= end])
        for text, (start, end), spans in pieces
    ]
    return mark_safe(before + " … ".join(inner) + after)  # noqa: S308 - `_marked` escapes


def _marked(text: str, spans: Iterable[tuple[int, int] | tuple[int, int, str]]) -> SafeString:
    """HTML of a text with `<mark>` around the spans; every piece of the text is escaped by itself."""
    parts, at = [], 0
    for start, end, *_ in spans:
        if start < at:
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every piece was escaped above
