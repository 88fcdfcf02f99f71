"""Names become entities of the archive, whatever the order in which articles come."""

import random
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from archive.choices import EntityKind, LinkBy
from archive.ingest.entities.link import sort_name
from archive.ingest.entities.partition import partition
from archive.ingest.records import NamedEntity, Quote, Span, TextNames
from archive.ingest.store_names import store_names
from archive.models import Article, Entity, EntityAlias, IndexTask, Mention, Quotation, Source
from archive.variants import entity_key

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def named(*names: str, kind: EntityKind = PERSON) -> TextNames:
    """Names as `find_names` gives them, each with one mention of its own, and one quotation."""
    return TextNames(
        tuple(NamedEntity(kind, name, (Span(20 * n, 20 * n + len(name), name),)) for n, name in enumerate(names)),
        tuple(Quote(Span(500 + 9 * n, 505 + 9 * n, "words"), name) for n, name in enumerate(names)),
    )


def article(number: int) -> Article:
    source, _ = Source.objects.get_or_create(slug="wire", defaults={"name": "Wire"})
    return Article.objects.create(
        source=source, external_id=str(number), title=f"Story {number}", text_hash=str(number)
    )


def outcome() -> set[frozenset[tuple[str, str]]]:
    """Which mentions belong together, and which to nobody, by article and text."""
    together: dict[int | None, set[tuple[str, str]]] = {}
    for mention in Mention.objects.select_related("article"):
        key = mention.entity_id or -mention.pk
        together.setdefault(key, set()).add((mention.article.external_id, mention.text))
    assert_quotations_follow()
    return {frozenset(group) for group in together.values()}


def assert_quotations_follow() -> None:
    """What somebody says in an article is said by whom that name means there, and by nobody else."""
    meant = {(one.article_id, one.kind, one.key): one.entity_id for one in Mention.objects.all()}
    for quotation in Quotation.objects.all():
        name = quotation.article_id, quotation.speaker_kind, quotation.speaker_key
        assert quotation.speaker_id == meant[name], name


STORIES = (
    ("James Baker", "Ronald Reagan"),
    ("Reagan",),
    ("James A. Baker", "Baker"),
    ("J. Baker",),
    ("Howard Baker",),
    ("Baker",),
    ("George Bush",),
    ("George W. Bush",),
    ("George H.W. Bush",),
    ("Bush",),
    ("Pele",),
    ("Sayragul Sauytbay",),
    ("Sauytbay",),
    ("S. Sauytbay",),
)


@pytest.mark.django_db
def test_the_order_of_ingest_does_not_change_who_is_whom() -> None:
    seen = set()
    for seed in range(6):
        Entity.objects.all().delete()
        Article.objects.all().delete()
        stories = list(enumerate(STORIES))
        random.Random(seed).shuffle(stories)
        for number, names in stories:
            store_names([(article(number), named(*names))])
        people = frozenset(Entity.objects.filter(article_count__gt=0).values_list("name", "article_count"))
        seen.add((frozenset(outcome()), people))
    assert len(seen) == 1
    assert frozenset({("0", "James Baker"), ("2", "James A. Baker"), ("3", "J. Baker")}) in next(iter(seen))[0]


FIRMS = (
    "AM International Inc",
    "Am International",
    "THE WORLD BANK",
    "The World Bank",
    "World Bank",
    "UN",
    "United Nations",
)


@pytest.mark.django_db
def test_the_order_of_ingest_changes_neither_names_nor_addresses_of_organisations() -> None:
    seen = set()
    for seed in range(6):
        Entity.objects.all().delete()
        Article.objects.all().delete()
        firms = list(enumerate(FIRMS))
        random.Random(seed).shuffle(firms)
        for number, firm in firms:
            store_names([(article(number), named(firm, kind=ORGANISATION))])
        seen.add(frozenset(Entity.objects.values_list("name", "slug", "article_count")))
    assert seen == {
        frozenset(
            {
                ("Am International", "am-international", 2),
                ("World Bank", "world-bank", 3),
                ("United Nations", "united-nations", 2),
            }
        )
    }


@pytest.mark.django_db
def test_a_surname_alone_goes_to_the_one_person_it_fits_and_to_nobody_once_there_are_two() -> None:
    first, second, third = article(1), article(2), article(3)
    store_names([(first, named("Ronald Reagan")), (second, named("Reagan"))])
    assert second.mentions.get().entity == first.mentions.get().entity
    assert second.mentions.get().link == LinkBy.SHORT
    IndexTask.objects.all().delete()
    store_names([(third, named("Nancy Reagan"))])
    assert second.mentions.get().entity is None
    assert second.mentions.get().link == LinkBy.NONE
    assert set(IndexTask.objects.values_list("article_id", flat=True)) == {second.pk, third.pk}
    assert Entity.objects.get(name="Ronald Reagan").article_count == 1


