"""A word that is in the text is found, however it is spelt there or typed here."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.backends import analysis
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.documents import IndexDocument
from archive.search.query import And, Fuzzy, Near, Phrase, Prefix, TextField, Word


def document(number: int, body: str, language: str = "en", title: str = "", byline: str = "") -> IndexDocument:
    return IndexDocument(
        id=number,
        content_hash="",
        title=title,
        body=body,
        byline=byline,
        said="",
        language=language,
        source="reuters",
        section="",
        people=(),
        organisations=(),
        places=(),
        speakers=(),
        published_on=None,
        published_at=None,
        flags=(),
    )


def found(tmp_path: Path, texts: dict[str, str], *nodes: object) -> list[list[int]]:
    """Ids found for each node among texts given as "number language" → body."""
    backend = WhooshBackend(str(tmp_path))
    backend.update([document(int(key.split()[0]), text, key.partition(" ")[2]) for key, text in texts.items()])
    return [sorted(hit.article_id for hit in backend.search(node).hits) for node in nodes]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("The co-operation went on.", "cooperation"),
        ("The cooperation went on.", "co-operation"),
        ("a US-led force", "US"),
        ("a U.S.-led force", "US"),
        ("the U.S. economy", "us"),
        ("the US economy", "U.S."),
        ("Germany's economy", "Germany"),
        ("Germany’s economy", "Germany's"),
        ("the workers' rights", "workers"),
        ("Mr O'Brien spoke", "OBrien"),
        ("Mr O’Brien spoke", "O'Brien"),
        ("Mr OBrien spoke", "O’Brien"),
        ("Mr O'Brien spoke", "Brien"),
        ("Giscard d'Estaing", "Estaing"),
        ("They don't agree", "dont"),
        ("They don’t agree", "don't"),
        ("a price of 1,000 dollars", "1000"),
        ("a price of 1000 dollars", "1,000"),
        ("up 3.5 percent", "3.5"),
        ("AT&T rose", "AT&T"),
        ("ATT rose", "AT&T"),
        ("in the Café Müller", "cafe"),
        ("in the cafe Muller", "Müller"),
        ("die Straße", "strasse"),
        ("Søren of Łódź", "lodz"),
        ("Soren of Lodz", "Łódź"),
        ("the govern\u00adment", "government"),
        ("Cafe\u0301 Noir", "café"),
        ("हिन्दी में समाचार", "हिन्दी"),
        ("東京都の水道", "水"),
        ("東京都の水道", "東京"),
        ("東京都の水道", "京都の水"),
        ("ﾃﾚﾋﾞの報道", "テレビ"),
        ("한국의 경제", "한국"),
        ("ภาษาไทย", "ไทย"),
        ("“quoted” words", "quoted"),
        ("the end.Next", "next"),
        ("e-mail", "email"),
        ("the 1980s", "1980s"),
        ("on 10.12.1987", "10.12.1987"),
        ("MH17 crashed", "mh17"),
        ("well-to-do", "welltodo"),
        ("and/or", "or"),
        ("universities", "university"),
        ("the oil ministers", "minister"),
        ("İstanbul", "istanbul"),
    ],
)
def test_a_word_in_the_text_is_found(tmp_path: Path, text: str, typed: str) -> None:
    assert found(tmp_path, {"1 en": text, "2 xx": text}, Word(typed)) == [[1, 2] if typed not in ENGLISH_ONLY else [1]]


ENGLISH_ONLY = {"university", "minister"}


def test_an_english_stem_does_no_damage_to_other_languages(tmp_path: Path) -> None:
    texts = {"1 de": "die Universität", "2 en": "He died at the university.", "3 fr": "les universités de Paris"}
    asked = (Word("died"), Word("universe"), Word("universités"), Word("Universität"), Word("universities"))
    assert found(tmp_path, texts, *asked) == [[2], [2], [3], [1], [2]]


def test_a_document_of_unknown_language_is_taken_for_english(tmp_path: Path) -> None:
    assert found(tmp_path, {"1 ": "oil ministers"}, Word("minister")) == [[1]]


def test_an_exact_word_is_not_stemmed_but_folded(tmp_path: Path) -> None:
    texts = {"1 en": "Minister", "2 en": "ministers", "3 fr": "MINÍSTER"}
    assert found(tmp_path, texts, Word("minister", exact=True)) == [[1, 3]]


def test_phrases_reach_over_hyphens_and_possessives(tmp_path: Path) -> None:
    texts = {"1 en": "the vice-president's oil policy", "2 en": "the vice president and oil"}
    asked = (Phrase(("vice", "president")), Phrase(("vice-president", "oil")), Phrase(("president's", "oil"), 1))
    assert found(tmp_path, texts, *asked) == [[1, 2], [1], [1, 2]]


def test_slop_counts_all_words_in_between(tmp_path: Path) -> None:
    texts = {"1 en": "oil and gas price", "2 en": "oil price", "3 en": "price oil", "4 en": "oil a b c price"}
    asked = [Phrase(("oil", "price"), slop) for slop in (0, 1, 2, 3)]
    assert found(tmp_path, texts, *asked) == [[2], [2], [1, 2], [1, 2, 4]]


def test_near_means_either_order_and_not_the_word_itself(tmp_path: Path) -> None:
    texts = {"1 en": "oil and gas price", "2 en": "price of oil", "3 en": "oil", "4 en": "oil oil"}
    asked = (
        Near(Word("oil"), Word("price"), 2),
        Near(Word("oil"), Word("price"), 3),
        Near(Word("oil"), Word("oil"), 1),
        Near(Phrase(("gas", "price")), Prefix("oi"), 2),
    )
    assert found(tmp_path, texts, *asked) == [[2], [1, 2], [4], [1]]


def test_nothing_but_punctuation_matches_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, {"1 en": "oil -- price"}, Word("--"), Phrase(()), Near(Word("-"), Word("oil"), 3)) == [
        [],
        [],
        [],
    ]


def test_a_dash_between_words_asks_for_nothing(tmp_path: Path) -> None:
    asked = (And((Word("oil"), Word("-"), Word("price"))), And((Word("-"), Word("&"))))
    assert found(tmp_path, {"1 en": "oil price", "2 en": "oil"}, *asked) == [[1], []]


def test_fuzzy_counts_characters_not_bytes(tmp_path: Path) -> None:
    texts = {"1 ru": "Москва", "2 ru": "Москвы", "3 ru": "Минск"}
    assert found(tmp_path, texts, Fuzzy("москва"), Fuzzy("масква", 2)) == [[1, 2], [1, 2]]


def test_beginnings_and_misspellings_reach_over_inner_marks(tmp_path: Path) -> None:
    texts = {"1 en": "co-operation with O'Brien", "2 ja": "東京都の水"}
    asked = (Prefix("co-op"), Prefix("O’B"), Prefix("東京都"), Prefix("水"), Fuzzy("co-opperation"), Prefix("\ud800"))
    assert found(tmp_path, texts, *asked) == [[1], [1], [2], [2], [1], []]
    assert WhooshBackend(str(tmp_path)).matched_forms(Prefix("東京都"))["body"] == {"東京", "京都"}


def test_bylines_are_searched_as_names(tmp_path: Path) -> None:
    backend = WhooshBackend(str(tmp_path))
    backend.update([document(1, "text", byline="Jane Rivers")])
    assert backend.search(Word("rivers", TextField.BYLINE)).total == 1
    assert backend.search(Word("river", TextField.BYLINE)).total == 0


def test_what_analysis_gives_for_a_text_is_what_a_query_must_mark(tmp_path: Path) -> None:
    backend = WhooshBackend(str(tmp_path))
    text = "The U.S. co-operation of O'Brien’s universities"
    backend.update([document(1, text)])
    marked = {}
    for node in (
        Word("US"),
        Word("cooperation"),
        Word("O’Brien"),
        Word("university"),
        Prefix("coop"),
        Fuzzy("opperation"),
    ):
        forms = backend.matched_forms(node)["body"]
        marked[node.text] = {text[start:end] for term, start, end in backend.analyse(text) if term in forms}
    assert marked == {
        "US": {"U.S."},
        "cooperation": {"co-operation"},
        "O’Brien": {"O'Brien", "O", "Brien"},
        "university": {"universities"},
        "coop": {"co-operation"},
        "opperation": {"operation"},
    }


@given(st.text(max_size=60), st.booleans())
def test_analysis_never_fails_and_looks_at_no_neighbour_across_a_blank(text: str, stemmed: bool) -> None:
    whole = [(token.term, token.start, token.end) for token in analysis.tokens(text)]
    assert whole == [(term, start, end) for term, start, end in analysis.forms(text, stemmed=False)]
    assert all(0 <= start < end <= len(text) and term for term, start, end in analysis.forms(text, stemmed))
    assert [token.position for token in analysis.tokens(text)] == sorted(t.position for t in analysis.tokens(text))


@given(st.text(alphabet="ab-’'.,1 2&東京é\u0301", min_size=1, max_size=12))
def test_every_text_is_found_by_itself_typed_as_a_word(text: str) -> None:
    found_terms = {token.term for token in analysis.tokens(text)}
    for sequence in analysis.alternatives(text):
        assert set(sequence) <= found_terms


@pytest.mark.parametrize(
    "text", ["a.b." * 50_000, "a'" * 50_000, "-" * 100_000, "1,1" * 30_000, "東" * 50_000, "x" * 200_000]
)
def test_hostile_text_is_analysed_in_linear_time(text: str) -> None:
    began = time.perf_counter()
    sum(1 for _ in analysis.tokens(text))
    assert time.perf_counter() - began < 3
