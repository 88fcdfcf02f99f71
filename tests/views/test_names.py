"""The pages of names: what each tells, where old addresses lead, and that a thousand rows ask no more of the database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.choices import EntityKind, LinkBy
from archive.ingest.entities import decisions
from archive.ingest.entities.decisions import By
from archive.ingest.records import NamedEntity, Quote, Span, TextNames
from archive.ingest.store_names import store_names
from archive.models import Article, Entity
from archive.search.run import search
from archive.views.passages import paragraph_at, passage
from tests.views.makers import index, make_article

pytestmark = pytest.mark.django_db
PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def stored(*told: tuple[Article, list[NamedEntity]], quotes: tuple[Quote, ...] = ()) -> None:
    store_names([(article, TextNames(tuple(names), quotes)) for article, names in told])


def named(article: Article, name: str, kind: EntityKind = PERSON, role: str = "", called: str = "") -> NamedEntity:
    """`name` as the entity's name, mentioned wherever `called` (or the name) stands in the article."""
    form, spans, at = called or name, [], article.text.find(called or name)
    while at >= 0:
        spans.append(Span(at, at + len(form), form))
        at = article.text.find(form, at + 1)
    return NamedEntity(kind, name, tuple(spans), (role,) if role else ())


def day(number: int) -> datetime:
    return datetime(2020, 3, number, tzinfo=UTC)


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


@pytest.fixture
def vales(site: Client) -> Client:
    """Three stories: Ada Vale in a role, Vale alone in another, then quoted; and the town of Vale."""
    one = make_article(1, body=["It rained.", "Warden Ada Vale was pleased in Ellery."], published_at=day(1))
    two = make_article(2, body=["Vale resigned."], published_at=day(5))
    said = "“We counted them,” Ada Vale said."
    three = make_article(3, body=["It was late.", said], published_at=day(9))
    start = three.text.index("We")
    quote = Quote(Span(start, start + 15, "We counted them"), "Ada Vale")
    stored((one, [named(one, "Ada Vale", role="Warden"), named(one, "Ellery", PLACE)]))
    stored((two, [named(two, "Vale")]))
    store_names([(three, TextNames((named(three, "Ada Vale", role="Warden"),), (quote,)))])
    index()
    return site


def test_a_persons_page_tells_roles_with_dates_spellings_passages_and_how_sure_each_link_is(vales: Client) -> None:
    page = vales.get("/people/ada-vale/").content.decode()
    assert "3 articles" in page
    assert "from 1 March 2020 to 9 March 2020" in page
    assert "1 Mar 2020 – 9 Mar 2020" in page
    assert "<mark>Ada Vale</mark> was pleased in Ellery." in page
    assert "by short name" in page
    assert LinkBy.SHORT.label in page
    assert '<span>Vale</span><span class="count">1×</span>' in page


def test_a_quotation_links_to_its_paragraph(vales: Client) -> None:
    page = vales.get("/people/ada-vale/").content.decode()
    three = Article.objects.get(external_id="3")
    assert f'<a href="{three.get_absolute_url()}#p2">' in page
    assert 'id="p2">“We counted them,”' in vales.get(three.get_absolute_url()).content.decode()


def test_quotations_come_latest_first_and_those_without_a_date_last(vales: Client) -> None:
    for number, at in ((4, day(12)), (5, None)):
        quoting = make_article(number, body=["“We count,” Ada Vale said."], published_at=at)
        start = quoting.text.index("We")
        quote = Quote(Span(start, start + 9, f"We count {number}"), "Ada Vale")
        store_names([(quoting, TextNames((named(quoting, "Ada Vale"),), (quote,)))])
    told = [each.text for each in vales.get("/people/ada-vale/").context["quotations"]]
    assert told == ["We count 4", "We counted them", "We count 5"]


def test_articles_come_oldest_first_when_asked_for(vales: Client) -> None:
    passages = vales.get("/people/ada-vale/?sort=oldest").context["passages"]
    assert [each.article.external_id for each, _ in passages] == ["1", "2", "3"]
    passages = vales.get("/people/ada-vale/").context["passages"]
    assert [(each.article.external_id, tie) for each, tie in passages] == [("3", ""), ("2", "by short name"), ("1", "")]


