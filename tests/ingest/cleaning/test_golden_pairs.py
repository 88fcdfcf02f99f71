"""One golden pair for every rule there is: a line that it must decide, and one like it that it must leave alone."""

import pytest

from archive.choices import ContentKind
from archive.ingest.cleaning import clean, clean_lines
from archive.ingest.cleaning.rules import ALL_RULES
from archive.ingest.habits import Habits, without_repeated
from archive.ingest.records import CleanArticle, Locator, RawRecord
from tests.ingest.cleaning.test_page_text import PARAGRAPHS

TITLE = "Port Emlyn council votes to close its swimming baths"
LONG = " ".join(PARAGRAPHS)
DATES = [f"June {day} -- The Pavilion, Llanrhos" for day in (9, 11, 13, 15)]
THREAD = [
    line
    for hour, name in enumerate(("swimmer88", "Dai the Post", "emlyn_born"))
    for line in (f"{name} says:", f"November 20, 2019 at {hour + 3}:14 pm", "I learnt to swim there, and so did he.")
]
LINKS = ["Jobs at the Courier", "Courier crossword and puzzles", "Emlyn Courier app", "Courier shop", "Our papers"]


def page(
    *, above: tuple[str, ...] = (), head: tuple[str, ...] = ("By Ann Lee",), inside: str = "", below=()
) -> list[str]:
    """A page: title, byline, four paragraphs, with lines at the places that are given."""
    middle = [inside] if inside else []
    return [*above, TITLE, *head, *PARAGRAPHS[:2], *middle, *PARAGRAPHS[2:], *below]


HTML = (
    "<html><head><title>{title}</title></head><body><nav><a href='/news'>All the news</a></nav><article><h1>{title}</h1>"
    "{body}{more}</article><footer>The Emlyn Courier, Quay Street</footer></body></html>"
)


def html_page(more: str, head: str = "") -> CleanArticle:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    text = HTML.format(title=TITLE, body=body, more=more).replace("</head>", f"{head}</head>")
    return clean(RawRecord(Locator(1), ContentKind.HTML_PAGE, text))


def fields(text: str) -> CleanArticle:
    return clean(RawRecord(Locator(1), ContentKind.FIELDS, text, title="A vote"))


def repeated(line: str) -> CleanArticle:
    article = fields("\n\n".join((*PARAGRAPHS, line)))
    return without_repeated(article, Habits(100, {"our papers and our towns": 50}), ContentKind.FIELDS)


