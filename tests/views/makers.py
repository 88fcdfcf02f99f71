"""Articles and names of a test's own, for tests of what is made of them: pages, feeds, exports."""

from datetime import UTC, datetime
from typing import Any

from archive.choices import EntityKind
from archive.models import Article, Entity, EntityAlias, Mention, Source, queue_for_index
from archive.search.indexing import drain
from archive.text import name_key


def make_source(name: str = "Island Post") -> Source:
    return Source.objects.get_or_create(slug=name.lower().replace(" ", "-"), defaults={"name": name})[0]


def make_article(number: int = 1, **fields: Any) -> Article:
    """The article of that number, of 3 February 2020 or that day of a later month."""
    values: dict[str, Any] = {
        "title": f"Quokka census {number}",
        "body": [f"Rangers counted {number} quokkas.", "Ada Vale was pleased."],
        "published_at": datetime(2020, 1 + number % 12, 3, tzinfo=UTC),
        "external_id": str(number),
        "text_hash": str(number),
        "named_at": datetime(2020, 2, 1, tzinfo=UTC),
        **fields,
    }
    day = values["published_at"]
    return Article.objects.create(source=make_source(), published_on=day.date() if day else None, **values)


def make_person(name: str, *articles: Article, kind: EntityKind = EntityKind.PERSON) -> Entity:
    """A name that stands once in each of these articles."""
    slug = name_key(name).replace(" ", "-")
    counts = {"article_count": len(articles), "mention_count": len(articles)}
    person = Entity.objects.create(kind=kind, name=name, slug=slug, sort_name=name, **counts)
    EntityAlias.objects.create(entity=person, kind=kind, name=name, key=name_key(name))
    for article in articles:
        start = max(article.text.find(name), 0)
        place = {"start": start, "end": start + len(name)}
        Mention.objects.create(article=article, entity=person, text=name, kind=kind, key="", **place)
    return person


def index() -> None:
    queue_for_index(Article.objects.values_list("pk", flat=True))
    drain()