def test_people_of_the_same_surname_and_other_kinds_of_the_same_name_are_not_to_be_confused(vales: Client) -> None:
    four, five = make_article(4, body=["Otto Vale sang."]), make_article(5, body=["In Ada Vale it snowed."])
    stored((four, [named(four, "Otto Vale")]), (five, [named(five, "Ada Vale", PLACE)]))
    others = {each.entity.name: each.why for each in vales.get("/people/ada-vale/").context["others"]}
    assert others == {"Otto Vale": "the same surname", "Ada Vale": "the place"}
    decisions.declare_distinct(
        Entity.objects.get(slug="ada-vale", kind=PERSON), Entity.objects.get(slug="ellery"), By()
    )
    others = {each.entity.name: each.why for each in vales.get("/people/ada-vale/").context["others"]}
    assert others["Ellery"] == "told apart by a librarian"


def test_names_sort_by_their_rise_in_the_last_weeks(site: Client) -> None:
    for number in range(1, 13):
        month = 1 if number < 7 else 6
        article = make_article(
            number, body=["Ada Vale.", "Otto Reed."], published_at=datetime(2020, month, 9, tzinfo=UTC)
        )
        names = [named(article, "Ada Vale")] if number < 8 else [named(article, "Otto Reed")]
        stored((article, names))
    index()
    page = site.get("/people/?sort=rise")
    assert [(one.entity.name, one.here) for one in page.context["leaf"].rows] == [("Otto Reed", 5)]
    assert "5 of 5" in page.content.decode()


def test_a_date_in_the_future_moves_no_period(site: Client) -> None:
    make_article(1, published_at=datetime(2020, 1, 9, tzinfo=UTC))
    make_article(2, published_at=datetime(2999, 1, 9, tzinfo=UTC))
    assert site.get("/people/?sort=rise").context["period"].end == day(9).date().replace(month=1)


def test_an_archive_without_dates_says_so(site: Client) -> None:
    make_article(1, published_at=None)
    assert "no article has a date yet" in site.get("/people/?sort=rise").content.decode()


def test_after_a_change_of_kind_old_addresses_lead_on_counts_stay_and_search_follows(vales: Client) -> None:
    vale = Entity.objects.get(slug="ada-vale")
    decision = decisions.change_kind(vale, ORGANISATION, By())
    index()
    moved = vales.get("/people/ada-vale/")
    assert (moved.status_code, moved["Location"]) == (301, "/organisations/ada-vale/")
    assert "no-store" in moved["Cache-Control"], "a browser would remember the way there and run in a circle after undo"
    assert "3 articles" in vales.get("/organisations/ada-vale/").content.decode()
    assert search('org:"Ada Vale"').total == 3
    assert search('person:"Ada Vale"').total == 0
    decisions.undo(decision, By())
    index()
    back = vales.get("/organisations/ada-vale/")
    assert (back.status_code, back["Location"]) == (301, "/people/ada-vale/")
    assert search('person:"Ada Vale"').total == 3


def test_a_merge_adds_up_redirects_and_is_found_by_either_name_until_it_is_undone(vales: Client) -> None:
    four = make_article(4, body=["Otto Reed sang."], published_at=day(10))
    stored((four, [named(four, "Otto Reed")]))
    index()
    reed, vale = Entity.objects.get(slug="otto-reed"), Entity.objects.get(slug="ada-vale")
    decision = decisions.merge(reed, vale, By())
    index()
    assert vales.get("/people/otto-reed/")["Location"] == "/people/ada-vale/"
    assert vales.get("/people/ada-vale/").context["total"] == 4
    shown = Article.objects.filter(visibility="public")
    names = list(shown.values_list("pk", flat=True))
    shown.update(visibility="hidden")
    assert vales.get("/people/otto-reed/").status_code == 404
    Article.objects.filter(pk__in=names).update(visibility="public")
    for name in ("Ada Vale", "Otto Reed"):
        assert search(f'person:"{name}"').total == 4, name
    decisions.undo(decision, By())
    index()
    assert vales.get("/people/otto-reed/").context["total"] == 1
    for name, total in (("Ada Vale", 3), ("Otto Reed", 1)):
        assert search(f'person:"{name}"').total == total, name


