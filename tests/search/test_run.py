"""From what a reader types to what the page shows."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoAssertNumQueries

from archive.access import Reader
from archive.ingest.entities import decisions
from archive.ingest.entities.decisions import By
from archive.models import Article, Entity, EntityAlias, Mention, Source, queue_for_index
from archive.search.backends.base import Filter
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.extent import extent
from archive.search.query import Sort
from archive.search.run import search
from tests.search.conftest import article
from tests.search.queries import query_texts

FACETS = ("person", "organisation", "place", "source", "year", "section", "language")


def found(text: str, **options: object) -> list[str]:
    return [hit.article.title for hit in search(text, **options).hits]  # type: ignore[arg-type]  # a test's keywords


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("oil prices", {"Oil prices rise", "Gas holds"}),
        ("OIL -gas", {"Oil prices rise"}),
        ('person:"James Baker"', {"Oil prices rise"}),
        ("person:baker", {"Oil prices rise"}),
        ("person:(James Baker)", {"Oil prices rise"}),
        ("speaker:baker", {"Oil prices rise"}),
        ('said:"must fall"', {"Oil prices rise"}),
        ("org:OPEC", {"Oil prices rise"}),
        ('org:"petroleum countries"', {"Oil prices rise"}),
        ("source:Times", {"Camps in the west"}),
        ("section:business", {"Gas holds"}),
        ("lang:FR", {"Le café"}),
        ("lang:french", {"Le café"}),
        ("lang:Français", {"Le café"}),
        ("lang:fr-CA", {"Le café"}),
        ("lang:german", set()),
        ("oil near/2 (rose OR fell)", {"Oil prices rise", "Gas holds"}),
        ("cafe", {"Le café"}),
        ("date:1987-03", {"Oil prices rise", "Gas holds"}),
        ("date:unknown", {"Old wheat"}),
        ("uygur", {"Camps in the west"}),
        ("beijing", {"Camps in the west"}),
        ('"uygur family"', {"Camps in the west"}),
        ('="uygur family"', set()),
        ("=uygur", set()),
        ('="Uighur"', {"Camps in the west"}),
        ("person:nobody", set()),
    ],
)
def test_a_reader_finds(archive: dict[str, Article], text: str, titles: set[str]) -> None:
    assert set(found(text)) == titles


def test_an_answer_says_how_it_was_understood(archive: dict[str, Article]) -> None:
    answer = search("oil  person:“James Baker”")
    assert answer.understood_as == "oil, in titles and text; person James Baker"
    assert answer.canonical == 'oil person:"James Baker"'
    assert [entity.name for entity in answer.entities] == ["James Baker"]


def test_other_spellings_are_named_and_can_be_switched_off(archive: dict[str, Article]) -> None:
    answer = search("uygur family")
    assert "Uighur" in answer.also_searched
    assert answer.literal == "=uygur family"
    assert search(answer.literal).total == 0
    assert search("oil").also_searched == ()


def test_a_person_is_found_by_initials_that_articles_use_and_no_alias_has(archive: dict[str, Article]) -> None:
    baker = Entity.objects.get(name="James Baker")
    short = {"kind": "person", "key": "j baker", "link": "short", "text": "J. Baker", "start": 900, "end": 908}
    Mention.objects.create(article=archive["oil"], entity=baker, **short)
    answer = search('person:"J. Baker"')
    assert ([hit.article.title for hit in answer.hits], answer.notes) == (["Oil prices rise"], ())


def test_merges_teach_other_names_until_they_are_undone(archive: dict[str, Article]) -> None:
    made = [
        Entity.objects.create(kind="place", name=name, slug=name.lower(), sort_name=name) for name in ("Rainz", "Camps")
    ]
    for one in made:
        EntityAlias.objects.create(entity=one, kind="place", name=one.name, key=one.name.lower())
    decision = decisions.merge(made[0], made[1], By())
    answer = search("rainz")
    assert (answer.also_searched, [hit.article.title for hit in answer.hits]) == (("Camps",), ["Camps in the west"])
    assert (answer.literal, search(answer.literal).total) == ("=rainz", 0)
    decisions.undo(decision, By())
    assert search("rainz").also_searched == ()


def test_a_name_that_nobody_bears_is_said_so(archive: dict[str, Article]) -> None:
    assert search("person:Nobody").notes == ("No person in the archive is called “Nobody”.",)
    assert search("lang:klingon").notes == ("No language known here is called “klingon”.",)
    assert search("lang:german").notes == ()


def test_hits_are_marked_in_title_and_passage_after_escaping(archive: dict[str, Article]) -> None:
    hit = search('rises "opec meets"').hits[0]
    assert hit.title_html == "Oil prices <mark>rise</mark>"
    assert hit.snippet_html == "<mark>OPEC</mark> <mark>meets</mark> &lt;today&gt; &amp; later."


def test_facets_carry_names_and_what_is_chosen(archive: dict[str, Article]) -> None:
    answer = search("oil", facets=("person", "source"), filters=[Filter("source", ("reuters", "times"))])
    people, sources = answer.facets
    assert [(one.value, one.label, one.count) for one in people.values] == [("james-baker", "James Baker", 1)]
    assert [(one.label, one.count, one.is_chosen) for one in sources.values] == [
        ("Reuters", 2, True),
        ("Times", 0, True),
    ]


@pytest.mark.parametrize(
    ("text", "own", "offered"),
    [
        ("oil wheat", {"oil": 2, "wheat": 1}, {"without wheat": 2, "without oil": 1}),
        ("oil near/2 wheat", {"oil": 2, "wheat": 1}, {"without wheat": 2, "without oil": 1}),
        ('"wheat oil"', {"wheat": 1, "oil": 2}, {"without wheat": 2, "without oil": 1}),
        ("oil near/2 oil", {}, {"without their nearness": 2}),
        ('"spoke oil"', {"spoke": 1, "oil": 2}, {"without their order": 1, "without spoke": 2, "without oil": 1}),
        ('"crude oil" near/10 quokka', {"“crude oil”": 0, "quokka": 0}, {}),
        ('"oil rose" near/10 quokka', {"“oil rose”": 1, "quokka": 0}, {"without quokka": 1}),
        ('"oil quokka"', {"oil": 2, "quokka": 0}, {"without quokka": 2}),
        ("title:spoke", {}, {"with spoke anywhere, not only in titles": 1}),
        ("title:fell oil", {"fell in titles": 0, "oil": 2}, {"with fell anywhere, not only in titles": 1}),
        ("title:(fell near/3 oil)", {"fell in titles": 0, "oil in titles": 1}, {"with fell within 3 words of oil anywhere, not only in titles": 1}),
        ("oil quokka zebra", {"oil": 2, "quokka": 0, "zebra": 0}, {"without quokka and zebra, which nothing meets": 2}),
        ('"spoke oil" prices', {"“spoke oil”": 0, "prices": 2}, {"with spoke and oil, not in a row": 1}),
        ('person:"Uighur"', {}, {"with Uighur as words of the text": 1}),
        ("=price", {}, {"with price in any form": 2}),
        ("gas wheat lang:en", {"gas": 1, "wheat": 1, "language en": 4}, {"with any of the words instead of all of them": 2}),
    ],
)  # fmt: skip
def test_nothing_found_says_what_each_condition_finds_and_what_would_be_found_otherwise(
    archive: dict[str, Article], text: str, own: dict[str, int], offered: dict[str, int]
) -> None:
    answer = search(text)
    assert (answer.total, {one.said: one.total for one in answer.clauses}) == (0, own)
    looser = {one.said: one.total for one in answer.loosenings}
    assert looser.items() >= offered.items()
    for one in answer.loosenings:
        assert search(one.canonical).total == one.total


def test_nothing_found_for_the_filters_alone_offers_to_drop_them(archive: dict[str, Article]) -> None:
    answer = search("wheat", filters=[Filter("source", ("times",))])
    assert (answer.loosenings[0].said, answer.loosenings[0].total) == ("without the chosen filters", 1)


def test_a_misspelt_word_is_asked_about(archive: dict[str, Article]) -> None:
    assert search("prises").suggestion == "prices"
    assert search("prices").suggestion is None


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ('person:"Jmaes Baker"', 'person:"James Baker"'),
        ('person:"Baker Jmaes"', 'person:"James Baker"'),
        ("oil person:Bakker", 'oil person:"Baker"'),
        ('org:"OPEK"', 'org:"OPEC"'),
        ('speaker:"Jame Baker"', 'speaker:"James Baker"'),
        ('place:"Jmaes Baker"', None),
        ('person:"Nobody Atall"', None),
        ('person:"James Baker" quokka', None),
    ],
)
def test_a_misspelt_name_is_asked_about(archive: dict[str, Article], text: str, better: str | None) -> None:
    assert search(text).suggestion == better
    if better:
        assert search(better).total


def test_a_name_that_only_hidden_articles_hold_is_not_suggested(archive: dict[str, Article]) -> None:
    Entity.objects.filter(slug="james-baker").update(article_count=0)
    assert search('person:"Jmaes Baker"').suggestion is None


def test_a_sentence_is_ranked_by_its_telling_words_and_says_so(archive: dict[str, Article]) -> None:
    answer = search("what happened to the price of oil after James Baker spoke of it")
    assert answer.hits[0].article.title == "Oil prices rise"
    assert answer.understood_as.startswith("any of the words happened, price, oil")
    assert "No article has all of these words" in answer.notes[-1]


def test_months_count_what_the_search_finds(archive: dict[str, Article]) -> None:
    assert search("oil", months=True).months == {"1987-03": 2}
    assert sum(search("", months=True).months.values()) == 5
    assert search("oil").months == {}


def test_an_answer_for_pages_asks_the_index_once(archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    whole = WhooshBackend.search
    monkeypatch.setattr(WhooshBackend, "search", lambda *args, **options: asked.append(1) or whole(*args, **options))
    assert search("prices", facets=FACETS, months=True).total == 2
    assert len(asked) == 1 + 1  # the second for a better spelling, as there are few hits


def test_a_source_for_some_readers_leaves_no_trace_for_the_others(archive: dict[str, Article]) -> None:
    desk = Group.objects.create(name="investigations")
    Source.objects.filter(slug="times").update(only_for=desk)
    answer = search("", facets=FACETS, months=True)
    assert (answer.total, len(answer.hits)) == (4, 4)
    assert "times" not in {one.value for facet in answer.facets for one in facet.values}
    assert "2018-05" not in answer.months
    assert search("source:times").notes == ("No source in the archive is called “times”.",)
    assert search("uygur").total == 0
    assert search("famly").suggestion is None
    assert search("famly", reader=Reader(frozenset({desk.pk}))).suggestion == "family"
    assert (extent().articles, extent().sources) == (4, 2)
    assert search("", reader=Reader(frozenset({desk.pk}))).total == 5


def test_the_extent_says_what_was_searched(archive: dict[str, Article]) -> None:
    queue_for_index([1])
    covered = extent()
    assert (covered.articles, covered.sources, covered.undated, covered.waiting) == (5, 3, 1, 1)
    assert (covered.first, covered.last) == (date(1987, 3, 1), date(2019, 1, 1))


def test_pages_are_counted_and_end(archive: dict[str, Article]) -> None:
    assert (search("", size=2).pages, len(search("", size=2, page=3).hits), search("", size=2, page=9).hits) == (
        3,
        1,
        (),
    )


def test_the_undated_come_last_in_both_orders(archive: dict[str, Article]) -> None:
    assert found("", sort=Sort.NEWEST)[-1] == found("", sort=Sort.OLDEST)[-1] == "Old wheat"


def test_a_page_takes_as_many_queries_for_a_hundred_hits_as_for_one(
    archive: dict[str, Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9):
        search('oil OR wheat OR person:"James Baker"', facets=FACETS, size=100)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@given(query_texts)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_fails_or_lets_markup_through(archive: dict[str, Article], text: str) -> None:
    answer = search(text, facets=FACETS)
    tags = Tags()
    for hit in answer.hits:
        tags.feed(hit.title_html + hit.snippet_html)
    assert tags.seen <= {"mark"}
    assert answer.total >= len(answer.hits)


def test_a_hidden_article_is_not_shown_even_while_it_is_still_in_the_index(archive: dict[str, Article]) -> None:
    Article.objects.filter(title="Gas holds").update(visibility="hidden")
    assert found("gas") == []


def test_a_hit_in_a_caption_shows_the_caption(archive: dict[str, Article]) -> None:
    from archive.search.indexing import drain

    article("Zinc", "Nothing of the kind.", captions=[{"text": "The dirigible <i>over</i> the sea"}])
    drain()
    (hit,) = search("dirigible").hits
    assert hit.snippet_html == "The <mark>dirigible</mark> &lt;i&gt;over&lt;/i&gt; the sea"
    assert hit.paragraph == 0


def test_a_hit_whose_text_is_long_shows_the_passage_that_matters(archive: dict[str, Article]) -> None:
    from archive.search.indexing import drain

    article("Long", "Filler words here. " * 200, "At last the zeppelin landed near the sea. " + "More filler. " * 100)
    drain()
    snippet = search("zeppelin sea").hits[0].snippet_html
    assert "<mark>zeppelin</mark>" in snippet
    assert "<mark>sea</mark>" in snippet
    assert len(snippet) < 400
