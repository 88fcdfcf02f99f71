"""Librarians' decisions: obeyed at once and by every later ingest, and undone without a trace."""

import json
import random
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from archive.choices import EntityKind, LinkBy
from archive.errors import ArchiveError
from archive.ingest.entities import decisions
from archive.ingest.entities.decision_files import export_decisions, import_decisions
from archive.ingest.entities.decisions import By, DecisionRefused, NameInArticle
from archive.ingest.store_names import store_names
from archive.models import Article, Assignment, Decision, Entity, EntityAlias, IndexTask, Mention, Quotation
from archive.search.documents import build
from archive.variants import entity_key
from tests.ingest.entities.test_link import article, assert_quotations_follow, named, outcome

PERSON, ORGANISATION = EntityKind.PERSON, EntityKind.ORGANISATION
STORIES = (
    named("Bill Clinton", "Hillary Clinton"),
    named("Roger Clinton"),
    named("Clinton"),
    named("James Baker", "Zenith"),
    named("J. Baker"),
    named("James Baker"),
    named("Zenith"),
)
NOBODY = By()


@pytest.fixture
def stories(db: None) -> list[Article]:
    articles = [article(number) for number in range(len(STORIES))]
    store_names(list(zip(articles, STORIES, strict=True)))
    return articles


def entity(name: str) -> Entity:
    return Entity.objects.get(name=name)


def state() -> tuple[object, ...]:
    """Everything that readers can see of names."""
    mentions = Mention.objects.order_by("article_id", "start").values_list("article_id", "start", "entity_id", "link")
    shown = Entity.objects.filter(article_count__gt=0).order_by("pk")
    entities = shown.values_list(
        "pk", "name", "kind", "slug", "sort_name", "article_count", "mention_count", "is_hidden", "merged_into_id"
    )
    aliases = EntityAlias.objects.order_by("entity_id", "name").values_list("entity_id", "kind", "name", "key")
    quotations = Quotation.objects.order_by("article_id", "start").values_list("article_id", "start", "speaker_id")
    assert_quotations_follow()
    return list(mentions), list(entities), list(aliases), list(quotations)


def test_a_merge_moves_mentions_and_counts_and_leaves_the_old_address(stories: list[Article]) -> None:
    roger, bill = entity("Roger Clinton"), entity("Bill Clinton")
    IndexTask.objects.all().delete()
    decisions.merge(roger, bill, NOBODY)
    assert stories[1].mentions.get().entity == bill
    bill.refresh_from_db()
    roger.refresh_from_db()
    assert (bill.article_count, roger.article_count, roger.merged_into) == (2, 0, bill)
    assert stories[1].pk in IndexTask.objects.values_list("article_id", flat=True)


def test_quotations_go_with_the_mentions_through_merges_and_a_split(stories: list[Article]) -> None:
    baker, bill, roger = entity("James Baker"), entity("Bill Clinton"), entity("Roger Clinton")
    decisions.merge(roger, baker, NOBODY)
    decisions.merge(baker, bill, NOBODY)
    assert stories[1].quotations.get().speaker == bill
    here = NameInArticle(stories[5].pk, PERSON, "james baker")
    apart = decisions.split(bill, [here], NOBODY, name="James Baker (pilot)")
    assert stories[5].quotations.get().speaker == apart.other
    assert [document.speakers for document in build([stories[1].pk, stories[5].pk])] == [
        ("bill-clinton",),
        ("james-baker-pilot",),
    ]


def test_what_was_merged_into_one_of_two_stays_with_it_when_their_merge_is_undone(stories: list[Article]) -> None:
    baker, bill, roger = entity("James Baker"), entity("Bill Clinton"), entity("Roger Clinton")
    first = decisions.merge(baker, bill, NOBODY)
    decisions.merge(roger, baker, NOBODY)
    assert stories[1].mentions.get().entity == bill
    decisions.undo(first, NOBODY)
    assert stories[1].mentions.get().entity == baker
    with pytest.raises(DecisionRefused, match="into itself"):
        decisions.merge(baker, roger, NOBODY)


def test_a_surname_is_plain_once_the_others_are_the_same_person(stories: list[Article]) -> None:
    assert stories[2].mentions.get().entity is None
    bill = entity("Bill Clinton")
    decisions.merge(entity("Roger Clinton"), bill, NOBODY)
    decisions.merge(entity("Hillary Clinton"), bill, NOBODY)
    assert stories[2].mentions.get().entity == bill


def test_a_split_survives_naming_the_articles_again(stories: list[Article]) -> None:
    baker = entity("James Baker")
    other = NameInArticle(stories[5].pk, PERSON, "james baker")
    decision = decisions.split(baker, [other], NOBODY, name="James Baker (pilot)")
    store_names(list(zip(stories, STORIES, strict=True)))
    mention = stories[5].mentions.get()
    assert (mention.entity, mention.link) == (decision.other, LinkBy.STAFF)
    assert stories[3].mentions.get(key="james baker").entity == baker