def test_a_chain_of_merges_leads_to_its_end(vales: Client) -> None:
    four = make_article(4, body=["Otto Reed met Mia Stone."])
    stored((four, [named(four, "Otto Reed"), named(four, "Mia Stone")]))
    reed, stone, vale = (Entity.objects.get(slug=slug) for slug in ("otto-reed", "mia-stone", "ada-vale"))
    decisions.merge(reed, stone, By())
    decisions.merge(stone, vale, By())
    index()
    assert vales.get("/people/otto-reed/")["Location"] == "/people/ada-vale/"
    assert search('person:"Otto Reed"').total == 4


def test_a_company_is_found_with_and_without_its_legal_form(site: Client) -> None:
    article = make_article(1, body=["Reed Ferries Ltd. sank."])
    stored((article, [named(article, "Reed Ferries Ltd", ORGANISATION)]))
    index()
    for name in ("Reed Ferries Ltd", "reed ferries", "The Reed Ferries Limited"):
        assert search(f'org:"{name}"').total == 1, name


def test_what_is_no_name_has_no_page(vales: Client) -> None:
    decisions.hide(Entity.objects.get(slug="ada-vale"), By())
    assert vales.get("/people/ada-vale/").status_code == 404
    assert vales.get("/people/nobody/").status_code == 404


def test_an_articles_hidden_text_shows_in_no_passage_role_or_quotation(vales: Client) -> None:
    Article.objects.filter(external_id__in=["1", "3"]).update(visibility="hidden")
    page = vales.get("/people/ada-vale/").content.decode()
    assert "1 article<" in page
    for secret in ("Warden", "counted", "pleased", "March 9"):
        assert secret not in page


def test_a_passage_marks_the_name_escapes_the_rest_and_ends_at_words() -> None:
    article = make_article(1, title="Vale", body=["<b>x</b> " * 30 + "Ada Vale went. " + "word " * 60])
    start = article.text.index("Ada Vale")
    found = passage(article, [(0, 4), (start, start + 8)])
    assert "<mark>Ada Vale</mark> went. word" in found.html
    assert "<b>" not in found.html
    assert found.html.startswith("… ")
    assert found.html.endswith("word …")
    assert (found.paragraph, found.url) == (1, article.get_absolute_url() + "#p1")
    assert passage(article, [(0, 4)]).paragraph == 0
    assert paragraph_at(article, 10_000) == 1


@pytest.mark.parametrize("kind", list(EntityKind))
def test_a_names_page_asks_as_often_for_a_thousand_articles_as_for_ten(site: Client, kind: EntityKind) -> None:
    counts = []
    for many in (10, 1_000):
        grow(many, kind)
        name = Entity.objects.get(kind=kind, name="Ada Vale")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert site.get(name.get_absolute_url()).status_code == 200
        counts.append(len(asked))
    # A page full of dated articles need not ask for the undated.
    assert counts[1] <= counts[0] <= 17


def test_a_list_of_names_asks_as_often_for_a_thousand_as_for_ten(site: Client) -> None:
    counts = []
    for many in (10, 1_000):
        grow(many, PERSON)
        for address in ("", "?letter=V", "?sort=name", "?sort=rise", "?filter=vale"):
            with CaptureQueriesContext(connection) as asked:
                assert site.get(f"/people/{address}").status_code == 200
            counts.append(len(asked))
    assert counts[:5] == counts[5:]
    assert max(counts) <= 5


def grow(many: int, kind: EntityKind) -> None:
    """`many` articles that all name Ada Vale, each with a Vale of its own."""
    have = Article.objects.count()
    source = make_article(have + 1).source
    articles = Article.objects.bulk_create(
        Article(
            source=source,
            external_id=f"many-{n}",
            title=f"Story {n}",
            body=[f"Ada Vale met N{n} Vale."],
            text_hash=f"many-{n}",
            published_at=day(1),
            published_on=day(1).date(),
        )
        for n in range(have, many)
    )
    stored(
        *(
            (one, [named(one, "Ada Vale", kind), named(one, f"{one.title.replace('Story ', 'N')} Vale", kind)])
            for one in articles
        )
    )
