"""Golden pairs: for every rule at least one text that it must cut and one that it must leave alone."""

import re
from pathlib import Path

import pytest

from archive.choices import LinePlace
from archive.ingest.cleaning import clean_lines
from archive.ingest.cleaning.rules import ALL_RULES
from archive.ingest.records import CleanArticle
from tests.ingest.cleaning.test_page_text import PARAGRAPHS

TITLE = "Port Emlyn council votes to close its swimming baths"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "cleaning.md"


def between(line: str) -> CleanArticle:
    """A page with the line between two paragraphs of its story."""
    return clean_lines([TITLE, "", "By Ann Lee", "", *PARAGRAPHS[:2], "", line, "", *PARAGRAPHS[2:]])


def below(*lines: str) -> CleanArticle:
    """A page with the lines below its story."""
    return clean_lines([TITLE, "", "By Ann Lee", "", *PARAGRAPHS, "", *lines])


def rule_of(article: CleanArticle, text: str) -> str:
    return next(line.rule for line in article.lines if line.text == text)


CUT = [
    ("invisible", "\u200c"),
    ("advertisement", "Advertisement"),
    ("advertisement", "- Advertisement -"),
    ("advertisement", "Advertisement · Scroll to continue"),
    ("advertisement", "Аdvеrtіѕеmеnt"),  # its а, е, і and ѕ are Cyrillic
    ("advertisement", "This advertisement has not loaded yet, but your article continues below."),
    ("advertisement", "Story continues below advertisement"),
    ("affiliate-notice", "We may earn a commission if you buy through links on this page."),
    ("newsletter", "Sign up for our daily newsletter and never miss a story"),
    ("newsletter", "Enter your email address"),
    ("newsletter", "By signing up you agree to our Terms of Use and Privacy Policy"),
    ("paywall", "Already a subscriber? Sign in"),
    ("paywall", "You have 2 free articles left this month"),
    ("share", "Share this article"),
    ("share", "Facebook Twitter Flipboard Send Reddit"),
    ("share", "Click to share on Facebook (Opens in new window)"),
    ("counts", "34 Comments"),
    ("reader-tools", "Reading Time:4 minutes"),
    ("reader-tools", "Why you can trust SCMP"),
    ("comments", "Be the first to comment on this story"),
    ("player", "Open image in gallery"),
    ("player", "00:00 / 03:12"),
    ("related", "Read more: Llanrhos baths reopen after nine years"),
    ("related", "You might also like"),
    ("navigation", "Skip to main content"),
    ("legal", "© 2019 Emlyn Courier Ltd. All rights reserved."),
    ("legal", "We use cookies to improve your experience. Accept all"),
    ("contact", "Have a tip? Write to the newsdesk or follow Ann Lee on Twitter @annlee"),
    ("caption-credit", "The baths on Tuesday. Photo: AFP"),
    ("caption-credit", "REUTERS/John Roe"),
    ("caption-credit", "(Image: GETTY )"),
    ("comments", "Permalink 12 Comments Feed for comments Back to top"),
    ("contact", "Subscribe on YouTube:"),
    ("player", "In photos"),
    ("stray-marks", "•"),
    ("stray-marks", "▄▄▄▄"),
]

KEPT = [
    "Advertisement spending in the town fell by four per cent last year.",
    "You can also subscribe to this newsletter here.",
    "No.",
    "Silence.",
    "“Why?”",
    "Share prices of the two builders fell.",
    "Related to this is the question of who owns the land.",
    "By Thursday, the water will have been let out.",
    "Comments by the mayor drew laughter from the gallery.",
    "The cookies that she bakes for the swimmers are famous.",
    "Copyright in the drawings lies with the architect's heirs.",
    "Read more, he tells his pupils.",
    "The recording ended in a swap",
    "She had heard it from a friend, according to AP.",
    "He called the idea a recap",
    "The score at the gala was 2-1 to the visitors.",
    "Call the helpline on 116 123 if you need to talk to someone.",
    "* * *",
    "---",
    "Editor's note: An earlier version of this article gave the wrong year.",
    "Every lane is taken and the water is warm #saveourbaths pic.twitter.com/abc123 — Ann Lee (@annlee) November 19, 2019",
    "They photographed the empty pool for the county's records, he said.",
]


