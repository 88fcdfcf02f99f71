"""The name workbench: staff only, every decision by a plain form, batches in a constant number of queries."""

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from archive.choices import EntityKind
from archive.ingest.entities.duplicates import probable_duplicates
from archive.ingest.store_names import store_names
from archive.models import Article, Decision, Entity
from tests.ingest.entities.test_link import article, named
from tests.roles import member

STORIES = (
    named("Herman Gumy", "Hillary Clinton"),
    named("Hernan Gumy", "Roger Clinton"),
    named("Clinton"),
)


@pytest.fixture
def stories(db: None) -> list[Article]:
    articles = [article(number) for number in range(len(STORIES))]
    store_names(list(zip(articles, STORIES, strict=True)))
    return articles


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    client.force_login(member("editor", "librarian"))
    return client


@pytest.mark.parametrize("address", ["", "unlinked/", "batch/", "decisions.json", "1/"])
def test_the_workbench_is_for_staff(client: Client, stories: list[Article], address: str) -> None:
    assert client.get(f"/admin/names/{address}").status_code == 302


def test_a_probable_pair_is_proposed_merged_and_split_again(staff: Client, stories: list[Article]) -> None:
    (proposal,) = probable_duplicates()
    assert "Gumy" in staff.get("/admin/names/").content.decode()
    staff.post("/admin/names/pair/", {"one": proposal.one.pk, "other": proposal.other.pk, "judgement": "same"})
    assert Entity.objects.get(pk=proposal.one.pk).article_count == 2
    assert probable_duplicates() == []
    decision = Decision.objects.get()
    assert decision.made_by is not None
    staff.post(f"/admin/names/undo/{decision.pk}/")
    assert len(probable_duplicates()) == 1
    staff.post("/admin/names/pair/", {"one": proposal.one.pk, "other": proposal.other.pk, "judgement": "two"})
    assert probable_duplicates() == []


def test_everything_can_be_decided_on_a_names_page(staff: Client, stories: list[Article]) -> None:
    roger = Entity.objects.get(name="Roger Clinton")
    page = f"/admin/names/{roger.pk}/"
    assert "Roger Clinton" in staff.get(page).content.decode()
    staff.post(page, {"do": "rename", "name": "Roger C.\0Clinton", "reason": "so he\0 signs"})
    staff.post(page, {"do": "kind", "kind": "organisation"})
    staff.post(page, {"do": "none", "names": [f"{stories[1].pk} person roger clinton"]})
    staff.post(page, {"do": "hide"})
    roger.refresh_from_db()
    assert (roger.name, roger.kind, roger.is_hidden, roger.article_count) == (
        "Roger C. Clinton",
        EntityKind.ORGANISATION,
        True,
        0,
    )
    assert Decision.objects.count() == 4
    assert "so he signs" in staff.get(page).content.decode()


def test_a_refused_decision_is_told_and_changes_nothing(staff: Client, stories: list[Article]) -> None:
    roger = Entity.objects.get(name="Roger Clinton")
    answer = staff.post(f"/admin/names/{roger.pk}/", {"do": "merge", "into": str(roger.pk)}, follow=True)
    assert "cannot be merged into itself" in answer.content.decode()
    assert not Decision.objects.exists()


def test_an_unlinked_surname_is_assigned(staff: Client, stories: list[Article]) -> None:
    assert "“clinton”" in staff.get("/admin/names/unlinked/").content.decode()
    hillary = Entity.objects.get(name="Hillary Clinton")
    staff.post("/admin/names/unlinked/", {"names": [f"{stories[2].pk} person clinton"], "to": hillary.pk})
    assert stories[2].mentions.get().entity == hillary


def test_an_unlinked_surname_is_assigned_in_more_articles_than_are_shown(staff: Client, stories: list[Article]) -> None:
    more = [article(number) for number in range(50, 64)]
    store_names([(one, named("Clinton")) for one in more])
    hillary = Entity.objects.get(name="Hillary Clinton")
    staff.post("/admin/names/unlinked/", {"everywhere": "clinton", "to": hillary.pk})
    assert {one.mentions.get().entity for one in [*more, stories[2]]} == {hillary}


