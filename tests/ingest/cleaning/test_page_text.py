"""Whole pages: the three seed-like texts come out exactly, every line is accounted for, and what is no article says so."""

from pathlib import Path

import pytest

from archive.choices import ContentKind, DatePrecision, LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning import Hints, clean, clean_lines
from archive.ingest.records import CleanArticle, Locator, RawRecord

GOLDEN = Path(__file__).parent / "golden"

PARAGRAPHS = (
    "The council of Port Emlyn voted on Tuesday to close the swimming baths, which have lost money for eleven years.",
    "“Nobody learns to swim in a spreadsheet,” said Ann Prosser, who has taught there since 1998, before the vote.",
    "The baths were built in 1911 by the dockers' union and survived two wars, a flood and a fire in the boiler room.",
    "A petition with 4,000 names was handed in last week; the council's clerk said that it had been noted and filed.",
)


def cleaned(text: str) -> CleanArticle:
    return clean_lines(text.splitlines())


def page(*lines: str) -> CleanArticle:
    """A page of a headline, the lines given, and a story."""
    return clean_lines(["Port Emlyn council votes to close its swimming baths", "", *lines, "", *PARAGRAPHS])


@pytest.mark.parametrize(
    ("name", "title", "standfirst", "first_words", "captions"),
    [
        (
            "harbour",
            "Ferry workers walk out as harbour city weighs a future without night boats",
            "Crews say new timetable leaves ‘no time to breathe’, while the operator blames falling passenger numbers",
            ["The night boats that", "“We are asked to", "The operator, Harbour Lines,", "Talks between the two"],
            2,
        ),
        (
            "glacier",
            "Villagers below shrinking glacier told to move before the summer melt",
            "Engineers fear that a lake dammed by ice could empty within hours",
            [
                "Some 600 people in",
                "“My grandfather built this",
                "The regional government has",
                "Geologists who carried out",
            ],
            1,
        ),
        (
            "archive_box",
            "A box of letters from a lost bookshop finds its way home after 60 years",
            "Notes from readers, bound in string, tell of a city’s love affair with second-hand novels",
            ["For six decades the", "“I thought they were", "The readers of the", "The letters will stay"],
            2,
        ),
    ],
)
def test_a_page_like_the_seed_comes_out_exactly(
    name: str, title: str, standfirst: str, first_words: list[str], captions: int
) -> None:
    text = (GOLDEN / f"{name}.txt").read_text("utf-8")
    article = cleaned(text)
    assert article.title == title
    assert article.standfirst == standfirst
    assert [" ".join(paragraph.split()[:4]) for paragraph in article.paragraphs] == first_words
    assert all(paragraph[-1] in ".”" for paragraph in article.paragraphs), "no advertisement hangs on a paragraph"
    assert len(article.captions) == captions
    assert {caption.credit for caption in article.captions} <= {"AFP", "Handout"}
    assert article.byline == ()
    assert article.published is None
    assert article.language == "en"


