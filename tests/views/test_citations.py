"""Citations in words: the three styles, with and without authors, dates and quotation marks."""

from datetime import date
from typing import Any

import pytest

from archive.models import Article, Source
from archive.views.citations import citations
from archive.views.citing import bibtex

URL = "https://archive.example/articles/7/x/"


def cited(style: str, *byline: str, **fields: Any) -> str:
    values: dict[str, Any] = {"title": "Dollar steadies", "published_on": date(1987, 9, 30), **fields}
    article = Article(pk=7, source=Source(name="Island Post"), byline=list(byline), **values)
    (found,) = [one.html for one in citations(article, URL) if one.style == style]
    return str(found)


@pytest.mark.parametrize(
    ("style", "byline", "expected"),
    [
        ("Chicago", ("Ada Vale",), "Vale, Ada. “Dollar steadies.” <i>Island Post</i>, September 30, 1987. {}."),
        ("Chicago", ("Ada Vale", "Jon Brook"), "Vale, Ada, and Jon Brook. “Dollar steadies.” <i>Island Post</i>, September 30, 1987. {}."),
        ("Chicago", (), "<i>Island Post</i>. “Dollar steadies.” September 30, 1987. {}."),
        ("MLA", ("Ada Vale",), "Vale, Ada. “Dollar steadies.” <i>Island Post</i>, 30 Sept. 1987, {}."),
        ("MLA", ("Ada Vale", "Jon Brook"), "Vale, Ada, and Jon Brook. “Dollar steadies.” <i>Island Post</i>, 30 Sept. 1987, {}."),
        ("MLA", ("Ada Vale", "Jon Brook", "Eve Moss"), "Vale, Ada, et al. “Dollar steadies.” <i>Island Post</i>, 30 Sept. 1987, {}."),
        ("MLA", (), "“Dollar steadies.” <i>Island Post</i>, 30 Sept. 1987, {}."),
        ("APA", ("Ada Vale",), "Vale, A. (1987, September 30). Dollar steadies. <i>Island Post</i>. {}"),
        ("APA", ("Ada Maria Vale", "Jean-Luc Brook"), "Vale, A. M., &amp; Brook, J.-L. (1987, September 30). Dollar steadies. <i>Island Post</i>. {}"),
        ("APA", (), "Dollar steadies. (1987, September 30). <i>Island Post</i>. {}"),
    ],
)  # fmt: skip
def test_an_article_is_cited(style: str, byline: tuple[str, ...], expected: str) -> None:
    assert cited(style, *byline) == expected.format(URL)


def test_a_date_is_as_exact_as_it_is_known() -> None:
    assert "<i>Island Post</i>, September 1987." in cited("Chicago", "Ada Vale", published_precision="month")
    assert "(1987)." in cited("APA", published_precision="year")
    assert "(n.d.)." in cited("APA", published_on=None)
    assert "n.d. https" in cited("Chicago", published_on=None)
    assert "<i>Island Post</i>, https" in cited("MLA", published_on=None)


def test_marks_of_the_headline_are_kept_and_not_doubled() -> None:
    assert "“Who said ‘enough’?” <i>" in cited("MLA", title="Who said “enough”?")
    assert "Who said “enough”? <i>" in cited("APA", "Ada Vale", title="Who said “enough”?")


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Reuters", "Reuters."),
        ("Ludwig van Berg", "van Berg, Ludwig."),
        ("Ada Vale Jr.", "Vale, Ada, Jr."),
        ("de la Cruz", "la Cruz, de."),
        ("Ana de la Cruz", "de la Cruz, Ana."),
        ("O", "O."),
    ],
)
def test_names_are_turned_with_what_belongs_to_them(name: str, turned: str) -> None:
    assert cited("MLA", name).startswith(f"{turned} “")


def test_what_is_hostile_is_escaped() -> None:
    page = "".join(cited(style, "<b>", title="<i>", published_on=None) for style in ("Chicago", "MLA", "APA"))
    assert "<b>" not in page
    assert "&lt;i&gt;" in page


def test_nothing_in_a_headline_is_a_command_to_latex() -> None:
    article = Article(pk=1, title=r"Harbour \input /etc/passwd ^ 5 % {x}", source=Source(name="Ouse Times"))
    assert r"title = {Harbour \textbackslash{}input /etc/passwd \textasciicircum{} 5 \% \{x\}}" in bibtex(
        article, "https://archive.example/articles/1/"
    ).replace("\n", " ")
