"""A query's nodes → the plan that answers them on one snapshot. The rules of matching are decided here."""

from collections.abc import Callable

from archive.errors import ArchiveError
from archive.search import query
from archive.search.backends import analysis
from archive.search.backends.forms import says_something
from archive.search.backends.shape import ANALYSED, EXACT, KEYWORDS, fields_of
from archive.search.backends.whoosh import fuzzy
from archive.search.backends.whoosh.places import Either, Near, Phrase, Placed, Single
from archive.search.backends.whoosh.plan import All, Any, Between, Every, Never, Plan, Run, Terms, Values, Without
from archive.search.backends.whoosh.snapshot import Snapshot
from archive.search.query import TextField

_LAST_DAY = 3_652_059
"""9999-12-31 as a proleptic ordinal."""


def compile_query(snapshot: Snapshot, root: query.Node) -> Plan:
    """Raises `ArchiveError` for a node that should have been resolved before (`Named`)."""
    return _Compiler(snapshot).node(root)


class _Compiler:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def node(self, node: query.Node) -> Plan:
        match node:
            case query.Everything():
                plan: Plan = Every()
            case query.Nothing():
                plan = Never()
            case query.And(parts):
                # A dash or an ampersand by itself asks for nothing, so it must not keep the rest from being found.
                plan = _joined(All, [self.node(part) for part in parts if says_something(part)], Every)
                if parts and not any(map(says_something, parts)):
                    plan = Never()
            case query.Or(parts):
                plan = _joined(Any, [self.node(part) for part in parts], Never)
            case query.Not(part):
                plan = Without(self.node(part))
            case query.KeywordIn(field, values):
                plan = Values(KEYWORDS[field], values)
            case query.Dated(start, end):
                plan = Between("days", [(start.toordinal() if start else 1, end.toordinal() if end else _LAST_DAY)])
            case query.Near(left, right, distance, field):
                plan = self._anywhere(
                    field,
                    lambda place, boost: Near(
                        self._placed(left, place, boost), self._placed(right, place, boost), distance
                    ),
                )
            case (
                query.Word(field=field)
                | query.Prefix(field=field)
                | query.Fuzzy(field=field)
                | query.Phrase(field=field)
            ):
                found = node
                plan = self._anywhere(field, lambda place, boost: self._placed(found, place, boost))
            case _:
                raise ArchiveError(f"{node!r} must be resolved before it is searched.")
        return plan

    def _anywhere(self, field: TextField, make: Callable[[TextField, float], Plan]) -> Plan:
        return _joined(Any, [make(place, boost) for place, boost in fields_of(field)], Never)

    def _placed(
        self, node: query.Word | query.Prefix | query.Fuzzy | query.Phrase, place: TextField, boost: float
    ) -> Placed:
        match node:
            case query.Word(text, _, exact):
                ways = [self._row(terms, 0, place, exact, boost) for terms in analysis.alternatives(text)]
            case query.Phrase(words, slop):
                found = [
                    sequence[-1] for word in words if (sequence := analysis.alternatives(word, inside_phrase=True))
                ]
                ways = [self._row(tuple(term for terms in found for term in terms), slop, place, False, boost)]
            case query.Prefix(text):
                ways = [self._prefixed(text, place, boost)]
            case query.Fuzzy(text, distance):
                ways = [self._misspelt(text, distance, place, boost)]
        return ways[0] if len(ways) == 1 else Either(ways)

    def _row(self, terms: tuple[str, ...], slop: int, place: TextField, exact: bool, boost: float) -> Placed:
        """Words one after another; a single one needs no places."""
        if not terms:
            return Either(())
        words = [self._word(term, place, exact, boost) for term in terms]
        return Single(words[0]) if len(words) == 1 else Phrase(words, slop)

    def _word(self, term: str, place: TextField, exact: bool, boost: float) -> Terms:
        """One word: as written, or in the form its document's language has it in."""
        if exact or place is TextField.BYLINE:
            forms = [(EXACT[place], term)]
        else:
            forms = [(ANALYSED[place], analysis.analysed(term, stemmed)) for stemmed in (True, False)]
        runs: dict[int, list[Run]] = {}
        for part in self._snapshot.parts:
            for field, form in forms:
                postings = part.columns.postings[field]
                if (number := postings.terms.find(form.encode())) >= 0:
                    runs.setdefault(part.index, []).append(Run(field, postings, number, number + 1))
        return Terms(self._snapshot, runs, boost)

    def _prefixed(self, text: str, place: TextField, boost: float) -> Placed:
        ways = analysis.alternatives(text)
        if ways and len(ways[0]) > 1:
            # Unspaced script, where a word begins anywhere: what it begins with is simply to be found.
            return self._row(ways[0], 0, place, True, boost)
        field = EXACT[place]
        runs = {
            part.index: [Run(field, postings, *span)]
            for part, (postings, span) in zip(self._snapshot.parts, self._snapshot.prefixed(field, text), strict=True)
            if span[0] < span[1]
        }
        return Single(Terms(self._snapshot, runs, boost))

    def _misspelt(self, text: str, distance: int, place: TextField, boost: float) -> Placed:
        field = EXACT[place]
        runs: dict[int, list[Run]] = {}
        for part in self._snapshot.parts:
            postings = part.columns.postings[field]
            numbers = fuzzy.within(postings.terms, analysis.single_term(text), distance)
            if numbers:
                runs[part.index] = [Run(field, postings, number, number + 1) for number in numbers]
        return Single(Terms(self._snapshot, runs, boost))


def _joined(kind: type[All] | type[Any], plans: list[Plan], empty: type[Every] | type[Never]) -> Plan:
    if not plans:
        return empty()
    if kind is Any:
        plans = [part for plan in plans for part in (plan.parts if isinstance(plan, Any) else (plan,))]
    return plans[0] if len(plans) == 1 else kind(plans)