# rule → lines of a page with the line that it decides; lines of a page with one that it leaves alone
PAGES: dict[str, tuple[list[str], str, list[str], str]] = {
    "glued-advertisement": (page(inside="The clerk said so again.Advertisement"), "Advertisement",
        page(inside="He read it in an advertisement."), "He read it in an advertisement."),
    "glued-tool": (page(inside="The clerk said so again.Share this article"), "Share this article",
        page(inside="Please share this article, he wrote."), "Please share this article, he wrote."),
    "cut-off-mark": (page(inside="The clerk went on to say so… [+2184 chars]"), "… [+2184 chars]",
        page(inside="The clerk counted them [2184 of them]."), "The clerk counted them [2184 of them]."),
    "invisible": (page(inside="\u200b"), "\u200b", page(inside="No."), "No."),
    "advertisement": (page(inside="Advertisement"), "Advertisement",
        page(inside="Advertisement spending fell last year."), "Advertisement spending fell last year."),
    "affiliate-notice": (page(inside="We may earn a commission if you buy through links on this page."),
        "We may earn a commission if you buy through links on this page.",
        page(inside="They may earn a commission on each house that is sold."),
        "They may earn a commission on each house that is sold."),
    "newsletter": (page(inside="Sign up for our daily newsletter"), "Sign up for our daily newsletter",
        page(inside="She writes the parish newsletter by hand."), "She writes the parish newsletter by hand."),
    "paywall": (page(inside="Already a subscriber? Sign in"), "Already a subscriber? Sign in",
        page(inside="Every subscriber had signed the letter."), "Every subscriber had signed the letter."),
    "share": (page(inside="Share this article"), "Share this article",
        page(inside="Share prices of the builders fell."), "Share prices of the builders fell."),
    "counts": (page(below=("34 Comments",)), "34 Comments",
        page(inside="The score at the gala was 2-1."), "The score at the gala was 2-1."),
    "reader-tools": (page(inside="Reading Time:4 minutes"), "Reading Time:4 minutes",
        page(inside="Reading took four minutes, she said."), "Reading took four minutes, she said."),
    "comments": (page(below=("Be the first to comment on this story",)), "Be the first to comment on this story",
        page(inside="Comments by the mayor drew laughter."), "Comments by the mayor drew laughter."),
    "player": (page(inside="Open image in gallery"), "Open image in gallery",
        page(inside="The image hangs in the gallery upstairs."), "The image hangs in the gallery upstairs."),
    "related": (page(inside="Read more: Llanrhos baths reopen after nine years"),
        "Read more: Llanrhos baths reopen after nine years",
        page(inside="Read more, he tells his pupils."), "Read more, he tells his pupils."),
    "navigation": (page(above=("Skip to main content",)), "Skip to main content",
        page(inside="Weather"), "Weather"),
    "legal": (page(below=("© 2019 Emlyn Courier Ltd. All rights reserved.",)),
        "© 2019 Emlyn Courier Ltd. All rights reserved.",
        page(inside="The cookies that she bakes are famous."), "The cookies that she bakes are famous."),
    "contact": (page(below=("Follow Ann Lee on Twitter @annlee",)), "Follow Ann Lee on Twitter @annlee",
        page(inside="Call the helpline on 116 123 if you need to talk."),
        "Call the helpline on 116 123 if you need to talk."),
    "caption-doubled": (page(inside="The baths in 1954\nThe baths in 1954"), "The baths in 1954",
        page(inside="The baths in 1954 were cold."), "The baths in 1954 were cold."),
    "line-doubled": (page(inside="“Save our baths!”\n“Save our baths!”"), "“Save our baths!”",
        page(inside="“Save our baths!”"), "“Save our baths!”"),
    "story-doubled": (page(below=(" ".join((*PARAGRAPHS, LONG)),)), " ".join((*PARAGRAPHS, LONG)),
        page(), PARAGRAPHS[0]),
    "title": (page(), TITLE, list(PARAGRAPHS), PARAGRAPHS[0]),
    "title-repeated": (page(below=(TITLE,)), TITLE, page(inside=f"{TITLE}, it said."), f"{TITLE}, it said."),
    "said-again": (page(inside=PARAGRAPHS[0].rstrip(".")), PARAGRAPHS[0].rstrip("."), page(), PARAGRAPHS[1]),
    "caption-credit": (page(inside="The baths on Tuesday. Photo: AFP"), "The baths on Tuesday. Photo: AFP",
        page(inside="The recording ended in a swap"), "The recording ended in a swap"),
    "byline": (page(), "By Ann Lee", page(inside="By Thursday, it will be dry."), "By Thursday, it will be dry."),
    "date-line": (page(head=("19 November 2019",)), "19 November 2019",
        page(inside="It was 19 November 2019, a Tuesday, and it rained."),
        "It was 19 November 2019, a Tuesday, and it rained."),
    "standfirst": (page(head=("Councillors say that the pool loses a thousand pounds a day", "By Ann Lee")),
        "Councillors say that the pool loses a thousand pounds a day", page(), PARAGRAPHS[0]),
    "kept-list": (page(below=("The tour's dates:", *DATES)), DATES[1], page(inside=DATES[0]), PARAGRAPHS[0]),
    "quoted-post": (page(inside="Every lane is full and warm — Ann Lee (@annlee) November 19, 2019"),
        "Every lane is full and warm — Ann Lee (@annlee) November 19, 2019",
        page(inside="She wrote to Ann Lee (née Prosser) on November 19."),
        "She wrote to Ann Lee (née Prosser) on November 19."),
    "editors-note": (page(below=("Correction: The baths were opened in 1936.",)),
        "Correction: The baths were opened in 1936.",
        page(inside="Correction of the minutes took an hour."), "Correction of the minutes took an hour."),
    "link-in-capitals": (page(inside="MAYOR OF LLANRHOS SAYS HIS BATHS STAY OPEN"),
        "MAYOR OF LLANRHOS SAYS HIS BATHS STAY OPEN",
        page(inside="WHO WILL PAY FOR ALL THIS?"), "WHO WILL PAY FOR ALL THIS?"),
    "comment-thread": (page(below=tuple(THREAD)), THREAD[2],
        page(inside="The mayor says:"), "The mayor says:"),
    "before-story": (page(above=("Quay Street edition of the Courier",)), "Quay Street edition of the Courier",
        page(), PARAGRAPHS[0]),
    "after-story": (page(below=("Related stories", "Flood closes the bridge at Aber")),
        "Flood closes the bridge at Aber", page(), PARAGRAPHS[3]),
    "stray-marks": (page(inside="▄▄▄▄"), "▄▄▄▄", page(inside="* * *"), "* * *"),
    "line-model": (page(inside="Advertisement", below=tuple(LINKS)), LINKS[0], page(), PARAGRAPHS[2]),
}  # fmt: skip

