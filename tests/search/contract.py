"""What every search backend must do, tested once for all: subclass `SearchBackendContract` and give it `make`."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.search.backends.base import FACETS, Filter, SearchBackend
from archive.search.query import (
    And,
    Everything,
    Fuzzy,
    Keyword,
    KeywordIn,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Sort,
    Word,
)
from tests.search.answers import COUNTS, FILTERED, FINDS, OIL
from tests.search.library import LIBRARY, MANY, document


def ids(backend: SearchBackend, root: Node, **options: object) -> list[int]:
    return [hit.article_id for hit in backend.search(root, **{"limit": 100, **options}).hits]  # type: ignore[arg-type]  # a test's own keywords


class SearchBackendContract:
    """Subclasses say how a fresh, empty backend over a folder is made; the library below is indexed once for all."""

    @staticmethod
    def make(folder: Path) -> SearchBackend:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    def library(self, tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
        """The library in three commits, with an article replaced and one deleted on the way."""
        backend = self.make(tmp_path_factory.mktemp("library"))
        backend.update([document(3, "an older text about zinc"), *LIBRARY[:2], document(99, "zinc")])
        backend.update(LIBRARY[2:6], deleted=[99])
        backend.update(LIBRARY[6:])
        return backend

    @pytest.fixture(scope="class")
    def many(self, tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
        backend = self.make(tmp_path_factory.mktemp("many"))
        backend.update(MANY)
        return backend

    @pytest.fixture
    def empty(self, tmp_path: Path) -> SearchBackend:
        return self.make(tmp_path)

    @pytest.mark.parametrize("name", FINDS)
    def test_it_finds(self, library: SearchBackend, name: str) -> None:
        root, expected = FINDS[name]
        page = library.search(root, limit=100)
        assert {hit.article_id for hit in page.hits} == expected
        assert page.total == len(page.hits) == len(expected)

    @pytest.mark.parametrize("name", FILTERED)
    def test_it_filters_by(self, library: SearchBackend, name: str) -> None:
        filters, expected = FILTERED[name]
        assert set(ids(library, Everything(), filters=filters)) == expected

    @pytest.mark.parametrize("facet", FACETS)
    def test_it_counts_by(self, library: SearchBackend, facet: str) -> None:
        (found,) = library.search(Everything(), facets=(facet,), limit=0).facets
        assert found.name == facet
        assert [(one.value, one.count) for one in found.values] == list(COUNTS[facet].items())

    def test_its_capabilities_name_all_facets(self, library: SearchBackend) -> None:
        capabilities = library.capabilities
        assert (capabilities.fuzzy, capabilities.near, capabilities.exact_words) == (True, True, True)
        assert capabilities.facets == FACETS

    def test_facets_count_what_matches_only(self, library: SearchBackend) -> None:
        (sources,) = library.search(OIL, facets=("source",)).facets
        assert {one.value: one.count for one in sources.values} == {"reuters": 2, "times": 1}

    def test_a_facet_is_counted_without_its_own_filter_and_with_the_others(self, library: SearchBackend) -> None:
        filters = (Filter("source", ("times",)), Filter("section", ("business",)))
        sources, sections = library.search(Everything(), filters=filters, facets=("source", "section")).facets
        assert {one.value: one.count for one in sources.values} == {"reuters": 2, "times": 1}
        assert {one.value: one.count for one in sections.values} == {"business": 1, "finance": 1}

    def test_a_facet_is_counted_without_its_own_exclusion(self, library: SearchBackend) -> None:
        (sources,) = library.search(OIL, filters=(Filter("source", ("times",), True),), facets=("source",)).facets
        assert {one.value: one.count for one in sources.values} == {"reuters": 2, "times": 1}

    def test_facets_hold_as_many_values_as_asked(self, library: SearchBackend) -> None:
        (places,) = library.search(Everything(), facets=("place",), facet_limit=2).facets
        assert [one.value for one in places.values] == ["tokyo", "munich"]

    def test_facets_come_in_the_order_asked_even_without_matches(self, library: SearchBackend) -> None:
        page = library.search(Nothing(), facets=("year", "person"))
        assert [(facet.name, facet.values) for facet in page.facets] == [("year", ()), ("person", ())]

    def test_among_some_articles_only_these_are_found_and_counted(self, library: SearchBackend) -> None:
        page = library.search(OIL, among=frozenset({1, 3, 9, 77}), facets=("source",))
        assert {hit.article_id for hit in page.hits} == {1, 9}
        assert [(one.value, one.count) for one in page.facets[0].values] == [("reuters", 1), ("times", 1)]
        assert library.search(Everything(), among=frozenset()).total == 0

    def test_hidden_sources_leave_no_trace_in_hits_counts_and_facets(self, library: SearchBackend) -> None:
        hidden = frozenset({"times", "nowhere"})
        page = library.search(OIL, hidden_sources=hidden, facets=("source", "month"))
        assert {hit.article_id for hit in page.hits} == {1, 2}
        assert page.total == 2
        assert [(one.value, one.count) for one in page.facets[0].values] == [("reuters", 2)]
        assert library.search(Everything(), filters=(Filter("source", ("times",)),), hidden_sources=hidden).total == 0

    def test_words_that_only_hidden_sources_have_are_not_suggested(self, empty: SearchBackend) -> None:
        empty.update([document(1, "zinc", source="a"), document(2, "zinc zirconium", source="b"), document(3, "zinc")])
        empty.update([], deleted=[3])
        assert empty.suggest_terms("zi") == [("zinc", 2), ("zirconium", 1)]
        assert empty.suggest_terms("zi", hidden_sources=frozenset({"b"})) == [("zinc", 1)]

    def test_months_and_days_are_given_whole(self, library: SearchBackend) -> None:
        months, days = library.search(Everything(), facets=("month", "day"), facet_limit=1, limit=0).facets
        assert [sum(one.count for one in facet.values) for facet in (months, days)] == [10, 10]
        assert min(len(months.values), len(days.values)) > 3

    def test_among_one_article_its_score_is_the_same(self, library: SearchBackend) -> None:
        best = library.search(OIL).hits[0]
        assert library.search(OIL, among=frozenset({best.article_id})).hits == (best,)

    def test_newest_first_has_the_undated_last(self, library: SearchBackend) -> None:
        assert ids(library, Everything(), sort=Sort.NEWEST) == [10, 9, 8, 4, 5, 3, 2, 1, 7, 6]

    def test_oldest_first_has_the_undated_last(self, library: SearchBackend) -> None:
        assert ids(library, Everything(), sort=Sort.OLDEST) == [1, 2, 3, 5, 4, 8, 9, 10, 6, 7]

    def test_what_scores_nothing_comes_newest_first(self, library: SearchBackend) -> None:
        assert ids(library, KeywordIn(Keyword.SECTION, ("business",))) == [8, 2, 1]

    def test_relevance_puts_the_best_first(self, empty: SearchBackend) -> None:
        filler = "something else entirely " * 20
        empty.update([document(1, filler + "oil"), document(2, "oil and more oil", title="Oil"), document(3, filler)])
        page = empty.search(OIL)
        assert [hit.article_id for hit in page.hits] == [2, 1]
        assert page.hits[0].score > page.hits[1].score > 0

    def test_a_rare_word_weighs_more_than_a_frequent_one(self, empty: SearchBackend) -> None:
        documents = [document(number, "oil market report") for number in range(1, 9)]
        empty.update([*documents, document(9, "zinc market report")])
        assert ids(empty, Or((OIL, Word("zinc"))))[0] == 9

    def test_filters_do_not_change_scores(self, library: SearchBackend) -> None:
        whole = {hit.article_id: hit.score for hit in library.search(OIL).hits}
        part = library.search(OIL, filters=(Filter("source", ("reuters",)),)).hits
        assert {hit.article_id: hit.score for hit in part} == {number: whole[number] for number in (1, 2)}

    @pytest.mark.parametrize("sort", Sort)
    def test_pages_follow_one_another_without_gap_or_repeat(self, many: SearchBackend, sort: Sort) -> None:
        root = Word("pagination")
        whole = ids(many, root, sort=sort)
        pages = [ids(many, root, sort=sort, offset=start, limit=10) for start in range(0, 60, 10)]
        assert [len(page) for page in pages] == [10, 10, 10, 10, 5, 0]
        assert [number for page in pages for number in page] == whole
        assert len(set(whole)) == len(MANY)

    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
    def test_following_pages_by_date_lead_to_the_last_hit(self, library: SearchBackend, sort: Sort) -> None:
        seen, after = [], ""
        for _ in range(6):
            page = library.search(Everything(), sort=sort, limit=3, after=after)
            seen += [hit.article_id for hit in page.hits]
            assert page.total == page.stories == 10
            if not (after := page.next):
                break
        assert seen == ids(library, Everything(), sort=sort)

    def test_what_comes_in_between_moves_no_following_page(self, empty: SearchBackend) -> None:
        day = date(2001, 5, 1)
        empty.update([document(number, "oil", day=day + timedelta(number // 2)) for number in range(10)])
        first = empty.search(OIL, sort=Sort.NEWEST, limit=4)
        empty.update([document(number, "oil", day=day + timedelta(40)) for number in range(20, 25)], deleted=[9])
        second = empty.search(OIL, sort=Sort.NEWEST, limit=4, after=first.next)
        assert [hit.article_id for page in (first, second) for hit in page.hits] == [9, 8, 7, 6, 5, 4, 3, 2]

    @pytest.mark.parametrize("after", ["x", "1", ".", "1.", "-.-", "9" * 60 + ".1", "1.\x00"])
    def test_a_beginning_that_is_none_is_the_beginning(self, library: SearchBackend, after: str) -> None:
        assert len(library.search(Everything(), sort=Sort.NEWEST, after=after).hits) == 10

    def test_a_family_is_shown_as_its_best_match(self, empty: SearchBackend) -> None:
        filler = "something else entirely " * 9
        empty.update([document(1, filler + "oil", family=1), document(2, "oil oil", family=1, title="Oil")])
        empty.update(
            [document(3, filler + "oil", family=3), document(4, filler), document(5, "oil tax", source="times")]
        )
        page = empty.search(OIL, collapse=True, facets=("source",))
        assert {hit.article_id: hit.others for hit in page.hits} == {2: (1,), 3: (), 5: ()}
        assert (page.total, page.stories) == (4, 3)
        assert [(one.value, one.count) for one in page.facets[0].values] == [("reuters", 3), ("times", 1)]
        assert [hit.score for hit in page.hits] == [hit.score for hit in empty.search(OIL).hits if hit.article_id != 1]
        assert empty.search(OIL, collapse=True, hidden_sources=frozenset({"reuters"})).stories == 1
        assert empty.search(OIL, collapse=True, limit=0).stories == 3

    @pytest.mark.parametrize("sort", Sort)
    def test_pages_of_stories_follow_one_another(self, empty: SearchBackend, sort: Sort) -> None:
        day = date(2001, 5, 1)
        empty.update([document(n, "oil " * (n % 7 + 1), day=day + timedelta(n), family=n % 10) for n in range(1, 31)])
        empty.update([document(n, "oil", family=n % 3) for n in range(31, 34)], deleted=[30])
        pages = [empty.search(OIL, sort=sort, offset=start, limit=4, collapse=True) for start in range(0, 20, 4)]
        hits = [hit for page in pages for hit in page.hits]
        assert {page.stories for page in pages} == {12}
        assert len(hits) == 12
        assert sorted(number for hit in hits for number in (hit.article_id, *hit.others)) == [*range(1, 30), 31, 32, 33]
        order = {number: rank for rank, number in enumerate(ids(empty, OIL, sort=sort))}
        assert [order[hit.article_id] for hit in hits] == sorted(order[hit.article_id] for hit in hits)
        assert all(order[hit.article_id] < min(map(order.get, hit.others), default=99) for hit in hits)

    def test_the_fresh_are_a_little_more_relevant(self, empty: SearchBackend) -> None:
        filler = "something else entirely " * 9
        empty.update([document(1, "oil oil", day=date(1990, 1, 1)), document(2, "oil oil", day=date(1999, 1, 1))])
        empty.update([document(3, "oil oil"), document(4, filler + "oil", day=date(2000, 1, 1)), document(5, filler)])
        assert ids(empty, OIL)[-1] == 4
        assert ids(empty, OIL, sort=Sort.FRESH) == [2, 1, 3, 4]
        scores = [hit.score for hit in empty.search(OIL, sort=Sort.FRESH).hits]
        assert 1.12 < scores[0] / scores[2] < 1.13

    def test_a_page_past_the_end_is_empty_and_still_counts(self, many: SearchBackend) -> None:
        page = many.search(Word("pagination"), offset=1_000, limit=20, facets=("year",))
        assert (page.hits, page.total) == ((), 45)
        assert [(one.value, one.count) for one in page.facets[0].values] == [("2000", 45)]

    def test_a_page_of_no_hits_counts(self, many: SearchBackend) -> None:
        page = many.search(Word("pagination"), limit=0)
        assert (page.hits, page.total) == ((), 45)

    def test_the_default_page_has_twenty_hits(self, many: SearchBackend) -> None:
        assert len(many.search(Everything()).hits) == 20

    def test_an_empty_index_answers_nothing(self, empty: SearchBackend) -> None:
        page = empty.search(Everything(), facets=("source",))
        assert (page.total, page.hits) == (0, ())
        assert (empty.count(), list(empty.fingerprints()), empty.suggest_terms("a")) == (0, [], [])

    def test_an_index_without_articles_answers_nothing(self, empty: SearchBackend) -> None:
        empty.rebuild(list)
        for root in (OIL, Prefix("oi"), Fuzzy("oil"), Phrase(("crude", "oil")), Everything()):
            page = empty.search(root, facets=("source", "month"), collapse=True)
            assert (page.total, page.hits) == (0, ())
        empty.update([document(1, "oil")])
        empty.update([], deleted=[1])
        assert empty.search(OIL).total == 0

    def test_what_is_committed_is_found_at_once(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")])
        assert ids(empty, OIL) == [1]
        empty.update([document(2, "oil")])
        assert set(ids(empty, OIL)) == {1, 2}

    def test_a_second_backend_over_the_same_index_sees_a_commit(self, empty: SearchBackend, tmp_path: Path) -> None:
        empty.update([document(1, "oil")])
        other = self.same(empty, tmp_path)
        assert ids(other, OIL) == [1]
        empty.update([document(2, "oil")])
        assert set(ids(other, OIL)) == {1, 2}

    @staticmethod
    def same(backend: SearchBackend, folder: Path) -> SearchBackend:
        """Another backend over the same index; one that lives in memory gives itself."""
        return backend

    def test_an_updated_article_is_found_by_its_new_text_only(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil", people=("james-baker",))])
        empty.update([document(1, "zinc", people=("paul-volcker",))])
        assert (ids(empty, OIL), ids(empty, Word("zinc")), empty.count()) == ([], [1], 1)
        assert ids(empty, KeywordIn(Keyword.PERSON, ("james-baker",))) == []

    def test_the_last_of_two_documents_with_one_id_counts(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil"), document(1, "zinc")])
        assert (ids(empty, OIL), ids(empty, Word("zinc")), empty.count()) == ([], [1], 1)

    def test_a_deleted_article_is_gone_from_hits_counts_and_facets(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil", source="a"), document(2, "oil", source="b")])
        empty.update([], deleted=[1])
        page = empty.search(OIL, facets=("source",))
        assert ([hit.article_id for hit in page.hits], page.total, empty.count()) == ([2], 1, 1)
        assert [one.value for one in page.facets[0].values] == ["b"]

    def test_deleting_what_is_not_there_is_no_error(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")], deleted=[7, 8])
        assert empty.count() == 1

    def test_an_article_both_given_and_deleted_stays(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")])
        empty.update([document(1, "zinc")], deleted=[1])
        assert ids(empty, Word("zinc")) == [1]

    def test_an_update_of_nothing_is_no_error(self, empty: SearchBackend) -> None:
        empty.update([])
        assert empty.count() == 0

    def test_a_rebuild_replaces_everything(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil"), document(2, "oil")])
        assert empty.rebuild(lambda: [document(3, "oil")]) == 1
        assert ids(empty, OIL) == [3]
        empty.update([document(4, "oil")])
        assert set(ids(empty, OIL)) == {3, 4}

    def test_readers_are_answered_while_a_rebuild_reads(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")])
        seen = []

        def documents() -> list:  # type: ignore[type-arg]  # of IndexDocument
            seen.append(ids(empty, OIL))
            return [document(2, "oil")]

        empty.rebuild(documents)
        assert seen == [[1]]
        assert ids(empty, OIL) == [2]

    def test_a_rebuild_that_fails_leaves_the_index_as_it_was(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")])

        def documents() -> list:  # type: ignore[type-arg]  # of IndexDocument
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            empty.rebuild(documents)
        assert ids(empty, OIL) == [1]
        empty.update([document(2, "oil")])
        assert set(ids(empty, OIL)) == {1, 2}

    def test_fingerprints_are_of_the_documents_that_are_there(self, library: SearchBackend) -> None:
        assert sorted(library.fingerprints()) == sorted((one.id, one.content_hash) for one in LIBRARY)

    def test_the_generation_changes_with_every_commit_and_with_nothing_else(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil")])
        first = empty.generation()
        assert empty.search(OIL).generation == first == empty.generation()
        empty.update([document(2, "oil")])
        second = empty.generation()
        empty.rebuild(lambda: [document(2, "oil")])
        assert len({first, second, empty.generation()}) == 3

    def test_suggested_words_are_the_most_frequent_first(self, library: SearchBackend) -> None:
        assert library.suggest_terms("minist")[0] == ("minister", 2)
        assert {word for word, _ in library.suggest_terms("Minist")} == {"minister", "ministers", "ministre"}
        assert len(library.suggest_terms("m", limit=2)) == 2

    def test_forms_to_mark_agree_with_the_analysis(self, library: SearchBackend) -> None:
        forms = library.matched_forms(And((Word("minister"), Prefix("bank"), Phrase(("discount", "rate")))))
        text = "Ministers of banking: discount rates, nothing else"
        marked = {text[start:end] for term, start, end in library.analyse(text, "en") if term in forms["body"]}
        assert marked == {"Ministers", "banking", "discount", "rates"}

    def test_excluded_words_are_not_marked(self, library: SearchBackend) -> None:
        forms = library.matched_forms(And((OIL, Not(Word("gas")))))
        assert "gas" not in forms["body"]

    def test_numbers_beyond_32_bits_are_kept(self, empty: SearchBackend) -> None:
        big = 2**53 - 1
        empty.update([document(big, "oil")])
        assert ids(empty, OIL) == [big]

    def test_values_with_commas_and_blanks_are_one_value(self, empty: SearchBackend) -> None:
        empty.update([document(1, "oil", section="Arts, Letters & Life"), document(2, "oil", section="Arts")])
        assert ids(empty, KeywordIn(Keyword.SECTION, ("Arts, Letters & Life",))) == [1]
        assert ids(empty, Everything(), filters=(Filter("section", ("Arts",)),)) == [2]

    @pytest.mark.parametrize("text", ["", " ", "\x00", "\ud7ff", "💥 🇨🇭", "a" * 5_000, "<script>", "=", "\u202e"])
    def test_odd_words_are_searched_without_error(self, library: SearchBackend, text: str) -> None:
        for node in (Word(text), Word(text, exact=True), Prefix(text or "a"), Fuzzy(text), Phrase((text, "oil"))):
            library.search(node)
            library.matched_forms(node)

    @pytest.mark.parametrize("text", ["", "\x00", "💥", "a" * 100_000, "ab " * 20_000, "\u0301\u0301", "\ud7ff"])
    def test_odd_texts_are_indexed_without_error(self, empty: SearchBackend, text: str) -> None:
        empty.update([document(1, text + " oil", title=text)])
        assert ids(empty, OIL) == [1]
