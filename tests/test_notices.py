"""Corrections that a text announces of itself, and texts that only speak of corrections."""

import pytest

from archive.notices import announced

NOTICES = [
    "An earlier version of this article misstated the year of the flood.",
    "An earlier version of this story said the ferry had sunk. It ran aground.",
    "A previous version of this report incorrectly gave the mayor's name as Ellen Moss.",
    "The original version of this story misspelled the name of the harbour master.",
    "An earlier version of the headline misidentified the winner.",
    "A prior version of this post contained an error in the second chart.",
    "In an earlier version of this piece, the bridge was described as wooden.",
    "*An earlier version of this column referred to the wrong treaty.",
    "This article was amended on 3 May 2019 to correct the spelling of a name.",
    "This article has been corrected to reflect that the vote was unanimous.",
    "This story has been updated to include a statement from the port.",
    "This story was corrected on Tuesday: the fine was 400 crowns, not 4,000.",
    "• This article was amended on 4 June. An earlier version said that the island had two schools.",
    "(This story has been corrected to fix the date in paragraph 3.)",
    "(Corrects spelling of minister's name in second paragraph)",
    "(Corrects to show that profits fell, not rose, in paragraph 1)",
    "(Refiles to correct typo in headline)",
    "Correction: The census was taken in 1911, not 1921.",
    "CORRECTION: An item on Friday gave the wrong score.",
    "Correction, March 4: The play opens on Monday.",
    "Correction (4 June 2020): the boat is called Tern.",
    "Corrections and Clarifications: A caption named the wrong pier.",
    "Clarification: The council has not yet voted on the budget.",
    "Editor's note: This story has been corrected to give the right depth of the lake.",
    "Editor’s Note: An earlier version of this story omitted the second author.",
    "Retraction: The paper withdraws its report on the mine.",
    "This article has been retracted by the newspaper.",
    "This headline has been corrected.",
    "We apologise for the error.",
    "The Island Post regrets the error.",
    "We regret the errors in Saturday's tables.",
    "The error has been corrected.",
    "This version has been corrected to show that Vale is a councillor.",
    "Because of an editing error, an earlier version of this article misstated the depth.",
    "This article has since been updated.",
]
PLAIN = [
    "The minister said that the market was due for a correction: prices had risen for a year.",
    "An earlier version of the bill failed in the senate.",
    "Stocks fell in what traders called a correction.",
    "This report was published on Tuesday.",
    "The department of correction said that two men were missing.",
    "She corrected the record at once.",
    "The article was published in 1987 and corrected the common view.",
    "An earlier edition of the festival drew ten thousand people.",
    "He apologised for the error of judgement that cost the side the match.",
    "In a previous report the bank had forecast growth of two percent.",
    "The clarification came too late for the island's fishermen.",
    "The story was about a boy and a seal.",
    "The earlier version of the ferry carried forty cars.",
    "This page is updated every morning by hand, the librarian said.",
    "“Correct the list,” she said.",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_is_found_with_its_paragraph(text: str) -> None:
    (found,) = announced("Harbour opens", ["Ships came in.", text, "They left again."])
    assert (found.paragraph, found.text) == (2, text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_that_only_speaks_of_corrections_announces_none(text: str) -> None:
    assert not announced("Harbour opens", [text])


@pytest.mark.parametrize(
    "title", ["CORRECTED-Dollar steadies", "REFILE-Dollar steadies", "Correction: Dollar steadies"]
)
def test_a_headline_announces_one(title: str) -> None:
    assert [one.paragraph for one in announced(title, [])] == [0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This story has been updated with the result.", "update"),
        ("Clarification: the vote is on Monday.", "clarification"),
        ("This article has been retracted.", "retraction"),
        ("This article was updated to correct a name.", "correction"),
    ],
)
def test_the_kind_is_told(text: str, kind: str) -> None:
    assert [one.kind for one in announced("", [text])] == [kind]


def test_long_hostile_texts_take_no_time() -> None:
    texts = ["correction " * 20_000, "an earlier " * 20_000, "(" * 100_000, "this " * 50_000, "we regret the " * 20_000]
    assert not announced("correct" * 10_000, texts * 20)