def test_a_name_that_is_none_in_one_article_stays_one_elsewhere(stories: list[Article]) -> None:
    decisions.assign([NameInArticle(stories[6].pk, PERSON, "zenith")], None, NOBODY)
    store_names([(stories[6], STORIES[6])])
    assert stories[6].mentions.get().entity is None
    assert stories[3].mentions.get(key="zenith").entity == entity("Zenith")


def test_a_librarian_assigns_a_surname_that_fits_several(stories: list[Article]) -> None:
    hillary = entity("Hillary Clinton")
    decisions.assign([NameInArticle(stories[2].pk, PERSON, "clinton")], hillary, NOBODY)
    assert stories[2].mentions.get().entity == hillary
    decisions.merge(hillary, entity("Bill Clinton"), NOBODY)
    assert stories[2].mentions.get().entity == entity("Bill Clinton")


def test_a_changed_kind_and_name_survive_naming_again(stories: list[Article]) -> None:
    zenith = entity("Zenith")
    decisions.change_kind(zenith, ORGANISATION, NOBODY)
    decisions.rename(zenith, "Zenith Electronics", NOBODY)
    store_names(list(zip(stories, STORIES, strict=True)))
    zenith.refresh_from_db()
    assert (zenith.kind, zenith.name, zenith.article_count) == (ORGANISATION, "Zenith Electronics", 2)
    assert Entity.objects.filter(name="Zenith").count() == 0


def test_a_later_fuller_form_does_not_undo_a_rename(stories: list[Article]) -> None:
    zenith = entity("Zenith")
    decisions.rename(zenith, "The Zenith", NOBODY)
    store_names([(article(90), named("Anna Zenith"))])
    zenith.refresh_from_db()
    assert zenith.name == "The Zenith"


def test_contradictions_are_refused_with_a_sentence(stories: list[Article]) -> None:
    bill, roger = entity("Bill Clinton"), entity("Roger Clinton")
    decisions.merge(roger, bill, NOBODY)
    for refused in (
        lambda: decisions.merge(bill, bill, NOBODY),
        lambda: decisions.merge(bill, roger, NOBODY),
        lambda: decisions.merge(roger, entity("James Baker"), NOBODY),
        lambda: decisions.rename(bill, "…", NOBODY),
        lambda: decisions.split(bill, [], NOBODY),
        lambda: decisions.change_kind(bill, PERSON, NOBODY),
    ):
        with pytest.raises(DecisionRefused):
            refused()


def any_decision(random_choice: random.Random, articles: list[Article]) -> Decision | None:
    """Some decision about some shown entities, unless it is refused."""
    entities = list(Entity.objects.filter(article_count__gt=0).order_by("pk"))
    one, two = random_choice.choice(entities), random_choice.choice(entities)
    found = decisions.names_in_articles(one)
    names = [NameInArticle(row["article_id"], row["kind"], row["key"]) for row in found[: random_choice.randint(1, 2)]]
    made = random_choice.choice(
        [
            lambda: decisions.merge(one, two, NOBODY),
            lambda: decisions.rename(one, random_choice.choice(["Ann Other", "Clinton", "Zenith Corp"]), NOBODY),
            lambda: decisions.change_kind(one, random_choice.choice(list(EntityKind)), NOBODY),
            lambda: decisions.hide(one, NOBODY),
            lambda: decisions.assign(names, random_choice.choice([two, None]), NOBODY),
            lambda: decisions.split(one, names, NOBODY),
        ]
    )
    try:
        return made()
    except DecisionRefused:
        return None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 9))
def test_undoing_everything_in_any_order_restores_the_exact_state(
    stories: list[Article], seed: int, steps: int
) -> None:
    """Decisions of all kinds, some undone meanwhile, with articles named again in any order in between and at the end."""
    choice = random.Random(seed)
    with transaction.atomic():
        before = state()
        standing: list[Decision] = []
        for _ in range(steps):
            if standing and choice.random() < 0.2:
                decisions.undo(standing.pop(choice.randrange(len(standing))), NOBODY)
            elif decision := any_decision(choice, stories):
                standing.append(decision)
            if choice.random() < 0.3:
                name_again(stories, choice)
        decided = state()
        name_again(stories, choice)
        assert state() == decided, "naming the articles again changed what was decided"
        choice.shuffle(standing)
        for decision in standing:
            decisions.undo(decision, NOBODY)
        assert state() == before
        name_again(stories, choice)
        assert state() == before
        transaction.set_rollback(True)


def any_plan(choice: random.Random, people: list[int]) -> Callable[[], Decision]:
    """A decision of any kind about names that are there from the beginning, to be made now or later."""
    one, two = (Entity(pk=pk) for pk in choice.sample(people, 2))
    name, kind = choice.choice(["Ann Other", "Zenith Corp"]), choice.choice(list(EntityKind))
    mention = choice.choice(list(Mention.objects.exclude(entity=None).order_by("pk")))
    here, to = [NameInArticle(mention.article_id, EntityKind(mention.kind), mention.key)], choice.choice([two, None])
    merge = [lambda: decisions.merge(one, two, NOBODY)] * 4
    rest = (
        lambda: decisions.rename(one, name, NOBODY),
        lambda: decisions.change_kind(one, kind, NOBODY),
        lambda: decisions.hide(one, NOBODY),
        lambda: decisions.assign(here, to, NOBODY),
    )
    return choice.choice([*merge, *rest])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), steps=st.integers(2, 4))
