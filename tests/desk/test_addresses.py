"""Who is answered what at every address, and that a hidden article leaves no trace at any of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from archive.audit import record
from archive.choices import Act, Degree, EntityKind, TakedownReason, Visibility
from archive.ingest.entities.link import recount
from archive.models import (
    Article,
    Collection,
    CollectionItem,
    Dump,
    Entity,
    EntityAlias,
    IngestRun,
    Mention,
    Quotation,
    Rejection,
    RuleTally,
    Source,
    Takedown,
    queue_for_index,
)
from archive.search import pins
from archive.search.indexing import drain, rebuild
from tests.desk.addresses import ADDRESSES, ROLES, routes
from tests.roles import member
from tests.views.test_pages import make_article, make_person

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"zyzzogeton|quixley|undercroft|hush|2031-05", re.IGNORECASE)
"""What stands in the secret article alone; a page may repeat it only where the request itself said it."""
_VARYING = re.compile(
    r"csrfmiddlewaretoken\W+value=\W\w+|\d+(?:\.\d+)? ?ms|\"took_ms\": ?[\d.]+|\w{16,}\.\d+|\"free_bytes\": \d+"
    r"|\d\d:\d\d(?::\d\d)?|<updated>[^<]*|<lastmod>[^<]*|generation\W+[\w.-]+|cursor=[\w.:%-]+"
)


def test_every_address_has_an_expectation_and_every_expectation_an_address() -> None:
    assert set(ADDRESSES) == set(routes())


def _entity(kind: EntityKind, name: str, article: Article, start: int) -> Entity:
    slug = name.lower().replace(" ", "-")
    entity = Entity.objects.create(kind=kind, name=name, slug=slug, sort_name=name)
    place = {"start": start, "end": start + 1}
    Mention.objects.create(article=article, entity=entity, text=name, kind=kind, key=name.lower(), **place)
    return entity


@pytest.fixture
def archive(data_dir: Path, settings: Any) -> dict[str, Any]:
    """Three articles for everybody, and one with words, a name, a section and a date of its own."""
    settings.ARCHIVE_API_RATE = "100000/s"
    shown = [make_article(number, version=2) for number in (1, 2, 3)]
    shown[0].versions.create(number=1, title="Quokka count", body=["Before."], text_hash="v")
    ada = make_person("Ada Vale", *shown)
    rangers = _entity(EntityKind.ORGANISATION, "Rangers", shown[0], 0)
    island = _entity(EntityKind.PLACE, "Rottnest", shown[0], 1)
    hush = Source.objects.create(slug="hush", name="Hush Monitor")
    secret = Article.objects.create(
        source=hush,
        title="Zyzzogeton found",
        body=[
            "The zyzzogeton sleeps, said Zebulon Quixley.",
            "Ada Vale saw the quokka, too. “The zyzzogeton snores,” she said.",
        ],
        section="Undercroft",
        language="cy",
        external_id="secret",
        text_hash="secret",
        version=2,
        published_at=datetime(2031, 5, 4, tzinfo=UTC),
        published_on=datetime(2031, 5, 4, tzinfo=UTC).date(),
        named_at=datetime(2031, 5, 4, tzinfo=UTC),
    )
    secret.versions.create(number=1, title="Zyzzogeton lost", body=["The zyzzogeton woke."], text_hash="w")
    secret.cuts.create(line=1, text="Zyzzogeton advertisement", rule="advertisement")
    RuleTally.objects.create(source=hush, rule="advertisement", cuts=1, articles=1)
    quixley = make_person("Zebulon Quixley", secret)
    vale_at = secret.text.index("Ada Vale")
    Mention.objects.create(
        article=secret, entity=ada, text="Ada Vale", kind=EntityKind.PERSON, key="ada", start=vale_at, end=vale_at + 8
    )
    EntityAlias.objects.create(entity=ada, kind=EntityKind.PERSON, name="Ada Zyzzogeton", key="ada")
    Quotation.objects.create(article=secret, speaker=ada, start=3, end=9, text="The zyzzogeton snores")
    shown[0].appearances.create(source=hush, title="Zyzzogeton copy", external_id="copy", text_hash="1")
    recount([ada.pk, quixley.pk, rangers.pk, island.pk])
    queue_for_index(Article.objects.values_list("pk", flat=True))
    drain()
    pinned = pins.pin("")
    dump = Dump.objects.create(sha256="a" * 64, name="d.jsonl", size=1)
    run = IngestRun.objects.create(dump=dump, read=1, rejected=1)
    rejection = Rejection.objects.create(run=run, record=1, locator="line 1", code="bad-json", reason="no")
    collection = Collection.objects.create(owner=User.objects.create_user("owner"), name="Marsupials", token="t" * 43)
    for position, article in enumerate((shown[0], secret), start=1):
        CollectionItem.objects.create(collection=collection, article=article, position=position)
    lifted = {"degree": Degree.HIDE, "reason": TakedownReason.OTHER}
    return {
        "token": collection.token,
        "collection": collection.pk,
        "takedown": Takedown.objects.create(article=shown[1], **lifted).pk,
        "shown": shown[0].pk,
        "secret": secret.pk,
        "pin": pinned.key,
        "run": run.pk,
        "dump": dump.pk,
        "rejection": rejection.pk,
        "source": Source.objects.get(slug="island-post").pk,
        "entity": ada.pk,
        "audit": record(Act.EDIT, "x", by=None).pk,
        "group": Group.objects.get(name="reader").pk,
        "people": [ada.pk, quixley.pk],
    }


def _clients(archive: dict[str, Any]) -> dict[str, Client]:
    clients = {"anonymous": Client()}
    for role in ROLES[1:]:
        clients[role] = Client()
        user = User.objects.create_user("staffer", is_staff=True) if role == "nobody" else member(role)
        clients[role].force_login(user)
        archive[role] = user.pk
    return clients


_WALKERS = ("anonymous", "reader", "editor")
"""Who goes to every public address anyway, and is looked at there."""


def test_each_role_is_answered_as_it_should_at_every_address(archive: dict[str, Any]) -> None:
    clients = _clients(archive)
    wrong = []
    for route, address in ADDRESSES.items():
        path = "/" + address.examples[0].format(**archive)
        for role, status in zip(ROLES, address.statuses, strict=True):
            if address.is_public and role in _WALKERS:
                continue
            answered = clients[role].get(path).status_code
            if answered != status:
                wrong.append(f"{route} as {role}: {answered}, not {status}")
    assert not wrong, "\n".join(wrong)


def _walk(role: str, client: Client, archive: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """What this role is shown at every public address: status and body, but for what differs every time."""
    seen, wrong = {}, []
    for route, address in ADDRESSES.items():
        for number, example in enumerate(address.examples if address.is_public else ()):
            path = "/" + example.format(**archive)
            response = client.get(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            seen[path] = response.status_code, _VARYING.sub("", body.decode())
            if not number and response.status_code != address.statuses[ROLES.index(role)]:
                wrong.append(f"{route} as {role}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    return seen


def _hide(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(visibility=Visibility.HIDDEN)


def _embargo(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(visibility=Visibility.EMBARGOED)


def _close_the_source(article: Article) -> None:
    Source.objects.filter(pk=article.source_id).update(only_for=Group.objects.create(name="investigations"))


@pytest.mark.parametrize("ways", [(_hide, _embargo), (_close_the_source,)], ids=["the article", "its source"])
def test_a_hidden_article_leaves_no_trace_at_any_address(
    archive: dict[str, Any], ways: tuple[Callable[[Article], None], ...]
) -> None:
    """Whichever way it is hidden, every page is as if it had never been."""
    secret = Article.objects.get(pk=archive["secret"])
    if _close_the_source not in ways:
        # An open source whose article is hidden may be named as the source of a copy.
        Article.objects.get(pk=archive["shown"]).appearances.all().delete()
    clients = {role: client for role, client in _clients(archive).items() if role in _WALKERS}
    hidden = {}
    for hide in ways:
        hide(secret)
        _index_anew(archive)
        for role, client in clients.items():
            hidden[hide, role] = pages = _walk(role, client, archive)
            told = {path for path, (_, body) in pages.items() if SECRET.search(_without_the_question(body, path))}
            assert not told, (hide, role, told)
    secret.delete()
    RuleTally.objects.all().delete()
    EntityAlias.objects.filter(name="Ada Zyzzogeton").delete()
    Entity.objects.filter(slug="zebulon-quixley").delete()
    if _close_the_source in ways:
        # The source stays closed, for it alone says that scores are kept from a reader.
        Article.objects.get(pk=archive["shown"]).appearances.all().delete()
    _index_anew(archive)
    never = {role: _walk(role, client, archive) for role, client in clients.items()}
    for (hide, role), pages in hidden.items():
        for path, page in pages.items():
            assert page == never[role][path], (hide, role, path)


def _index_anew(archive: dict[str, Any]) -> None:
    recount(archive["people"])
    queue_for_index([archive["secret"]])
    drain()
    rebuild()


def _without_the_question(body: str, path: str) -> str:
    """A page without what it repeats of its own address."""
    if not SECRET.search(path):
        return body
    return SECRET.sub("", body) if all(len(found) < 12 for found in SECRET.findall(body)) else body


def test_those_for_whom_a_source_is_open_meet_it_everywhere(archive: dict[str, Any]) -> None:
    group = Group.objects.create(name="investigations")
    Source.objects.filter(slug="hush").update(only_for=group)
    recount(archive["people"])
    client = Client()
    user = member("reader")
    user.groups.add(group)
    client.force_login(user)
    for path in (
        "/",
        "/search/?q=zyzzogeton",
        "/sources/",
        "/sources/hush/",
        "/people/?filter=quixley",
        "/people/zebulon-quixley/",
        "/people/zebulon-quixley/export.csv",
        "/search/complete/?q=quixl",
        "/api/v1/entities?name=quixley",
        f"/articles/{archive['secret']}/zyzzogeton-found/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        assert re.search("zyzzogeton|hush|Zebulon Quixley", body.decode(), re.IGNORECASE), path