@pytest.mark.parametrize(("rule", "line"), CUT, ids=[f"{rule}: {line[:30]}" for rule, line in CUT])
def test_a_line_of_furniture_is_cut_by_its_rule(rule: str, line: str) -> None:
    assert rule_of(between(line), line) == rule
    assert line not in between(line).paragraphs


@pytest.mark.parametrize("line", KEPT, ids=[line[:30] for line in KEPT])
def test_a_line_that_only_looks_like_furniture_stays(line: str) -> None:
    assert line in between(line).paragraphs


def test_a_one_word_subhead_between_paragraphs_is_no_menu_entry() -> None:
    assert "Weather" in between("Weather").paragraphs


def test_a_menu_entry_above_the_title_is_cut() -> None:
    article = clean_lines(["Home", "Weather", "Sport", TITLE, "", "By Ann Lee", "", *PARAGRAPHS])
    assert article.paragraphs == PARAGRAPHS
    assert article.title == TITLE


def test_a_caption_printed_twice_is_kept_once() -> None:
    line = "The baths in their first summer"
    article = clean_lines([TITLE, "By Ann Lee", *PARAGRAPHS[:2], line, line, *PARAGRAPHS[2:]])
    assert [caption.text for caption in article.captions] == [line]
    assert [cut.rule for cut in article.removed] == ["caption-doubled"]


def test_a_chant_printed_twice_is_kept_once_in_the_body() -> None:
    line = "“Save our baths!”"
    article = clean_lines([TITLE, "By Ann Lee", *PARAGRAPHS[:2], line, line, *PARAGRAPHS[2:]])
    assert article.paragraphs.count(line) == 1
    assert rule_of(article, line) == "" or article.removed[0].rule == "line-doubled"


def test_a_credit_alone_joins_the_caption_above_it() -> None:
    article = between("FILE PHOTO: The baths in 1954")
    assert article.captions[0].text == "FILE PHOTO: The baths in 1954"
    article = clean_lines(
        [TITLE, "By Ann Lee", *PARAGRAPHS[:2], "FILE PHOTO: The baths in 1954", "Getty Images", *PARAGRAPHS[2:]]
    )
    assert [(caption.text, caption.credit) for caption in article.captions] == [
        ("FILE PHOTO: The baths in 1954", "Getty Images")
    ]


@pytest.mark.parametrize(
    ("rule", "raw", "rest"),
    [
        ("glued-advertisement", "The clerk said so.Advertisement", "The clerk said so."),
        ("glued-advertisement", "AdvertisementThe clerk said so again.", "The clerk said so again."),
        ("glued-tool", "The clerk said so again.Share this article", "The clerk said so again."),
        ("cut-off-mark", "The clerk went on to say that… [+2184 chars]", "The clerk went on to say that"),
    ],
)
def test_furniture_glued_to_a_sentence_is_cut_and_the_sentence_stays(rule: str, raw: str, rest: str) -> None:
    article = between(raw)
    parts = [line for line in article.lines if line.number == 8]
    assert "".join(part.text for part in parts).replace(" ", "") == raw.replace(" ", "")
    assert [part.rule for part in parts if part.place == LinePlace.REMOVED] == [rule]
    assert rest in article.paragraphs


def test_a_sentence_that_ends_in_the_word_advertisement_stays_whole() -> None:
    line = "He had read about it in an advertisement."
    assert line in between(line).paragraphs


def test_a_standfirst_stands_between_title_and_byline() -> None:
    line = "Councillors say that the pool loses a thousand pounds a day"
    article = clean_lines([TITLE, line, "By Ann Lee", *PARAGRAPHS])
    assert article.standfirst == line
    assert rule_of(article, line) == "standfirst"


def test_a_first_paragraph_under_the_byline_is_no_standfirst() -> None:
    article = clean_lines([TITLE, "By Ann Lee", *PARAGRAPHS])
    assert article.standfirst == ""


def test_the_title_is_found_and_its_repetition_cut() -> None:
    article = clean_lines(["Home", TITLE, "By Ann Lee", *PARAGRAPHS, TITLE])
    assert article.title == TITLE
    assert article.removed[-1].rule == "title-repeated"