@pytest.mark.django_db
def test_a_surname_that_came_first_becomes_the_person_named_in_full_later() -> None:
    first, second = article(1), article(2)
    store_names([(first, named("Reagan"))])
    address = Entity.objects.get().slug
    store_names([(second, named("Ronald Reagan"))])
    person = Entity.objects.get()
    assert (person.name, person.slug, person.article_count) == ("Ronald Reagan", address, 2)


@pytest.mark.django_db
def test_naming_an_article_again_changes_nothing() -> None:
    one = article(1)
    store_names([(one, named("James Baker", "Reagan"))])
    before = outcome(), list(Entity.objects.values()), list(EntityAlias.objects.values())
    store_names([(one, named("James Baker", "Reagan"))])
    assert (outcome(), list(Entity.objects.values()), list(EntityAlias.objects.values())) == before
    one.refresh_from_db()
    assert one.named_at is not None


@pytest.mark.django_db
def test_a_merged_entity_is_followed() -> None:
    one, two = article(1), article(2)
    store_names([(one, named("Cassius Clay", "Muhammad Ali"))])
    clay, ali = Entity.objects.get(name="Cassius Clay"), Entity.objects.get(name="Muhammad Ali")
    Entity.objects.filter(pk=clay.pk).update(merged_into=ali)
    store_names([(two, named("Cassius Clay"))])
    assert two.mentions.get().entity == ali


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_meet_a_man_at_once_make_one_of_him() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: only PostgreSQL can make two of one man")
    one, two = article(1), article(2)

    def other_process() -> None:
        try:
            store_names([(two, named("James A. Baker"))])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            store_names([(one, named("James Baker"))])
            meanwhile = pool.submit(other_process)
            wait([meanwhile], timeout=0.5)
        meanwhile.result(timeout=30)
    assert Entity.objects.get().article_count == 2


def test_companies_share_a_key_whatever_their_legal_form() -> None:
    assert entity_key(ORGANISATION, "Arequipa Resources Ltd.") == entity_key(ORGANISATION, "The Arequipa Resources")
    assert entity_key(PLACE, "The Hague") == "the hague"


def test_lists_sort_people_by_surname() -> None:
    assert sort_name(PERSON, "James Baker Jr.") == "baker, james jr."
    assert sort_name(ORGANISATION, "World Bank") == "world bank"


def test_initials_that_fit_two_people_stand_for_nobody() -> None:
    assert partition(["john baker", "james baker", "j baker", "baker"])["j baker"] is None


def test_a_misprint_inside_a_long_given_name_makes_no_second_person() -> None:
    for one, other in (("yevgeny kafelnikov", "yvegeny kafelnikov"), ("margaret crowley", "margret crowley")):
        assert len(set(partition([one, other]).values())) == 1


@pytest.mark.parametrize(
    "people",
    [
        ["roberta crowley", "roberto crowley"],
        ["marian crowley", "marianne crowley"],
        ["ronald baker", "donald baker"],
        ["herman gumy", "hernan gumy"],
        ["margaret j crowley", "margret b crowley"],
    ],
)
def test_names_that_more_than_a_misprint_keeps_apart_stay_two(people: list[str]) -> None:
    assert len(set(partition(people).values())) == len(people)


def test_a_name_near_to_two_others_is_joined_with_neither() -> None:
    people = ["stephano crowley", "stephino crowley", "stephuno crowley"]
    assert len(set(partition(people).values())) == 3


def test_a_surname_with_its_particle_is_not_one_without() -> None:
    stands = partition(["aravinda de silva", "a de silva", "pedro silva", "de silva", "silva"])
    assert stands["de silva"] == "aravinda de silva"
    assert stands["silva"] is None


def test_people_whom_librarians_declared_one_are_one_to_a_surname() -> None:
    stands = partition(["bill clinton", "william clinton", "clinton"], {"bill clinton": 1, "william clinton": 1})
    assert stands["clinton"] == "bill clinton"


def test_a_father_and_his_junior_are_two_people_only_where_both_are_told_apart() -> None:
    assert len(set(partition(["sam smith jr", "sam smith sr", "sam smith"]).values())) == 3


@pytest.mark.django_db
def test_spellings_of_one_place_are_one_entity_with_both_as_aliases() -> None:
    one = article(1)
    store_names([(one, named("Peking", "Beijing", "U.S.", "United States", kind=PLACE))])
    assert Entity.objects.count() == 2
    assert set(EntityAlias.objects.values_list("name", flat=True)) == {"Peking", "Beijing", "U.S.", "United States"}
    assert set(Entity.objects.values_list("name", flat=True)) == {"Beijing", "United States"}
