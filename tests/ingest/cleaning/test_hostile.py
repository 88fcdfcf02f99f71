"""Hostile text: nothing is lost whatever comes in, and no rule takes more than linear time over any line."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ingest.cleaning import Hints, clean_lines
from archive.ingest.cleaning.chain import CHAIN
from archive.ingest.cleaning.folding import MATCH_LENGTH, plain
from archive.ingest.cleaning.page import NO_HINTS, Page, Step
from tests.ingest.cleaning.test_page_text import PARAGRAPHS

HOSTILE = {
    "nested brackets": lambda size: "(" * (size // 2) + ")" * (size // 2),
    "names and places": lambda size: ("Reporting by Maya Gebeilly in Beirut, " * size)[:size],
    "capitals": lambda size: "Ab " * (size // 3),
    "one letter": lambda size: "a" * size,
    "slashes": lambda size: "Photo/" * (size // 6),
    "dates": lambda size: "19 November 2019, " * (size // 18),
    "mixed scripts": lambda size: "Аdvеrt реклама 広告 " * (size // 19),
    "quotes": lambda size: "\"'" * (size // 2),
    "addresses": lambda size: "a.b+c@d-e.f" * (size // 11),
    "blanks": lambda size: "x" + " " * (size - 2) + "y",
    "menu": lambda size: "home > " * (size // 7),
    "legal": lambda size: "privacy policy | terms of use | " * (size // 32),
}
_FRAGMENTS = st.sampled_from(
    (
        *(
            "Advertisement",
            "Share",
            "By Ann Lee",
            "19 November 2019",
            "Photo: AFP",
            "Related stories",
            "\u200c",
            "* * *",
        ),
        *(
            "Read more: Baths",
            "says:",
            "No.",
            "Sign up for our newsletter",
            "The clerk said so.Advertisement",
            "\x0c",
            "٣",
        ),
        *PARAGRAPHS,
    )
)
_TEXTS = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=60)), max_size=25).map("\n".join)


@given(_TEXTS)
@settings(max_examples=150, deadline=None)
def test_kept_and_cut_are_all_non_blank_lines(text: str) -> None:
    raw = {number: line.strip() for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    ledger: dict[int, str] = {}
    for line in clean_lines(text.splitlines()).lines:
        ledger[line.number] = ledger.get(line.number, "") + line.text
    assert {n: "".join(t.split()) for n, t in ledger.items()} == {n: "".join(t.split()) for n, t in raw.items()}


@given(_TEXTS)
@settings(max_examples=50, deadline=None)
def test_lines_come_out_in_order_and_paragraphs_are_kept_lines(text: str) -> None:
    article = clean_lines(text.splitlines())
    numbers = [line.number for line in article.lines]
    assert numbers == sorted(numbers)
    assert list(article.paragraphs) == [line.text for line in article.lines if line.place == "body"]


def _seconds(step: Step, lines: list[str]) -> float:
    """The least of three times of one step over a page of such lines."""
    best = float("inf")
    for _ in range(3):
        page = Page(lines, NO_HINTS)
        start = time.perf_counter()
        step.run(page)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize("kind", HOSTILE, ids=str)
def test_no_step_takes_more_than_linear_time_over_a_hostile_line(kind: str) -> None:
    """A line ten times as long may take ten times as long and some noise, not a hundred times."""
    short, long = HOSTILE[kind](1_000), HOSTILE[kind](10_000)
    for step in CHAIN:
        names = ", ".join(rule.name for rule in step.rules)
        few = _seconds(step, [f"{n} {short}" for n in range(10)] + list(PARAGRAPHS))
        many = _seconds(step, [f"{n} {long}" for n in range(10)] + list(PARAGRAPHS))
        assert many < 30 * few + 0.05, f"{names}: {few:.4f} s for 1,000 characters, {many:.4f} s for 10,000"


def test_a_page_of_many_lines_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        lines = [f"{PARAGRAPHS[n % 4]} {n}" if n % 3 else f"Link number {n}" for n in range(count)]
        start = time.perf_counter()
        clean_lines(lines)
        return time.perf_counter() - start

    seconds(200)
    assert seconds(8_000) < 30 * seconds(1_000) + 0.2


def test_a_line_is_cut_to_size_before_any_pattern_sees_it() -> None:
    assert len(plain("word " * 10_000)) <= MATCH_LENGTH


def test_the_whole_line_is_kept_however_long() -> None:
    line = "The council voted. " * 2_000
    assert clean_lines([*PARAGRAPHS, line]).paragraphs[-1] == line.strip()


def test_invisible_characters_and_look_alikes_are_folded_for_matching_and_kept_in_the_text() -> None:
    line = "The coun\u00adcil of Port\u00a0Emlyn met be\u200bhind closed doors on Tuesday night for three hours."
    disguised = "\u0410dvertis\u0435ment"
    article = clean_lines([*PARAGRAPHS, "Adver\u00adtise\u200bment", disguised, line])
    assert article.paragraphs[-1] == line
    assert [cut.rule for cut in article.removed][:1] == ["advertisement"]
    assert article.removed[1].text == disguised


def test_a_word_that_is_cyrillic_all_through_is_not_taken_for_latin() -> None:
    assert plain("Реклама на сайте") == "Реклама на сайте"
    assert plain("Аdvеrt") == "Advert"


@pytest.mark.parametrize(
    "hints", [NO_HINTS, Hints(extracted=True), Hints(title="x")], ids=["page", "extracted", "title"]
)
@pytest.mark.parametrize("lines", [[], [""], ["\u200b"], ["."], ["\ud800"], ["\x00"]], ids=repr)
def test_next_to_nothing_is_no_error(lines: list[str], hints: Hints) -> None:
    assert clean_lines(lines, hints).title in ("", "x")