def test_undoing_a_decision_is_as_if_it_had_never_been_made_whatever_came_after(
    stories: list[Article], seed: int, steps: int
) -> None:
    choice = random.Random(seed)
    people = list(Entity.objects.order_by("pk").values_list("pk", flat=True))
    plans = [any_plan(choice, people) for _ in range(steps)]
    undone = choice.randrange(steps)
    ends = []
    for never in (True, False):
        with transaction.atomic():
            # With one decision another can be refused that is possible without it: of such sequences nothing is asked.
            refused, made = False, []
            for number, plan in enumerate(plans):
                try:
                    made.append(None if never and number == undone else plan())
                except DecisionRefused:
                    refused = True
            if not refused and made[undone] is not None:
                decisions.undo(made[undone], NOBODY)
            ends.append((refused, state()))
            transaction.set_rollback(True)
    assume(not any(refused for refused, _ in ends))
    assert ends[0] == ends[1]


def name_again(stories: list[Article], choice: random.Random) -> None:
    """Some or all articles, in any order, one by one or together, as extraction or a dump brought twice does."""
    told = choice.sample(list(zip(stories, STORIES, strict=True)), choice.randint(1, len(stories)))
    batch = choice.choice([1, len(told)])
    for start in range(0, len(told), batch):
        store_names(told[start : start + batch])


def test_every_kind_of_decision_is_undone_alone_and_after_naming_again(stories: list[Article]) -> None:
    baker, bill, zenith = entity("James Baker"), entity("Bill Clinton"), entity("Zenith")
    here = [NameInArticle(stories[5].pk, PERSON, "james baker")]
    everything = (
        lambda: decisions.merge(entity("Roger Clinton"), bill, NOBODY),
        lambda: decisions.rename(baker, "Jim Baker", NOBODY),
        lambda: decisions.change_kind(zenith, ORGANISATION, NOBODY),
        lambda: decisions.hide(zenith, NOBODY),
        lambda: decisions.assign(here, bill, NOBODY),
        lambda: decisions.assign(here, None, NOBODY),
        lambda: decisions.split(baker, here, NOBODY, name="J. Baker (pilot)"),
        lambda: decisions.declare_distinct(baker, bill, NOBODY),
    )
    before = state()
    for decide in everything:
        decision = decide()
        store_names(list(zip(stories, STORIES, strict=True)))
        decisions.undo(decision, NOBODY)
        assert state() == before, decision.kind


def test_decisions_are_carried_to_an_archive_built_anew(stories: list[Article]) -> None:
    decisions.merge(entity("Roger Clinton"), entity("Bill Clinton"), By(reason="same man"))
    decisions.split(entity("James Baker"), [NameInArticle(stories[5].pk, PERSON, "james baker")], NOBODY, name="Jim B.")
    decisions.rename(entity("Zenith"), "Zenith Electronics", NOBODY)
    decisions.assign([NameInArticle(stories[6].pk, PERSON, "zenith")], None, NOBODY)
    bill = entity("Bill Clinton")
    # Of the two called the same the first is renamed, and one of the articles has nothing that tells it but its text.
    Article.objects.filter(pk=stories[0].pk).update(external_id="")
    decisions.split(bill, [NameInArticle(stories[0].pk, PERSON, entity_key(PERSON, "Bill Clinton"))], NOBODY)
    decisions.rename(bill, "William Clinton", NOBODY)
    told = json.loads(json.dumps(export_decisions()))
    wanted = outcome()
    assert import_decisions(told).known == 6
    Entity.objects.update(merged_into=None)
    for model in (Assignment, Decision, Mention, EntityAlias, Entity, Article):
        model.objects.all().delete()
    again = [article(number) for number in range(len(STORIES))]
    Article.objects.filter(pk=again[0].pk).update(external_id="")
    store_names(list(zip(again, STORIES, strict=True)))
    done = import_decisions(told)
    assert (done.made, done.problems) == (6, [])
    assert outcome() == wanted
    assert again[0].mentions.get(start=0).entity == entity("Bill Clinton")
    assert again[1].mentions.get().entity == entity("William Clinton")
    assert entity("Zenith Electronics").article_count == 1


def test_what_another_archive_does_not_have_is_reported(stories: list[Article]) -> None:
    decisions.merge(entity("Roger Clinton"), entity("Bill Clinton"), NOBODY)
    told = export_decisions()
    told["decisions"][0]["uid"] = str(uuid.uuid4())
    told["decisions"][0]["entity"] = {"kind": "person", "key": "nobody", "name": "Nobody"}
    assert import_decisions(told).problems == ["decision 1: no person called “Nobody” is in this archive"]
    with pytest.raises(ArchiveError):
        import_decisions([])
