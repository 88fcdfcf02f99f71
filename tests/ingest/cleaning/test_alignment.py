"""Matching an extractor's text with the lines of the page that it came from."""

import time

from archive.ingest.cleaning.alignment import aligned, same_words, share_within

ONE = "The harbour council of Port Ellery voted to reopen the line"
TWO = "Islanders had crossed by fishing boat for eleven long years"
THREE = "The first sailing left seven minutes late because of the band"


def kept(lines, text):
    return [line for line, keep in zip(lines, aligned(lines, text), strict=True) if keep]


def test_lines_of_the_text_are_kept_and_others_are_not():
    lines = ["Home", ONE, "Share this", TWO, "Most read", THREE, "© 2024"]
    assert kept(lines, f"{ONE}\n{TWO}\n{THREE}") == [ONE, TWO, THREE]


def test_a_teaser_above_the_story_does_not_push_the_story_out():
    lines = [THREE, ONE, TWO, THREE]
    assert aligned(lines, f"{ONE}\n{TWO}\n{THREE}") == [False, True, True, True]


def test_a_short_line_is_kept_where_the_text_has_it_and_nowhere_else():
    lines = ["Really?", ONE, "Really?", TWO, "Really?"]
    assert aligned(lines, f"{ONE}\nReally?\n{TWO}") == [False, True, True, True, False]


def test_a_part_that_the_extractor_moved_is_kept():
    lines = [ONE, TWO, THREE]
    assert kept(lines, f"{THREE}\n{ONE}\n{TWO}") == lines


def test_punctuation_and_case_do_not_matter():
    assert kept([f"“{ONE.upper()}!”"], ONE) != []


def test_titles_that_differ_in_quotes_say_the_same():
    assert same_words("‘Ferry line’ to reopen", "'Ferry line' to reopen")
    assert not same_words("Ferry line to reopen", "Bridge closed")
    assert not same_words("", "")


def test_the_share_of_one_text_in_another():
    assert share_within(ONE, f"{TWO} {ONE}") == 1.0
    assert share_within(ONE, TWO) == 0.0
    assert share_within("", TWO) == 0.0


def test_time_is_linear_in_a_page_of_one_repeated_line():
    def seconds(count):
        start = time.process_time()
        aligned([ONE, "Share"] * count, "\n".join([ONE] * count))
        return time.process_time() - start

    seconds(10)
    assert seconds(20_000) < 12 * max(seconds(5_000), 0.05)
