"""An archive in the database with its index, as search sees it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.choices import EntityKind
from archive.models import Article, Entity, EntityAlias, Mention, Quotation, Source, queue_for_index
from archive.search import indexing
from archive.text import name_key


def name(kind: EntityKind, text: str, *aliases: str, **fields: object) -> Entity:
    """An entity with its own name and others as aliases."""
    slug = name_key(text).replace(" ", "-")
    entity = Entity.objects.create(kind=kind, name=text, slug=slug, sort_name=text, **fields)
    for form in (text, *aliases):
        EntityAlias.objects.create(entity=entity, kind=kind, name=form, key=name_key(form))
    return entity


def article(title: str, *body: str, day: str = "", source: str = "reuters", **fields: object) -> Article:
    published = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) if day else None
    publisher, _ = Source.objects.get_or_create(slug=source, defaults={"name": source.title()})
    made = Article.objects.create(
        source=publisher,
        title=title,
        body=list(body),
        published_at=published,
        published_on=published.date() if published else None,
        text_hash=title,
        **{"language": "en", **fields},
    )
    queue_for_index([made.pk])
    return made


def mention(of: Article, entity: Entity, text: str) -> None:
    start = of.text.index(text)
    Mention.objects.create(
        article=of, entity=entity, start=start, end=start + len(text), text=text, kind=entity.kind, key=name_key(text)
    )


@pytest.fixture
def archive(db: None, data_dir: Path) -> dict[str, Article]:
    """Five articles with names and a quotation, indexed."""
    baker = name(EntityKind.PERSON, "James Baker", "Baker", article_count=1)
    name(EntityKind.PERSON, "Howard Baker")
    opec = name(EntityKind.ORGANISATION, "OPEC", "Organization of Petroleum Exporting Countries", article_count=1)
    articles = {
        "oil": article("Oil prices rise", "Oil rose after James Baker spoke.", "OPEC meets <today> & later.", day="1987-03-01"),
        "gas": article("Gas holds", "Gas prices held while oil fell.", day="1987-03-15", section="Business"),
        "uygur": article("Camps in the west", "An Uighur family fled from Peking.", day="2018-05-01", source="times"),
        "café": article("Le café", "Le café de la gare reste ouvert.", language="fr", day="2019-01-01", source="journal"),
        "undated": article("Old wheat", "Nobody knows when wheat fell."),
    }  # fmt: skip
    mention(articles["oil"], baker, "James Baker")
    mention(articles["oil"], opec, "OPEC")
    text = articles["oil"].text
    Quotation.objects.create(article=articles["oil"], speaker=baker, start=0, end=len(text), text="prices must fall")
    indexing.drain()
    return articles
