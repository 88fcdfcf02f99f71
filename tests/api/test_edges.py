"""What every address of the API has in common: problems, ETags, CORS, limits, and the page that describes it."""

from typing import Any

import pytest
from django.test import Client

from archive.errors import IndexUnavailable
from archive.models import Dump, RawRecord
from tests.api.conftest import Ask
from tests.views.makers import make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("articles/999", 404),
        ("articles/x", 422),
        ("articles/99999999999999999999", 422),
        ("articles?limit=1000", 422),
        ("articles?limit=1&limit=2", 422),
        ("articles?sorce=reuters", 422),
        ("articles/1?x=1", 422),
        ("articles?cursor=made-up", 404),
        ("entities/person/nobody", 404),
        ("entities/animal/quokka", 422),
        ("search?q=%00", 422),
        ("no/such/address", 404),
        ("runs", 401),
    ],
)
def test_every_error_is_a_problem_that_says_what_to_do(site: Client, path: str, status: int) -> None:
    answer = site.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert body["status"] == status
    assert body["detail"].endswith((".", "100", "slug")) or body["detail"]
    assert body["instance"] == f"/api/v1/{path}".split("?")[0]


def test_a_misspelt_parameter_is_refused_and_the_right_ones_named(site: Client) -> None:
    (error,) = site.get("/api/v1/articles?sorce=reuters").json()["errors"]
    assert error["where"] == "query.sorce"
    assert "source" in error["detail"]


def test_a_cursor_of_one_question_is_no_page_of_another(site: Client, ask: Ask) -> None:
    for number in range(1, 4):
        make_article(number)
    following = ask("articles", limit=1)["next"].replace("articles?", "articles?language=de&")
    answer = site.get(following)
    assert answer.status_code == 404
    assert "another question" in answer.json()["detail"]


def test_what_has_not_changed_is_not_sent_again_and_says_who_may_read_it(site: Client) -> None:
    article = make_article(1)
    first = site.get(f"/api/v1/articles/{article.pk}")
    again = site.get(f"/api/v1/articles/{article.pk}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    article.title = "Another"
    article.save()
    assert site.get(f"/api/v1/articles/{article.pk}", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_any_site_may_read_and_none_may_write(site: Client) -> None:
    asked = site.options("/api/v1/articles", headers={"Origin": "https://elsewhere.example"})
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert "Access-Control-Allow-Credentials" not in site.get("/api/v1/articles").headers
    refused = site.post("/api/v1/articles", {})
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused["Content-Type"] == "application/problem+json"


def test_head_says_what_get_would(site: Client) -> None:
    head, full = site.head("/api/v1/articles"), site.get("/api/v1/articles")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == full["ETag"]


def test_too_many_requests_are_told_when_to_come_again(site: Client, settings: Any) -> None:
    settings.ARCHIVE_API_RATE = "3/min"
    assert [site.get("/api/v1/sources").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = site.get("/api/v1/sources", headers={"X-Forwarded-For": "203.0.113.9"})
    assert refused.status_code == 429, "an address that the client makes up is not believed"
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused.json()["title"] == "Too Many Requests"


def test_a_search_without_an_index_is_a_problem_too(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_args: object, **_kwargs: object) -> None:
        raise IndexUnavailable("the index is being rebuilt; try again in a minute")

    monkeypatch.setattr("archive.api.search.search", unavailable)
    answer = site.get("/api/v1/search?q=quokka")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer.json()["detail"].startswith("the index is being rebuilt")


def test_an_article_is_whole_with_its_names_versions_and_origin(ask: Ask) -> None:
    dump = Dump.objects.create(sha256="ab" * 32, name="island.jsonl", size=10)
    raw = RawRecord.objects.create(dump=dump, number=3, line=3, offset=40, length=20, kind="fields", payload=b"")
    article = make_article(1, raw=raw, version=2, byline=["Ada Vale"], tags=["marsupials"])
    article.versions.create(number=1, title="Old", body=["Old text."], text_hash="x")
    make_person("Ada Vale", article)
    whole = ask(f"articles/{article.pk}")
    assert (whole["body"], whole["byline"], whole["tags"]) == (article.body, ["Ada Vale"], ["marsupials"])
    (name,) = ask(f"articles/{article.pk}/entities")["items"]
    (span,) = name["mentions"]
    assert article.text[span["start"] : span["end"]] == span["text"] == "Ada Vale"
    assert ask(f"articles/{article.pk}/versions")["items"][0]["body"] == ["Old text."]
    origin = ask(f"articles/{article.pk}/provenance")
    assert (origin["sha256"], origin["record"], origin["offset"], origin["length"]) == ("ab" * 32, 3, 40, 20)


def test_the_description_is_shown_to_people_without_scripts_of_others(site: Client) -> None:
    page = site.get("/api/v1/").content.decode()
    assert "<code>GET /api/v1/articles/{article_id}</code>" in page
    assert "//cdn" not in page
    assert site.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
