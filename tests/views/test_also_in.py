"""Where else a text appeared, counted honestly; and which lines of its record each paragraph was made of."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from archive.ingest.families import update_families
from archive.models import Article, Source
from archive.views.proof import proofs
from tests.ingest.support import ingest, write_dump

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]

WORDS = [f"word{n}" for n in range(200)]
WIRE = " ".join(WORDS)
NEAR = " ".join(WORDS[:190])


def bring(tmp_path: Path, **bodies: str) -> Article:
    """One article of each source named; gives the first source's."""
    for source, body in bodies.items():
        record = {"id": f"of-{source}", "title": f"From {source}", "body": body}
        ingest(write_dump(tmp_path / f"{source}.jsonl", [record]), source=source)
    update_families()
    return Article.objects.order_by("pk")[0]


def page(client: Client, article: Article) -> str:
    return re.sub(r"\s+", " ", client.get(article.get_absolute_url()).content.decode())


def test_a_text_with_copies_and_relatives_says_in_how_many_other_sources_it_is(client: Client, tmp_path: Path) -> None:
    text = page(client, bring(tmp_path, ouse=WIRE, trent=WIRE, tyne=NEAR))
    assert "<summary>Also in two sources</summary>" in text
    assert "From tyne" in text
    assert "<details>" in text
    assert "<details open" not in text


def test_more_texts_than_sources_are_said_to_be(client: Client, tmp_path: Path) -> None:
    article = bring(tmp_path, ouse=WIRE, trent=WIRE)
    records = [{"id": "second", "title": "Again", "body": WIRE}]
    ingest(write_dump(tmp_path / "more.jsonl", records), source="trent")
    assert 'Also in one source <span class="quiet">(2 texts)</span>' in page(client, article)


def test_copies_in_the_same_source_are_not_called_other_sources(client: Client, tmp_path: Path) -> None:
    article = bring(tmp_path, ouse=WIRE)
    ingest(write_dump(tmp_path / "more.jsonl", [{"id": "second", "title": "Again", "body": WIRE}]), source="ouse")
    assert "<summary>One more in ouse</summary>" in page(client, article)


def test_a_source_that_is_closed_to_the_reader_is_neither_shown_nor_counted(client: Client, tmp_path: Path) -> None:
    article = bring(tmp_path, ouse=WIRE, trent=WIRE, tyne=NEAR)
    Source.objects.filter(slug="trent").update(only_for=Group.objects.create(name="desk"))
    text = page(client, article)
    assert "<summary>Also in one source</summary>" in text
    assert "trent" not in text


def test_an_article_that_is_alone_says_nothing_of_it(client: Client, tmp_path: Path) -> None:
    assert "Also in" not in page(client, bring(tmp_path, ouse=WIRE))


def test_the_source_page_proves_each_paragraph(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "bridge.txt"
    first, second = f"The bridge over the Ouse {WIRE}.", f"It opens again {NEAR}."
    path.write_text(f"Bridge shut\n\n{first}\n\nAdvertisement\n\n{second}\n")
    ingest(path)
    article = Article.objects.select_related("raw__dump").get()
    assert [(proof.text, proof.lines) for proof in proofs(article)][-2:] == [(first, "3"), (second, "7")]
    text = client.get(f"/articles/{article.pk}/source/").content.decode()
    assert article.raw is not None
    for shown in (article.raw.dump.sha256, "bridge.txt", f"{article.get_absolute_url()}#p2", "manage.py provenance"):
        assert shown in text