def test_every_non_blank_line_is_in_exactly_one_place() -> None:
    text = (GOLDEN / "harbour.txt").read_text("utf-8")
    ledger: dict[int, list[str]] = {}
    for line in cleaned(text).lines:
        ledger.setdefault(line.number, []).append(line.text)
    raw = {number: line.strip() for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    assert {number: "".join(parts) for number, parts in ledger.items()} == raw


def test_every_removed_line_names_a_rule() -> None:
    assert all(line.rule for line in cleaned((GOLDEN / "glacier.txt").read_text("utf-8")).removed)


def test_byline_and_date_are_read_from_the_lines_under_the_title() -> None:
    article = page("By Mary O'Neill and John Roe", "Published 19 November 2019 at 10:48 GMT")
    assert article.byline == ("Mary O'Neill", "John Roe")
    assert article.published is not None
    assert article.published.value is not None
    assert article.published.value.isoformat() == "2019-11-19T10:48:00+00:00"
    assert article.published.precision == DatePrecision.TIME
    assert article.paragraphs == PARAGRAPHS


def test_the_date_of_publication_wins_over_the_date_of_an_update() -> None:
    article = page("Updated 21 November 2019", "Published 19 November 2019")
    assert article.published is not None
    assert article.published.value is not None
    assert article.published.value.day == 19


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    article = cleaned(
        "\n".join((*PARAGRAPHS[:2], "By comparison, the new baths at Llanrhos cost nine million pounds to build."))
    )
    assert article.byline == ()
    assert article.paragraphs[-1].startswith("By comparison")


def test_text_without_chrome_stays_whole() -> None:
    assert cleaned("\n\n".join(PARAGRAPHS)).paragraphs == PARAGRAPHS


def test_cleaning_what_was_cleaned_changes_nothing() -> None:
    for path in GOLDEN.glob("*.txt"):
        once = cleaned(path.read_text("utf-8"))
        again = clean_lines([line for paragraph in once.paragraphs for line in (paragraph, "")])
        assert again.paragraphs == once.paragraphs


def test_a_page_of_nothing_but_chrome_is_rejected_with_no_body() -> None:
    record = RawRecord(Locator(1), ContentKind.PAGE_TEXT, "Advertisement\nShare\nSubscribe now\n")
    with pytest.raises(RecordError) as caught:
        clean(record)
    assert caught.value.code == "no-body"


def test_a_short_item_of_few_words_is_not_lost() -> None:
    assert cleaned("Rain is expected on Sunday.").paragraphs == ("Rain is expected on Sunday.",)


def test_lines_of_an_extractor_lose_only_what_a_rule_is_sure_of() -> None:
    lines = [*PARAGRAPHS[:2], "Advertisement", "The vote", *PARAGRAPHS[2:], "A short last line"]
    article = clean_lines(lines, Hints(extracted=True))
    assert [line.text for line in article.removed] == ["Advertisement"]
    assert article.title == ""


def test_a_known_title_is_not_body() -> None:
    article = clean_lines(["The baths", *PARAGRAPHS], Hints(title="The baths", extracted=True))
    assert article.title == "The baths"
    assert article.paragraphs == PARAGRAPHS


def test_a_page_that_would_lose_most_of_its_words_keeps_all_that_no_exact_rule_cuts() -> None:
    lines = ["Ingredients", *[f"{n} spoons of flour, sifted twice and set aside" for n in range(2, 40)], "Share"]
    article = clean_lines(lines)
    assert [line.text for line in article.lines if line.place == LinePlace.REMOVED] == ["Share"]


def test_the_language_of_a_foreign_page_is_seen() -> None:
    text = "\n".join(
        (
            "Der Stadtrat hat am Dienstag beschlossen, das Schwimmbad zu schließen, weil es seit Jahren Verluste macht.",
            "Die Bürger haben mehr als viertausend Unterschriften gesammelt und wollen nun vor dem Gericht klagen.",
        )
    )
    assert cleaned(text).language == "de"
    assert len(cleaned(text).paragraphs) == 2


def test_five_days_ago_counts_from_the_crawl_and_says_nothing_without_one() -> None:
    text = "\n".join((TITLE_OF_PAGE, "By Ann Lee", "5 days ago", *PARAGRAPHS))
    crawled = RawRecord(Locator(1), ContentKind.PAGE_TEXT, text, crawled="2019-11-24T10:00:00Z")
    published = clean(crawled).published
    assert published is not None
    assert published.value is not None
    assert published.value.date().isoformat() == "2019-11-19"
    assert "reference date" in published.rule
    unknown = clean(RawRecord(Locator(1), ContentKind.PAGE_TEXT, text)).published
    assert unknown is not None
    assert (unknown.value, unknown.raw, unknown.rule) == (None, "5 days ago", "date line, unread")


def test_a_date_that_is_refused_keeps_its_string_and_one_that_is_read_says_where_it_stood() -> None:
    future, plain = (
        page_with_date.published
        for page_with_date in (page("By Ann Lee", day) for day in ("19 November 2099", "19 November 2019"))
    )
    assert future is not None
    assert (future.value, future.raw) == (None, "19 November 2099")
    assert future.rule.startswith("date line: ")
    assert plain is not None
    assert plain.rule.startswith("date line: ")


TITLE_OF_PAGE = "Port Emlyn council votes to close its swimming baths"
