"""Who says a quotation: the words beside it, or whoever was speaking already; nobody where it is not plain."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from archive.choices import EntityKind
from archive.ingest.entities.lexicon import MEN, PREPOSITIONS, ROLES, SPEECH, WOMEN
from archive.ingest.entities.page import Page
from archive.ingest.entities.quotes import Quoted, find_quotes
from archive.ingest.records import NamedEntity, Quote, Span

REACH = 30
"""Words beside a quotation in which its speaker is sought."""
HE, SHE = frozenset({"he", "him"}), frozenset({"she", "her"})
_HIS = frozenset(
    {"mr", "mr.", "sir", "lord", "king", "prince", "spokesman", "chairman", "businessman", "brother", "congressman"}
)
_HERS = frozenset(
    {
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "miss",
        "dame",
        "lady",
        "queen",
        "princess",
        "spokeswoman",
        "chairwoman",
        "actress",
        "sister",
    }
)
NOBODY = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """A mention as words [i, j) of the page."""

    i: int
    j: int
    entity: NamedEntity


def attribute(page: Page, entities: Sequence[NamedEntity]) -> tuple[Quote, ...]:
    """The quotations of a page with their speakers (names as in `NamedEntity.name`, "" where it is not plain)."""
    quoted = find_quotes(page.text)
    if not quoted:
        return ()
    return tuple(_Attribution(page, entities, quoted).quotes())


class _Attribution:
    """One pass over the quotations of a page, remembering who spoke last."""

    def __init__(self, page: Page, entities: Sequence[NamedEntity], quoted: list[Quoted]) -> None:
        self.page = page
        self.quoted = quoted
        self.named = sorted(
            (_Named(*page.between(span.start, span.end), entity) for entity in entities for span in entity.mentions),
            key=lambda one: one.i,
        )
        self.starts = [one.i for one in self.named]
        self.ranges = [page.between(one.start, one.end) for one in quoted]
        self.inside = bytearray(len(page) + 1)
        for i, j in self.ranges:
            self.inside[i:j] = b"\1" * (j - i)
        self.last: tuple[int, NamedEntity] | None = None
        """The word at which somebody spoke last, and who."""
        self.sex = {entity.name: sex for entity in entities if (sex := self._sex(entity))}

    def quotes(self) -> list[Quote]:
        found: list[Quote] = []
        said: dict[int, NamedEntity | None] = {}
        for number, one in enumerate(self.quoted):
            own = self._beside(number)
            speaker = own.entity if own.found else self._carried(number, said)
            said[number] = speaker
            if speaker is not None:
                self.last = (self.ranges[number][1], speaker)
            span = Span(one.start, one.end, self.page.text[one.start : one.end])
            found.append(Quote(span, speaker.name if speaker else NOBODY))
        return found

    def _beside(self, number: int) -> "_Said":
        """What the sentence around a quotation says of its speaker."""
        i = self.ranges[number][0]
        after = self._after(number)
        if after.found:
            return after
        return self._before(i)

    # After the quotation: “…,” Smith said. “…,” said Smith. “…,” according to Smith.

    def _after(self, number: int) -> "_Said":
        start = self.ranges[number][1]
        end = self._sentence_end(start, opens=self.quoted[number].end)
        if self.quoted[number].goes_on or end <= start:
            return _Said()
        words = [word.casefold() for word in self.page.words[start:end]]
        if words[:2] == ["according", "to"]:
            return self._first_named(start + 2, end)
        if words[0] in _JOINING:
            return _Said()
        for k, word in enumerate(words):
            if word not in SPEECH:
                continue
            if k <= 1 and (k == 0 or words[0].endswith("ly")):
                return self._subject_after(start + k + 1, end)
            return self._subject_before(start, start + k)
        return _Said()

    def _subject_after(self, start: int, end: int) -> "_Said":
        """The one named after the verb ("said Prime Minister Tony Blair")."""
        if start >= end:
            return _Said()
        word = self.page.words[start].casefold()
        if word in HE | SHE:
            return _Said(True, self._meant(start, word))
        person = self._first(start, end, EntityKind.PERSON)
        if person is not None and not (
            word in ("a", "an", "one") and self.page.words[person.i - 1] in ("for", "of", "to")
        ):
            return _Said(True, person.entity)
        thing = self._first(start, min(start + 2, end), EntityKind.ORGANISATION)
        if thing is not None and word not in ("a", "an", "one"):
            return _Said(True, thing.entity)
        return _Said(True, self._role(start, end) if word == "the" else None)

    def _subject_before(self, start: int, verb: int) -> "_Said":
        """The one named before the verb, in [start, verb)."""
        people = [one for one in self._between(start, verb) if one.entity.kind is EntityKind.PERSON]
        words = [word.casefold() for word in self.page.words[start:verb]]
        subject = self._best(people, start, verb)
        pronoun = next((k for k in range(len(words) - 1, -1, -1) if words[k] in ("he", "she")), None)
        if pronoun is not None and (subject is None or start + pronoun > subject.j):
            return _Said(True, self._meant(start + pronoun, words[pronoun]))
        if subject is not None:
            return _Said(True, subject.entity)
        if not words or words[-1] in ("they", "i", "we", "it", "who"):
            return _Said(bool(words) and words[-1] in ("they", "i", "we"))
        if words[0] == "the":
            role = self._role(start, verb)
            if role is not None:
                return _Said(True, role)
        thing = self._first(start, verb, EntityKind.ORGANISATION)
        direct = thing is not None and (thing.j == verb or thing.i == start)
        return _Said(True, thing.entity if thing is not None and direct else None)

    def _best(self, people: list[_Named], start: int, verb: int) -> _Named | None:
        """Of several people before a verb the one that is its subject, as far as order and prepositions tell."""
        best: tuple[int, int] | None = None
        subject = None
        for n, one in enumerate(people):
            before = self.page.words[one.i - 1].casefold() if one.i > start else ""
            is_object = before in PREPOSITIONS or before.endswith("ing")
            score = -2 if is_object else 2 * (one.j == verb) + (one.i == start)
            if self.page.text[self.page.ends[one.j - 1] :][:2] in ("'s", "’s"):
                score -= 2
            if best is None or (score, -n) > best:
                best, subject = (score, -n), one
        return subject if best is not None and best[0] > -2 else None

    # Before the quotation: Smith said: “…”. Smith called it “…”.

    def _before(self, i: int) -> "_Said":
        start = self._sentence_start(i)
        if start >= i:
            return _Said()
        words = [word.casefold() for word in self.page.words[start:i]]
        for k in range(len(words) - 1, -1, -1):
            if words[k] in SPEECH or words[k] in _CALLED:
                if self.inside[start + k]:
                    continue
                if k == 0 or self.inside[start + k - 1]:
                    # “…,” comments Johnston in a statement, “…”
                    return self._subject_after(start + k + 1, i)
                return self._subject_before(start, start + k)
            if words[k : k + 2] == ["according", "to"]:
                return self._first_named(start + k + 2, i)
        last = self._between(start, i)
        if last and self.page.gaps[i].lstrip().startswith(":") and last[-1].j == i:
            return _Said(True, last[-1].entity)
        people = [one for one in last if one.entity.kind is EntityKind.PERSON and not self.inside[one.i]]
        subject = self._best(people[:1], start, i)
        if subject is not None:
            return _Said(True, subject.entity)
        if words[0] in ("he", "she"):
            return _Said(True, self._meant(start, words[0]))
        return _Said()

    # Nothing beside it: the one who spoke before, or will be named for the next part.

    def _carried(self, number: int, said: dict[int, NamedEntity | None]) -> NamedEntity | None:
        previous = number - 1
        if previous in said:
            near = self.ranges[number][0] - self.ranges[previous][1] < 4
            together = self._same_paragraph(self.ranges[previous][1], self.ranges[number][0])
            if self.quoted[previous].goes_on or (together and (near or said[previous] is not None)):
                return said[previous]
        following = self._named_next(number)
        if following.found:
            return following.entity
        return self._still_speaking(number) or self._subject_of_last_sentence(self.ranges[number][0])

    def _named_next(self, number: int) -> "_Said":
        """“One.” “Two,” she said; or a quotation of several paragraphs, attributed in a later one."""
        if number + 1 == len(self.quoted):
            return _Said()
        adjoining = self.ranges[number + 1][0] == self.ranges[number][1]
        return self._beside(number + 1) if adjoining or self.quoted[number].goes_on else _Said()

    def _still_speaking(self, number: int) -> NamedEntity | None:
        """Who spoke in the paragraph before, where this one opens with the quotation."""
        start = self.quoted[number].start
        opens = self.page.text.rfind("\n", 0, start) + 2 >= start
        if self.last is None or not opens or self.page.text.count("\n\n", self._at(self.last[0]), start) > 1:
            return None
        return self.last[1]

    def _subject_of_last_sentence(self, i: int) -> NamedEntity | None:
        """Smith was furious. “It is a disgrace.”"""
        start = self._sentence_start(self._sentence_start(i) - 1)
        if start >= i or not self._same_paragraph(start, i):
            return None
        people = [one for one in self._between(start, i) if one.entity.kind is EntityKind.PERSON]
        if people and people[0].i - start < 6:
            return people[0].entity
        first = self.page.words[start].casefold()
        return self._meant(start, first) if first in ("he", "she") else None

    # Words and who they mean.

    def _meant(self, k: int, pronoun: str) -> NamedEntity | None:
        """Whom "he" or "she" at word k means: who was named earlier in the paragraph, or who spoke last."""
        sex = "f" if pronoun in SHE else "m"
        here = self._paragraph_start(k)
        near = [one for one in self._between(here, k) if self._can_be(one, sex) and not self.inside[one.i]]
        if near:
            return near[0].entity if len({one.entity.name for one in near}) == 1 else self._topic(near, k)
        if (
            self.last is not None
            and self.sex.get(self.last[1].name, sex) == sex
            and self.last[1].kind is EntityKind.PERSON
        ):
            return self.last[1]
        earlier = [
            one
            for one in self._between(self._paragraph_start(self._paragraph_start(here - 1) - 1), here)
            if self._can_be(one, sex) and not self.inside[one.i]
        ]
        return self._topic(earlier, k) if earlier else None

    def _topic(self, people: list[_Named], k: int) -> NamedEntity:
        """Of several people the one that opened the latest sentence with a person in it."""
        start = self._sentence_start(people[-1].i)
        return next(one for one in people if one.i >= start).entity

    def _can_be(self, one: _Named, sex: str) -> bool:
        return one.entity.kind is EntityKind.PERSON and self.sex.get(one.entity.name, sex) == sex

    def _sex(self, entity: NamedEntity) -> str:
        """ "m" or "f" where a title or a given name says so."""
        if entity.kind is not EntityKind.PERSON:
            return ""
        words = {word.casefold() for role in entity.roles for word in role.split()}
        for span in entity.mentions:
            i, _ = self.page.between(span.start, span.end)
            if self.page.runs_on(i):
                words.add(self.page.words[i - 1].casefold())
        if words & _HERS or words & _HIS:
            return "f" if words & _HERS else "m"
        given = entity.name.split()[0].casefold()
        return "f" if given in WOMEN else "m" if given in MEN else ""

    def _role(self, start: int, end: int) -> NamedEntity | None:
        """Whom "the minister" means: the person last named with that role."""
        heads = [word.casefold() for word in self.page.words[start:end][:4] if word.casefold() in ROLES]
        if not heads:
            return None
        for one in reversed(self.named[: bisect_left(self.starts, start)]):
            roles = " ".join(one.entity.roles).casefold().split()
            if one.entity.kind is EntityKind.PERSON and heads[-1] in roles:
                return one.entity
        near = self.last is not None and self.page.text.count("\n\n", self._at(self.last[0]), self._at(start)) <= 2
        return self.last[1] if near and self.last and self.last[1].kind is EntityKind.PERSON else None

    def _at(self, k: int) -> int:
        """The code point where word k-1 ends."""
        return self.page.ends[k - 1] if k else 0

    def _first_named(self, start: int, end: int) -> "_Said":
        named = [one for one in self._between(start, end) if one.entity.kind is not EntityKind.PLACE]
        people = [one for one in named if one.entity.kind is EntityKind.PERSON]
        first = (people or named)[:1]
        return _Said(True, first[0].entity if first else None)

    def _first(self, start: int, end: int, kind: EntityKind) -> _Named | None:
        return next((one for one in self._between(start, end) if one.entity.kind is kind), None)

    def _between(self, start: int, end: int) -> list[_Named]:
        return self.named[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    # Sentences and paragraphs as ranges of words.

    def _sentence_end(self, start: int, opens: int) -> int:
        """The word where the sentence after a quotation ends, or the next quotation begins."""
        page, k = self.page, start
        if start >= len(page) or "\n" in page.text[opens : page.starts[start]]:
            return start
        if _full_stop(page.text[opens : page.starts[start]].lstrip("\"”’' ")):
            return start
        while k < len(page) and k - start < REACH and not self.inside[k]:
            if k > start and (_full_stop(page.gaps[k]) or "\n" in page.gaps[k]):
                break
            k += 1
        return k

    def _sentence_start(self, i: int) -> int:
        """The word that opens the sentence in which word i stands."""
        page, k = self.page, max(min(i, len(self.page) - 1), 0)
        while k > 0 and i - k < REACH:
            if "\n" in page.gaps[k] or _full_stop(page.gaps[k]):
                break
            if self.inside[k - 1] and not self.inside[k] and _ends_inside(page, k):
                break
            k -= 1
        return k

    def _paragraph_start(self, k: int) -> int:
        while k > 0 and (k >= len(self.page) or "\n" not in self.page.gaps[k]):
            k -= 1
        return max(k, 0)

    def _same_paragraph(self, a: int, b: int) -> bool:
        a, b = max(a, 0), min(b, len(self.page) - 1)
        if a >= len(self.page):
            return False
        return "\n" not in self.page.text[self.page.starts[a] : self.page.starts[b]]


@dataclass(frozen=True, slots=True)
class _Said:
    """Whether an attribution was found, and whom it names (None: somebody unnamed)."""

    found: bool = False
    entity: NamedEntity | None = None


_JOINING = frozenset({"and", "but", "or", "as", "because", "while", "that", "before", "in", "to", "of", "for", "with"})
"""Words that carry the sentence on after a quotation, so that a verb farther on is not its own."""
_CALLED = frozenset(
    {"called", "calling", "described", "describing", "saying", "quoted", "writing", "tweeting", "adding", "dubbed"}
)


def _full_stop(gap: str) -> bool:
    return any(mark in gap for mark in ".!?") and not gap.endswith(".")


def _ends_inside(page: Page, k: int) -> bool:
    """Whether the quotation before word k ended its sentence inside the marks."""
    return any(mark in page.gaps[k] for mark in ".!?")
