"""Documents → one segment's columns, in memory: each distinct piece of text is analysed once, the rest is arrays."""

from array import array
from collections import defaultdict

import numpy as np
from whoosh.util.numeric import length_to_byte

from archive.search.backends import analysis, shape
from archive.search.backends.shape import day_of, keywords_of, moment_of
from archive.search.backends.whoosh.arrays import Array, narrow, spread
from archive.search.backends.whoosh.columns import Columns, Postings, Vocabulary, gathered
from archive.search.documents import IndexDocument
from archive.search.query import TextField
from archive.search.stop_words import STOP_WORDS

_PLACES = (TextField.TITLE, TextField.ANYWHERE, TextField.BYLINE, TextField.SAID)


class _Terms(dict[str, int]):
    """Numbers terms in the order they come."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


class _Lexicon(dict[str, int]):
    """Numbers blank-separated pieces of text; the tables say what each is indexed as.

    No rule of analysis looks across a blank, so a piece means the same wherever it stands.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms = _Terms()
        self.starts = array("q", [0])
        self.term, self.shift = array("i"), array("i")
        self.width, self.weight = array("i"), array("i")
        """Places that a piece takes; how much longer it makes a text, in which stop words do not count."""

    def __missing__(self, piece: str) -> int:
        width = weight = 0
        for token in analysis.tokens(piece):
            self.term.append(self.terms[token.term])
            self.shift.append(token.position)
            width += not token.extra
            weight += not token.extra and token.term not in STOP_WORDS
        self.starts.append(len(self.term))
        self.width.append(width)
        self.weight.append(weight)
        self[piece] = number = len(self.width) - 1
        return number


class Inverter:
    """Collects documents; `columns()` turns them into a segment."""

    def __init__(self) -> None:
        self._lexicon = _Lexicon()
        self._pieces = {place: array("I") for place in _PLACES}
        self._counts = {place: array("q") for place in _PLACES}
        self._keywords: dict[str, dict[str, list[int]]] = {
            name: defaultdict(list) for name in (*shape.KEYWORDS.values(), shape.DAY)
        }
        self._ids, self._moments, self._days, self._families = array("q"), array("q"), array("i"), array("q")
        self._hashes: list[bytes] = []
        self._stemmed: list[bool] = []

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def size(self) -> int:
        """Pieces of text held: what memory grows with."""
        return sum(map(len, self._pieces.values()))

    def add(self, document: IndexDocument) -> None:
        docnum = len(self._ids)
        number = self._lexicon.__getitem__
        for place, text in zip(_PLACES, (document.title, document.body, document.byline, document.said), strict=True):
            pieces = self._pieces[place]
            before = len(pieces)
            pieces.extend(map(number, text.split()))
            self._counts[place].append(len(pieces) - before)
        day = day_of(document)
        for name, values in keywords_of(document).items():
            for value in values:
                self._keywords[name][value].append(docnum)
        if day:
            self._keywords[shape.DAY][f"{day.year:04}{day:%m%d}"].append(docnum)
        self._ids.append(document.id)
        self._moments.append(moment_of(document))
        self._days.append(day.toordinal() if day else 0)
        self._families.append(document.family)
        self._hashes.append(document.content_hash.encode())
        self._stemmed.append(analysis.is_stemmed(document.language))

    def columns(self) -> Columns:
        """The segment of all documents added."""
        lexicon, count = self._lexicon, len(self._ids)
        exact_terms = list(lexicon.terms)
        forms = _Terms()
        stems = np.array([forms[analysis.stem(term)] for term in exact_terms], np.int32)
        marked = np.array([forms[analysis.EXACT_MARK + term] for term in exact_terms], np.int32)
        exact_order, form_order = _Order(exact_terms), _Order(list(forms))
        starts, width, weight = np.array(lexicon.starts), np.array(lexicon.width), np.array(lexicon.weight)
        all_terms, all_shifts = np.array(lexicon.term), np.array(lexicon.shift)
        stemmed = np.array(self._stemmed, bool)
        postings: dict[str, Postings] = {}
        lengths: dict[str, Array] = {}
        totals: dict[str, int] = {}
        for place in _PLACES:
            pieces, counts = np.array(self._pieces[place]), np.array(self._counts[place])
            doc_of = np.repeat(np.arange(count, dtype=np.int32), counts)
            widths = width[pieces].astype(np.int64)
            taken = np.bincount(doc_of, weights=widths, minlength=count).astype(np.int64)
            before = np.cumsum(taken) - taken
            # Whoosh cannot score a text of no length.
            length = np.bincount(doc_of, weights=weight[pieces], minlength=count).astype(np.int64)
            length = np.maximum(length, np.minimum(taken, 1))
            position = np.cumsum(widths) - widths - before[doc_of]
            many = starts[pieces + np.int64(1)] - starts[pieces]
            index = spread(starts[pieces], many)
            terms, docs = all_terms[index], np.repeat(doc_of, many)
            places = (np.repeat(position, many) + all_shifts[index]).astype(np.uint32)
            fields = {shape.EXACT[place]: exact_order.postings(terms, docs, places)}
            if place is not TextField.BYLINE:
                analysed = np.where(stemmed[docs], stems[terms], marked[terms])
                fields[shape.ANALYSED[place]] = form_order.postings(analysed, docs, places)
            length_bytes = np.fromiter(map(length_to_byte, length.tolist()), np.uint8, count)
            for name, found in fields.items():
                postings[name], lengths[name], totals[name] = found, length_bytes, int(length.sum())
        for name, values in self._keywords.items():
            postings[name] = gathered(sorted((value.encode(), docs) for value, docs in values.items()))
        return Columns(
            count=count,
            ids=np.array(self._ids, np.int64),
            moments=np.array(self._moments, np.int64),
            days=np.array(self._days, np.int32),
            families=np.array(self._families, np.int64),
            hashes=Vocabulary.of(self._hashes),
            postings=postings,
            lengths=lengths,
            totals=totals,
        )


class _Order:
    """Term numbers in the order of the terms' bytes, which is the order of a segment."""

    def __init__(self, terms: list[str]) -> None:
        encoded = [term.encode() for term in terms]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        self._sorted = [encoded[number] for number in order]
        self._rank = np.empty(len(order), np.int32)
        self._rank[order] = np.arange(len(order), dtype=np.int32)

    def postings(self, terms: Array, docs: Array, places: Array) -> Postings:
        """Occurrences (by document, then place) → postings."""
        rank = self._rank[terms]
        order = np.argsort(rank, kind="stable")
        rank, docs, places = rank[order], docs[order], places[order]
        fresh = np.ones(len(rank), bool)
        # Two words at one place can share a form: one occurrence.
        same = (rank[1:] == rank[:-1]) & (docs[1:] == docs[:-1])
        fresh[1:] = ~(same & (places[1:] == places[:-1]))
        if not fresh.all():
            rank, docs, places = rank[fresh], docs[fresh], places[fresh]
            same = (rank[1:] == rank[:-1]) & (docs[1:] == docs[:-1])
        first = np.flatnonzero(np.concatenate(([True], ~same))) if len(rank) else np.zeros(0, np.int64)
        weights = np.diff(np.append(first, len(rank)))
        present, term_first = np.unique(rank[first], return_index=True)
        names = self._sorted
        return Postings(
            Vocabulary.of([names[number] for number in present.tolist()]),
            np.append(term_first, len(first)).astype(np.int64),
            docs[first],
            narrow(weights),
            np.append(first[term_first], len(rank)).astype(np.int64),
            narrow(places),
        )