def test_a_page_that_begins_with_its_story_has_no_title() -> None:
    assert clean_lines(PARAGRAPHS).title == ""


def test_tour_dates_are_kept_whole() -> None:
    dates = [f"June {day} -- The Pavilion, Llanrhos" for day in range(9, 19, 2)]
    article = below("The tour's dates:", *dates, "Facebook", "Twitter")
    assert [line.text for line in article.lines if line.rule == "kept-list"] == dates
    assert article.paragraphs[-len(dates) :] == tuple(dates)


def test_three_dated_lines_are_too_few_for_a_list() -> None:
    dates = [f"June {day} -- The Pavilion, Llanrhos" for day in (9, 11, 13)]
    assert all(line.rule != "kept-list" for line in below(*dates).lines)


def test_rows_of_figures_are_kept_whole() -> None:
    rows = [f"{n} Emlyn Rovers {40 - n} {n + 3} 12 {50 - n}" for n in range(1, 7)]
    assert below("How they stand:", *rows).paragraphs[-6:] == tuple(rows)


def test_readers_comments_are_cut_with_all_below_them() -> None:
    thread = []
    for hour, name in enumerate(("swimmer88", "Dai the Post", "emlyn_born", "nobody")):
        thread += [f"{name} says:", f"November 20, 2019 at {hour + 3}:14 pm"]
        thread += ["I learnt to swim there and so did my father, and now they want to build flats on it."]
    article = below("4 responses to “Council votes to close baths”", *thread)
    assert article.paragraphs == PARAGRAPHS
    assert {line.rule for line in article.removed} >= {"comment-thread"}


def test_two_speakers_are_no_comment_thread() -> None:
    article = below("The mayor says:", "We had no choice, and everyone in this room knows it.")
    assert all(line.rule != "comment-thread" for line in article.lines)


def test_what_stands_below_a_heading_of_related_stories_is_cut() -> None:
    article = below("Related stories", "Llanrhos baths reopen", "Flood closes bridge")
    assert [line.rule for line in article.removed] == ["related", "after-story", "after-story"]


def test_the_line_model_says_its_score_and_its_reasons() -> None:
    links = ("Jobs at the Courier", "Courier crossword and puzzles", "Emlyn Courier app", "Courier shop", "Our papers")
    article = clean_lines([TITLE, "", "Advertisement", "", *PARAGRAPHS, "", *links])
    cuts = [line for line in article.removed if line.rule == "line-model"]
    assert cuts
    assert all(re.match(r"score 0\.\d\d: \S.*; .*; ", line.reason) for line in cuts)


def test_every_rule_is_explained_to_editors_and_no_other() -> None:
    documented = re.findall(r"^\| `([\w-]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert documented == [rule.name for rule in ALL_RULES]


def test_the_documentation_says_of_each_rule_what_the_code_says() -> None:
    text = DOCS.read_text("utf-8")
    assert [rule.name for rule in ALL_RULES if rule.says not in text] == []


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in ALL_RULES]
    assert len(names) == len(set(names))


def test_a_link_in_capitals_between_paragraphs_is_cut() -> None:
    line = "MAYOR OF LLANRHOS SAYS HIS BATHS WILL STAY OPEN"
    assert rule_of(between(line), line) == "link-in-capitals"


@pytest.mark.parametrize(
    "line", ["WHO WILL PAY FOR ALL THIS?", "GIRLS BASKETBALL", "THE EMLYN BUILDERS PLC 225.86 -12.99 -5.44%"]
)
def test_other_lines_in_capitals_stay(line: str) -> None:
    assert line in between(line).paragraphs


def test_a_page_set_in_capitals_keeps_its_lines() -> None:
    lines = [paragraph.upper() for paragraph in PARAGRAPHS]
    assert (
        clean_lines([*lines[:2], "THE COUNCIL HEARD BOTH SIDES ON TUESDAY", *lines[2:]])
        .paragraphs[2]
        .startswith("THE COUNCIL")
    )


def test_the_story_once_more_on_one_line_is_cut() -> None:
    story = [
        f"{paragraph} It was the {n}th time that the matter had come up." for n, paragraph in enumerate(PARAGRAPHS * 2)
    ]
    copy = " ".join(story)
    article = clean_lines([TITLE, "By Ann Lee", *story, copy])
    assert rule_of(article, copy) == "story-doubled"
    assert article.paragraphs == tuple(story)