def test_a_thousand_names_are_looked_up_with_errors_by_line(
    staff: Client, stories: list[Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    text = "Hillary Clinton\n\n…\nNobody Known\n" + "\n".join(f"Name {n}" for n in range(1_000))
    with django_assert_max_num_queries(12):
        page = staff.post("/admin/names/batch/", {"names": text}).content.decode()
    assert "no letter or digit in it" in page
    assert "only 1,000 names" in page
    upload = io.BytesIO(b"=Hillary\nHillary Clinton\n")
    rows = staff.post("/admin/names/batch/", {"as": "csv", "file": upload}).content.decode().splitlines()
    assert rows[1].startswith("1,'=Hillary")
    assert rows[2].startswith("2,Hillary Clinton,Hillary Clinton,person,1,")


def test_a_surname_alone_is_answered_with_those_who_have_it(staff: Client, stories: list[Article]) -> None:
    page = staff.post("/admin/names/batch/", {"names": "Clinton\nHillary Clinton"}).content.decode()
    assert page.count("by the surname alone") == 1
    assert "Roger Clinton" in page
    rows = staff.post("/admin/names/batch/", {"as": "csv", "names": "CLINTON"}).content.decode().splitlines()
    assert [row.split(",")[-2] for row in rows[1:]] == ["surname", "surname"]


def test_a_looked_up_name_leads_to_the_search_for_all_its_articles(staff: Client, stories: list[Article]) -> None:
    store_names([(article(40), named("José Müller"))])
    upload = io.BytesIO("José Müller\n".encode("latin-1"))
    rows = staff.post("/admin/names/batch/", {"as": "csv", "file": upload}).content.decode().splitlines()
    address = "/search/?person=jose-muller"
    assert rows[1].endswith(f",name,http://testserver{address}")
    page = staff.post("/admin/names/batch/", {"names": "José Müller"}).content.decode()
    assert f'<a href="{address}">1 article</a>' in page


@pytest.mark.parametrize("address", ["", "unlinked/", "1/", "batch/"])
def test_a_page_of_the_workbench_asks_as_often_for_a_thousand_rows_as_for_ten(staff: Client, address: str) -> None:
    counts = []
    for many in (10, 1_000):
        grow(many)
        about = Entity.objects.get(name="Ada Vale").pk
        with CaptureQueriesContext(connection) as asked:
            if address == "batch/":
                names = "\n".join(f"N{number} Vale" for number in range(many))
                answer = staff.post("/admin/names/batch/", {"names": names})
            else:
                answer = staff.get(f"/admin/names/{address.replace('1', str(about))}")
            assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def grow(many: int) -> None:
    """As many articles: all name Ada Vale, each a Vale of its own whose twin is spelt alike, and a Vale that fits all."""
    have = Article.objects.count()
    articles = [article(number) for number in range(have, many)]
    names = [
        named("Ada Vale", f"N{n} Vale", f"Mia{n} Quillford", f"Mia{n} Quilford")
        for n in (one.external_id for one in articles)
    ]
    store_names(list(zip(articles, names, strict=True)))
    if have == 0:
        store_names([(article(10_000 + number), named("Vale")) for number in range(5)])


def test_the_queue_can_be_narrowed_to_a_name(staff: Client, stories: list[Article]) -> None:
    assert "1 pair match “gum”" in staff.get("/admin/names/?filter=gum").content.decode()
    assert "Nothing called “baker”" in staff.get("/admin/names/?filter=baker").content.decode()


def test_names_in_chosen_articles_are_assigned_to_somebody_else(staff: Client, stories: list[Article]) -> None:
    roger, hillary = (Entity.objects.get(name=name) for name in ("Roger Clinton", "Hillary Clinton"))
    page = f"/admin/names/{roger.pk}/"
    answer = staff.post(page, {"do": "assign", "to": "Hillary Clinton"}, follow=True)
    assert "Choose the articles first" in answer.content.decode()
    staff.post(page, {"do": "assign", "to": "Hillary Clinton", "names": [f"{stories[1].pk} person roger clinton"]})
    hillary.refresh_from_db()
    assert hillary.article_count == 2


def test_an_upload_that_is_no_text_is_refused_with_a_sentence(staff: Client) -> None:
    answer = staff.post("/admin/names/batch/", {"file": io.BytesIO(b"PK\x03\x04\x00"), "as": "csv"})
    assert "is no text file" in answer.content.decode()


def test_decisions_go_out_and_in_as_a_file(staff: Client, stories: list[Article]) -> None:
    staff.post(f"/admin/names/{Entity.objects.get(name='Roger Clinton').pk}/", {"do": "rename", "name": "Roger C."})
    content = staff.get("/admin/names/decisions.json").content
    assert json.loads(content)["decisions"][0]["after"] == {"name": "Roger C."}
    answer = staff.post("/admin/names/decisions.json", {"file": io.BytesIO(content)}, follow=True)
    assert "1 known already" in answer.content.decode()
    answer = staff.post("/admin/names/decisions.json", {"file": io.BytesIO(b"[")}, follow=True)
    assert "was not taken" in answer.content.decode()
