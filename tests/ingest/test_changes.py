"""Two versions of a text, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from archive.ingest.changes import Change, Piece, word_diff


def test_exactly_the_changed_words_are_marked() -> None:
    assert word_diff("The bridge is shut.", "The old bridge is open.") == [
        Piece(Change.SAME, "The"),
        Piece(Change.ADDED, " old"),
        Piece(Change.SAME, " bridge is "),
        Piece(Change.REMOVED, "shut"),
        Piece(Change.ADDED, "open"),
        Piece(Change.SAME, "."),
    ]


def test_what_two_sentences_share_by_chance_is_no_part_that_stayed() -> None:
    old, new = "Shops asked the board for help.", "Correction: an earlier text gave the wrong board."
    pieces = word_diff(f"One.\n\n{old}\n\nTwo.", f"One.\n\n{new}\n\nTwo.")
    assert [piece.change for piece in pieces] == [Change.SAME, Change.REMOVED, Change.ADDED, Change.SAME]
    assert [pieces[1].text, pieces[2].text] == [old[:-1], new[:-1]]


def test_equal_texts_are_one_piece_and_empty_ones_none() -> None:
    assert word_diff("Shut.", "Shut.") == [Piece(Change.SAME, "Shut.")]
    assert word_diff("", "") == []
    assert word_diff("", "Shut.") == [Piece(Change.ADDED, "Shut.")]


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == new


def test_very_long_texts_are_compared_by_lines() -> None:
    old = "".join(f"line {n} of many\n" for n in range(9000))
    pieces = word_diff(old, old.replace("line 5000 ", "row 5000 "))
    assert [piece.text for piece in pieces if piece.change != Change.SAME] == [
        "line 5000 of many\n",
        "row 5000 of many\n",
    ]