def test_a_long_paragraph_of_its_own_words_is_no_copy() -> None:
    line = " ".join(
        f"The {n}th speaker said that she had learnt to swim in the baths in the year {1900 + n}." for n in range(12)
    )
    assert line in between(line).paragraphs
    assert line in between(line).paragraphs


def test_a_recipe_is_kept_whole() -> None:
    recipe = [
        "2 cups flour",
        "½ tsp salt",
        "3 tbsp butter, softened",
        "200 g sugar",
        "Icing",
        "4 oz cream cheese",
        "1 tsp vanilla",
    ]
    article = below("Prosser's buns", *recipe, "Facebook", "Twitter")
    assert article.paragraphs[-len(recipe) :] == tuple(recipe)


def test_related_stories_with_their_ages_are_no_comment_thread() -> None:
    teasers = ["Business", "22 hours ago", "Llanrhos baths reopen", "Business", "23 hours ago", "Mayor resigns"]
    article = clean_lines([TITLE, "Advertisement", "By Ann Lee", *PARAGRAPHS[:2], *teasers, *PARAGRAPHS[2:], *teasers])
    assert all(line.rule != "comment-thread" for line in article.lines)
    assert article.paragraphs[-1] == PARAGRAPHS[-1]


def test_a_caption_that_says_a_paragraph_above_it_again_is_cut() -> None:
    article = clean_lines([TITLE, "By Ann Lee", *PARAGRAPHS[:2], PARAGRAPHS[0].rstrip("."), *PARAGRAPHS[2:]])
    assert [line.rule for line in article.removed] == ["said-again"]
    assert article.paragraphs == PARAGRAPHS


def test_a_caption_that_says_the_paragraph_below_it_is_cut_and_the_paragraph_stays() -> None:
    article = clean_lines([TITLE, "By Ann Lee", PARAGRAPHS[0], PARAGRAPHS[2].rstrip("."), *PARAGRAPHS[1:]])
    assert [line.rule for line in article.removed] == ["said-again"]
    assert article.paragraphs == PARAGRAPHS


def test_a_refrain_is_no_caption() -> None:
    refrain = "And still the water stands as green as glass above the tiles that our fathers laid."
    article = clean_lines(
        [TITLE, "By Ann Lee", *(line for each in PARAGRAPHS[:3] for line in (each, refrain)), PARAGRAPHS[3]]
    )
    assert article.paragraphs.count(refrain) == 3


def test_marks_above_the_story_are_cut_and_those_between_paragraphs_part_them() -> None:
    article = clean_lines(["×", "×  ×", TITLE, "By Ann Lee", *PARAGRAPHS[:2], "* * *", *PARAGRAPHS[2:], "•••"])
    assert article.paragraphs == (*PARAGRAPHS[:2], "* * *", *PARAGRAPHS[2:])
    assert rule_of(article, "•••") == "stray-marks"


def test_a_post_quoted_in_the_story_is_kept_in_its_rules_name_and_one_below_it_is_not() -> None:
    post = "Every lane is taken and the water is warm — Ann Lee (@annlee) November 19, 2019"
    assert rule_of(between(post), post) == "quoted-post"
    assert rule_of(below(post), post) != "quoted-post"


def test_an_editors_note_is_kept_in_its_rules_name() -> None:
    note = "Correction: The baths were opened in 1936, not in 1963."
    assert rule_of(below(note), note) == "editors-note"
    assert rule_of(between("Correction of the minutes took an hour."), "Correction of the minutes took an hour.") == ""


def test_lines_that_begin_alike_under_a_colon_are_kept_whole() -> None:
    letters = [f"Letter from the clerk to the builder, {month} 2018" for month in ("May", "June", "July", "August")]
    article = below("These are the letters that the council would not show:", *letters)
    assert article.paragraphs[-4:] == tuple(letters)
    assert {rule_of(article, letter) for letter in letters} == {"kept-list"}


def test_lines_that_begin_alike_under_a_heading_of_links_are_no_list() -> None:
    links = [f"Watch the mayor swim, part {n}" for n in range(4)]
    assert all(line.rule != "kept-list" for line in below("More videos:", *links).lines)