PICTURE = "<figure><img src='a.jpg'><figcaption>The empty pool on Tuesday</figcaption></figure>"
WALLED = '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}", "articleBody": "{body}"}}</script>'
REST = " ".join(
    f"The {n}th speaker told the council that the baths were worth every penny of their cost." for n in range(30)
)
BEYOND = WALLED.format(title=TITLE, body="\\n".join((*PARAGRAPHS, REST)))

# rule → an article in which it decides a line, that line, and an article in which it decides none
ARTICLES = {
    "repeated-in-source": lambda: (repeated("Our papers and our towns"), "Our papers and our towns", repeated("Our baths")),
    "outside-the-story": lambda: (html_page(""), "The Emlyn Courier, Quay Street", fields(PARAGRAPHS[0])),
    "link-line": lambda: (
        html_page(f"<p><a href='/b'>Flood closes the bridge at Aber</a></p><p>{PARAGRAPHS[0]} Again.</p>"),
        "Flood closes the bridge at Aber",
        html_page(f"<p>The <a href='/b'>flood</a> has closed the bridge.</p><p>{PARAGRAPHS[0]} Again.</p>"),
    ),
    "page-furniture": lambda: (
        html_page(f"<div class='kicker'><p>News from the quay every day, free.</p></div><p>{PARAGRAPHS[0]} So.</p>"),
        "News from the quay every day, free.",
        html_page(f"<div class='text'><p>News from the quay came every day, free.</p></div><p>{PARAGRAPHS[0]} So.</p>"),
    ),
    "caption": lambda: (html_page(PICTURE), "The empty pool on Tuesday", html_page("<p>The pool was empty on Tuesday.</p>")),
    "page-data": lambda: (html_page("", BEYOND), REST, html_page("")),
    "in-page-data": lambda: (html_page("", BEYOND), PARAGRAPHS[0], html_page("")),
    "control-characters": lambda: (fields(f"{PARAGRAPHS[0]}\n\x03"), "\x03", fields(PARAGRAPHS[0])),
    "wire-sign-off": lambda: (
        fields(f"{PARAGRAPHS[0]}\nREUTER"), "REUTER", fields(f"{PARAGRAPHS[0]}\nReuter was a banker."),
    ),
}  # fmt: skip

BY_PEOPLE = {"source-rule", "source-keep", "cut-by-hand", "restored-by-hand"}
"""Decided by editors and not by what a line looks like: tests/ingest/test_source_rules.py and test_editing.py."""


def named(article: CleanArticle, rule: str) -> list[str]:
    return [line.text for line in article.lines if line.rule == rule]


def lines_of(texts: list[str]) -> list[str]:
    return "\n".join(texts).split("\n")


def test_every_rule_has_a_golden_pair() -> None:
    assert {*PAGES, *ARTICLES, *BY_PEOPLE} == {rule.name for rule in ALL_RULES}


@pytest.mark.parametrize("rule", PAGES)
def test_a_rule_of_page_text_decides_what_it_must_and_leaves_what_it_must(rule: str) -> None:
    cut, line, kept, other = PAGES[rule]
    assert line in named(clean_lines(lines_of(cut)), rule)
    article = clean_lines(lines_of(kept))
    assert other not in named(article, rule)
    assert other in (*article.paragraphs, article.title)


@pytest.mark.parametrize("rule", ARTICLES)
def test_a_rule_of_tags_records_and_sources_does_too(rule: str) -> None:
    article, line, other = ARTICLES[rule]()
    assert line in named(article, rule)
    assert named(other, rule) == [] or rule == "outside-the-story"


def test_a_masthead_in_capitals_is_no_byline() -> None:
    article = clean_lines(lines_of(page(above=("THE LANTERN",))))
    assert article.byline == ("Ann Lee",)
