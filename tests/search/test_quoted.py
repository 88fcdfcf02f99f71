"""The speaker of what was found, where the words that were sought stand in a quotation."""

from datetime import UTC, datetime

import pytest

from archive.models import Article, Entity, Quotation, Source
from archive.search.quoted import paragraph_start
from archive.search.run import FoundArticle, search
from tests.views.makers import index, make_person

pytestmark = pytest.mark.django_db
QUOTE = "We did not set any target zone for the dollar"
BODY = ["Ministers met in Paris.", f'Ada Vale told them: "{QUOTE}", and left.', "The dollar fell."]


@pytest.fixture
def story(data_dir: object) -> tuple[Article, Entity]:
    source = Source.objects.create(slug="post", name="Post")
    day = datetime(2020, 2, 3, tzinfo=UTC)
    article = Article.objects.create(
        source=source, title="A headline", body=BODY, published_at=day, published_on=day.date(), text_hash="1"
    )
    speaker = make_person("Ada Vale", article)
    start = article.text.index(QUOTE)
    Quotation.objects.create(article=article, speaker=speaker, start=start, end=start + len(QUOTE), text=QUOTE)
    return article, speaker


def found(query: str) -> FoundArticle:
    index()
    (hit,) = search(query).hits
    return hit


@pytest.mark.parametrize("query", [QUOTE, f"“{QUOTE}”", '"target zone"', 'said:"target zone"', "target zone dollar"])
def test_a_pasted_sentence_leads_to_its_paragraph_and_its_speaker(story: tuple[Article, Entity], query: str) -> None:
    hit = found(query)
    assert hit.paragraph == 2
    assert hit.said is not None
    assert hit.said.speaker == story[1]


def test_words_outside_the_quotation_are_nobodys(story: tuple[Article, Entity]) -> None:
    assert found("ministers Paris").said is None
    assert found("ministers Paris").paragraph == 1


def test_a_quotation_of_a_hidden_or_unknown_speaker_names_nobody(story: tuple[Article, Entity]) -> None:
    Entity.objects.update(is_hidden=True)
    said = found('"target zone"').said
    assert said is not None
    assert said.speaker is None
    Quotation.objects.update(speaker=None)
    assert found('"target zone"').said == said


def test_a_merged_speaker_is_who_they_became(story: tuple[Article, Entity]) -> None:
    kept = make_person("Ada Vale-Moss", story[0])
    story[1].merged_into = kept
    story[1].save()
    said = found('"target zone"').said
    assert said is not None
    assert said.speaker == kept


def test_paragraphs_begin_where_the_text_says_even_without_a_headline(story: tuple[Article, Entity]) -> None:
    article = story[0]
    for title in ("A headline", ""):
        article.title = title
        for number, paragraph in enumerate(article.body, start=1):
            start = paragraph_start(article, number)
            assert article.text[start : start + len(paragraph)] == paragraph
