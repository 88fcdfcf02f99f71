"""A query's nodes → the query that the cluster answers, by the same rules as the embedded engine (whoosh/compiling.py).

Whatever needs places is a span query: of all that the server offers these alone score a phrase by how often it stands.
"""

from typing import Any

from archive.errors import ArchiveError
from archive.search import query
from archive.search.backends import analysis
from archive.search.backends.forms import says_something
from archive.search.backends.opensearch.mapping import DAYS, ID
from archive.search.backends.shape import ANALYSED, EXACT, KEYWORDS, fields_of
from archive.search.query import TextField

Query = dict[str, Any]
NEVER: Query = {"match_none": {}}
ALWAYS: Query = {"exists": {"field": ID}}
"""Every article: the document that counts commits has no id."""
MAX_EXPANSIONS = 1_000
"""Terms that a beginning inside a phrase, or a misspelt word, stands for at most; the server allows 1,024."""


def compile_query(root: query.Node) -> Query:
    """Raises `ArchiveError` for a node that should have been resolved before (`Named`)."""
    match root:
        case query.Everything():
            return unscored(ALWAYS)
        case query.Nothing():
            return NEVER
        case query.And(parts):
            # As in the embedded engine: a part of punctuation alone asks for nothing.
            telling = [part for part in parts if says_something(part)]
            if parts and not telling:
                return NEVER
            return {"bool": {"must": [compile_query(part) for part in telling]}} if telling else unscored(ALWAYS)
        case query.Or(parts):
            return _any([compile_query(part) for part in parts])
        case query.Not(part):
            return unscored({"bool": {"filter": [ALWAYS], "must_not": [compile_query(part)]}})
        case query.KeywordIn(field, values):
            return unscored({"terms": {KEYWORDS[field]: list(values)}})
        case query.Dated(start, end):
            bounds = {"gte": start.toordinal() if start else 1} | ({"lte": end.toordinal()} if end else {})
            return unscored({"range": {DAYS: bounds}})
        case query.Near(left, right, distance, field):
            return _any([_boosted(_near(left, right, distance, place), boost) for place, boost in fields_of(field)])
        case query.Word(field=field) | query.Prefix(field=field) | query.Fuzzy(field=field) | query.Phrase(field=field):
            return _any([_boosted(_placed(root, place), boost) for place, boost in fields_of(field)])
    raise ArchiveError(f"{root!r} must be resolved before it is searched.")


def unscored(part: Query) -> Query:
    """The same matches, which add nothing to the score."""
    return {"constant_score": {"filter": part, "boost": 0}}


def _any(parts: list[Query]) -> Query:
    found = [part for part in parts if part is not NEVER]
    if len(found) <= 1:
        return found[0] if found else NEVER
    return {"bool": {"should": found, "minimum_should_match": 1}}


def _boosted(part: Query, boost: float) -> Query:
    return part if boost == 1 or part is NEVER else {"bool": {"must": [part], "boost": boost}}


def _placed(node: query.Word | query.Prefix | query.Fuzzy | query.Phrase, place: TextField) -> Query:
    """The words that match in one field: plain term queries where no places are needed."""
    match node:
        case query.Word(text, _, exact):
            return _any([_row(terms, 0, place, exact=exact) for terms in analysis.alternatives(text)])
        case query.Phrase(_, slop):
            return _row(_phrase_terms(node), slop, place, exact=False)
        case query.Prefix(text):
            ways = analysis.alternatives(text)
            if ways and len(ways[0]) > 1:
                return _row(ways[0], 0, place, exact=True)
            return {"prefix": {EXACT[place]: {"value": analysis.single_term(text)}}}
        case query.Fuzzy(text, distance):
            return _fuzzy(analysis.single_term(text), distance, EXACT[place])


def _phrase_terms(phrase: query.Phrase) -> tuple[str, ...]:
    ways = (analysis.alternatives(word, inside_phrase=True) for word in phrase.words)
    return tuple(term for sequences in ways if sequences for term in sequences[-1])


def _fuzzy(term: str, distance: int, field: str) -> Query:
    options = {"fuzziness": distance, "transpositions": False, "max_expansions": MAX_EXPANSIONS, "prefix_length": 0}
    return {"fuzzy": {field: {"value": term, **options}}}


def _row(terms: tuple[str, ...], slop: int, place: TextField, *, exact: bool) -> Query:
    """Words one after another; a single one needs no places."""
    if not terms:
        return NEVER
    if len(terms) == 1:
        field, forms = _forms(terms[0], place, exact)
        return _any([{"term": {field: form}} for form in forms])
    return _in_order([_span(term, place, exact) for term in terms], slop)


def _forms(term: str, place: TextField, exact: bool) -> tuple[str, list[str]]:
    """(field, forms) of one word: as written, or in the form that its document's language has it in."""
    if exact or place is TextField.BYLINE:
        return EXACT[place], [term]
    return ANALYSED[place], list(dict.fromkeys(analysis.analysed(term, stemmed) for stemmed in (True, False)))


def _span(term: str, place: TextField, exact: bool) -> Query:
    field, forms = _forms(term, place, exact)
    return _either([{"span_term": {field: form}} for form in forms])


def _either(clauses: list[Query]) -> Query:
    return clauses[0] if len(clauses) == 1 else {"span_or": {"clauses": clauses}}


def _in_order(clauses: list[Query], slop: int) -> Query:
    return {"span_near": {"clauses": clauses, "slop": slop, "in_order": True}}


def _near(left: query.Node, right: query.Node, distance: int, place: TextField) -> Query:
    """Either side first, at most so many places from the end of the one to the beginning of the other."""
    sides = _spans(left, place), _spans(right, place)
    if None in sides:
        return NEVER
    one, other = (side for side in sides if side is not None)
    return _either([_in_order([one, other], distance - 1), _in_order([other, one], distance - 1)])


def _spans(node: query.Node, place: TextField) -> Query | None:
    """A side of a nearness. Sides may stand in fields of different forms, so all are taken for the analysed one's."""
    found: list[Query] = []
    match node:
        case query.Word(text, _, exact):
            ways = analysis.alternatives(text)
            found = [_sequence(terms, 0, place, exact) for terms in ways]
        case query.Phrase(_, slop) if terms := _phrase_terms(node):
            found = [_sequence(terms, slop, place, False)]
        case query.Prefix(text):
            ways = analysis.alternatives(text)
            if ways and len(ways[0]) > 1:
                found = [_sequence(ways[0], 0, place, True)]
            else:
                prefix = {"value": analysis.single_term(text), "rewrite": f"top_terms_{MAX_EXPANSIONS}"}
                found = [_masked({"span_multi": {"match": {"prefix": {EXACT[place]: prefix}}}}, place)]
    return _either(found) if found else None


def _sequence(terms: tuple[str, ...], slop: int, place: TextField, exact: bool) -> Query:
    clauses = [_span(term, place, exact) for term in terms]
    row = clauses[0] if len(clauses) == 1 else _in_order(clauses, slop)
    return _masked(row, place) if exact else row


def _masked(span: Query, place: TextField) -> Query:
    return {"field_masking_span": {"query": span, "field": ANALYSED[place]}}
