"""What other programs read of a page: linked data, citation and preview tags, canonical addresses, and 410."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from lxml import html
from pyld import jsonld

from archive.models import Article, Source
from tests.views.makers import index, make_article, make_person

pytestmark = pytest.mark.django_db
AWKWARD = 'A </script><script>alert(1)</script> & "quoted" — “naïve”'
SCHEMA = "http://schema.org/"


@pytest.fixture
def site(client: Client, data_dir: Path) -> Client:
    return client


def schema_org(url: str, _options: Any) -> dict[str, Any]:
    """schema.org's context in so far as we use it: nothing is fetched from there."""
    assert url.removesuffix("/") == "https://schema.org"
    as_address = {name: {"@type": "@id"} for name in ("isBasedOn",)}
    as_date = {"datePublished": {"@type": "http://schema.org/Date"}}
    context = {"@vocab": SCHEMA, **as_address, **as_date}
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": context},
        "contentType": "application/json",
    }


def head(answer: Any) -> dict[str, list[str]]:
    """Name or property → contents of the meta elements of a page."""
    found: dict[str, list[str]] = {}
    for one in html.fromstring(answer.content).iter("meta"):
        found.setdefault(one.get("name") or one.get("property") or "", []).append(one.get("content") or "")
    return found


def test_an_article_is_linked_data_that_a_json_ld_processor_reads(site: Client) -> None:
    article = make_article(
        1, title=AWKWARD, byline=["Ada Vale", "Bo Reed"], canonical_url="https://island.example/1", language="en"
    )
    page = html.fromstring(site.get(article.get_absolute_url()).content)
    (script,) = page.xpath("//script[@type='application/ld+json']")
    (node,) = jsonld.expand(json.loads(script.text), {"documentLoader": schema_org})
    assert node["@type"] == [f"{SCHEMA}NewsArticle"]
    assert node["@id"] == f"http://testserver{article.get_absolute_url()}"
    assert node[f"{SCHEMA}headline"] == [{"@value": AWKWARD}]
    authors = [one[f"{SCHEMA}name"][0]["@value"] for one in node[f"{SCHEMA}author"]]
    assert authors == ["Ada Vale", "Bo Reed"]
    assert node[f"{SCHEMA}isBasedOn"] == [{"@id": "https://island.example/1"}]
    quads = jsonld.to_rdf(json.loads(script.text), {"documentLoader": schema_org})["@default"]
    assert len(quads) >= 8


def test_reference_managers_and_previews_find_what_they_look_for(site: Client) -> None:
    article = make_article(1, title=AWKWARD, byline=["Ada Vale", "Bo Reed"], standfirst="In short.", section="Wildlife")
    tags, url = (
        head(site.get(article.get_absolute_url() + "?names=1")),
        f"http://testserver{article.get_absolute_url()}",
    )
    assert tags["citation_title"] == [AWKWARD]
    assert tags["citation_author"] == ["Ada Vale", "Bo Reed"]
    assert tags["citation_publication_date"] == ["2020/02/03"]
    assert tags["citation_journal_title"] == ["Island Post"]
    assert tags["citation_public_url"] == tags["og:url"] == [url]
    assert tags["og:title"] == [AWKWARD]
    assert tags["og:description"] == tags["description"] == ["In short."]
    assert tags["article:published_time"] == ["2020-02-03T00:00:00+00:00"]


def test_a_page_has_one_address_however_it_was_reached(site: Client) -> None:
    article = make_article(1)
    person = make_person("Ada Vale", article)
    index()
    for path, query in ((article.get_absolute_url(), "?names=1"), (person.get_absolute_url(), "?sort=oldest")):
        page = html.fromstring(site.get(path + query).content)
        assert page.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{path}"]


@pytest.mark.parametrize("visibility", ["tombstone", "erased"])
def test_what_was_taken_down_is_gone_at_every_address_and_says_nothing_of_itself(site: Client, visibility: str) -> None:
    article = make_article(1, version=2)
    article.versions.create(number=1, title="Quokka secret", body=["x"], text_hash="y")
    Article.objects.filter(pk=article.pk).update(visibility=visibility)
    base = f"/articles/{article.pk}/"
    for path in (article.get_absolute_url(), base, f"{base}source/", f"{base}cite.bib", f"{base}versions/1/"):
        answer = site.get(path)
        assert answer.status_code == 410, path
        assert "uokka" not in answer.content.decode().lower().replace(article.slug, ""), path
    answer = site.get(f"/api/v1/articles/{article.pk}")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert article.get_absolute_url() not in site.get("/sitemap-articles.xml").content.decode()


def test_what_is_hidden_or_for_others_is_not_even_said_to_be_gone(site: Client) -> None:
    hidden, closed = make_article(1, visibility="hidden"), make_article(2, visibility="tombstone")
    assert site.get(hidden.get_absolute_url()).status_code == 404
    assert site.get(closed.get_absolute_url()).status_code == 410
    Source.objects.update(only_for=Group.objects.create(name="desk"))
    assert site.get(closed.get_absolute_url()).status_code == 404


def test_an_address_with_nul_in_it_finds_nothing_and_breaks_nothing(site: Client) -> None:
    make_article(1)
    assert site.get("/search/?q=ada%00&person=%00&not-source=%00x").status_code == 200
    assert site.get("/sources/%00/").status_code == 404
    assert site.get("/api/v1/search?q=%00&source=%00").status_code in (200, 422)
