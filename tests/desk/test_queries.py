"""No page asks the database more often because there is more in it: every address at 10 and at 1,000 articles."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.choices import EntityKind
from archive.ingest.entities.link import recount
from archive.models import Appearance, Article, ArticleVersion, Cut, Entity, Mention, Quotation, Source, queue_for_index
from archive.search.indexing import drain
from tests.desk.addresses import ADDRESSES
from tests.desk.test_addresses import archive  # noqa: F401 -- a fixture
from tests.roles import member

pytestmark = pytest.mark.django_db
_STREAMED = ("export", "download", "decisions.json")
"""What takes everything away reads it in batches."""


def grow(made: dict[str, Any], many: int) -> None:
    """Up to `many` articles of their own days, sections and names, each with what an article can have."""
    source = Source.objects.get(pk=made["source"])
    ada = Entity.objects.get(pk=made["entity"])
    start = datetime(2020, 2, 3, tzinfo=UTC)
    numbers = range(Article.objects.count(), many)
    articles = Article.objects.bulk_create(
        Article(
            source=source,
            external_id=f"many-{n}",
            title=f"Quokka story {n}",
            body=[f"Ada Vale met N{n} Reed on day {n}.", "“They bite,” she said."],
            section=f"Part {n}",
            text_hash=f"many-{n}",
            version=2,
            published_at=start + timedelta(hours=n) if n % 3 else None,
            published_on=(start + timedelta(hours=n)).date() if n % 3 else None,
            named_at=start,
        )
        for n in numbers
    )
    reeds = Entity.objects.bulk_create(
        Entity(kind=list(EntityKind)[n % 3], name=f"N{n} Reed", slug=f"n{n}-reed", sort_name=f"reed, n{n}")
        for n in numbers
    )
    Mention.objects.bulk_create(
        Mention(article=each, entity=ada, text=ada.name, kind=ada.kind, key="ada vale", start=20, end=28)
        for each in articles
    )
    Mention.objects.bulk_create(
        Mention(article=each, entity=reed, text=reed.name, kind=reed.kind, key=reed.sort_name, start=33, end=40)
        for each, reed in zip(articles, reeds, strict=True)
    )
    Quotation.objects.bulk_create(
        Quotation(article=each, speaker=ada, start=60, end=69, text="They bite") for each in articles
    )
    Cut.objects.bulk_create(Cut(article=each, line=9, text="Advertisement", rule="advertisement") for each in articles)
    ArticleVersion.objects.bulk_create(
        ArticleVersion(article=each, number=1, title="Before", body=["Before."], text_hash=f"v{each.pk}")
        for each in articles
    )
    # All that one article can have many of.
    shown = Article.objects.get(pk=made["shown"])
    Appearance.objects.bulk_create(
        Appearance(article=shown, source=source, title="Copy", external_id=f"copy-{n}", text_hash=shown.text_hash)
        for n in numbers
    )
    recount([ada.pk, *(reed.pk for reed in reeds)])
    queue_for_index(Article.objects.values_list("pk", flat=True))
    drain()


def asked(clients: dict[bool, Client], made: dict[str, Any]) -> dict[str, int]:
    """Queries by address."""
    counts = {}
    for route, address in ADDRESSES.items():
        path = "/" + address.examples[0].format(**made)
        if any(part in route for part in _STREAMED) or address.statuses[-1] != 200:
            continue
        with CaptureQueriesContext(connection) as queries:
            clients[address.is_public].get(path)
        counts[path] = len(queries)
    return counts


def test_every_page_asks_as_often_for_a_thousand_articles_as_for_ten(request: pytest.FixtureRequest) -> None:
    made: dict[str, Any] = request.getfixturevalue("archive")
    admin = Client()
    user = member("admin")
    admin.force_login(user)
    made["reader"] = user.pk
    clients = {True: Client(), False: admin}
    counts = []
    for articles in (10, 1_000):
        grow(made, articles)
        clients[True].get("/")  # asks once what the archive holds, which is then remembered
        counts.append(asked(clients, made))
    few, many = counts
    assert len(few) > 60
    # Fewer are right: a page that is full of dated articles need not ask for the undated.
    assert {path: (few[path], many[path]) for path in few if few[path] < many[path]} == {}
    assert max(many.values()) <= 25
