"""What a name's page tells beside articles: how it is written, in what roles, how sure that is, who else there is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Min, Q

from archive.access import Reader
from archive.choices import DecisionKind, EntityKind, LinkBy
from archive.models import Article, Decision, Entity, EntityAlias, Mention, Quotation
from archive.querysets import seen_through
from archive.text import name_key
from archive.views.passages import Passage, paragraph_at, passages

SPELLINGS, ROLES, QUOTATIONS, OTHERS = 12, 8, 10, 8
SAMPLE = 2_000
"""Mentions that spellings are counted in, the latest: enough to tell, and quick for a name of every third article."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role as articles write it, the number of articles, and the days of the first and last of them."""

    text: str
    articles: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation and the address of its paragraph."""

    text: str
    article: Article
    url: str


@dataclass(frozen=True, slots=True)
class Sureness:
    """How many articles name an entity by what kind of evidence (see `LinkBy`), and how many mentions that is."""

    by: LinkBy
    articles: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody or something that could be taken for the entity, and why."""

    entity: Entity
    why: str


def spellings(entity: Entity, reader: Reader) -> list[tuple[str, int]]:
    """How articles write the name, most frequent first, counted in the latest mentions."""
    latest = (
        entity.mentions.filter(seen_through("article", reader)).order_by("-article_id", "-pk").values("pk")[:SAMPLE]
    )
    counted = Mention.objects.filter(pk__in=latest).order_by().values_list("text").annotate(count=Count("pk"))
    return list(counted.order_by("-count", "text")[:SPELLINGS])


def roles(entity: Entity, reader: Reader) -> list[Role]:
    """The roles that stand beside the name ("Treasury Secretary"), those of most articles first."""
    found = entity.mentions.filter(seen_through("article", reader)).exclude(role="").order_by().values_list("role")
    rows = found.annotate(
        articles=Count("article", distinct=True), first=Min("article__published_on"), last=Max("article__published_on")
    )
    alike: dict[str, list[Role]] = defaultdict(list)
    for row in rows.order_by("-articles", "role")[:SAMPLE]:
        alike[name_key(row[0])].append(Role(*row))
    together = [_together(group) for group in alike.values()]
    return sorted(together, key=lambda role: (-role.articles, role.text))[:ROLES]


def _together(roles: list[Role]) -> Role:
    """One role out of its spellings, under the most frequent that is not in capitals."""
    text = next((role.text for role in roles if not role.text.isupper()), roles[0].text)
    days = [day for role in roles for day in (role.first, role.last) if day]
    # An article has one role for a person, so that adding up counts none twice.
    return Role(text, sum(role.articles for role in roles), min(days, default=None), max(days, default=None))


def sureness(entity: Entity, reader: Reader) -> list[Sureness]:
    """The evidence that ties articles to the entity, surest first; one article may be tied by several."""
    found = entity.mentions.filter(seen_through("article", reader)).order_by().values_list("link")
    rows = {
        link: (articles, mentions)
        for link, articles, mentions in found.annotate(articles=Count("article", distinct=True), mentions=Count("pk"))
    }
    return [Sureness(by, *rows[by]) for by in (LinkBy.STAFF, LinkBy.NAME, LinkBy.SHORT) if by in rows]


def where_named(entity: Entity, articles: Iterable[Article]) -> list[tuple[Passage, str]]:
    """A passage of each article, and what else than the full name ties it to the entity, "" for nothing else."""
    shown = list(articles)
    rows = list(
        entity.mentions.filter(article__in=shown).order_by("start").values_list("article_id", "start", "end", "link")
    )
    named = {article_id for article_id, _, _, link in rows if link == LinkBy.NAME}
    by_staff = {article_id for article_id, _, _, link in rows if link == LinkBy.STAFF}
    found = passages([row[:3] for row in rows], shown)
    return [
        (each, "" if each.article.pk in named else "by decision" if each.article.pk in by_staff else "by short name")
        for each in found
    ]


def quotations(entity: Entity, reader: Reader) -> list[Quoted]:
    """What the person said, latest first."""
    latest = Quotation.objects.filter(seen_through("article", reader), speaker=entity).select_related("article__source")
    return [
        Quoted(one.text, one.article, f"{one.article.get_absolute_url()}#p{paragraph_at(one.article, one.start)}")
        for one in latest.order_by(F("article__published_at").desc(nulls_last=True), "article", "start")[:QUOTATIONS]
    ]


def not_to_be_confused_with(entity: Entity) -> list[Other]:
    """Whom librarians told apart from the entity, what bears its name in another kind, people of the same surname."""
    own = [entity.pk, *entity.merged.order_by("pk").values_list("pk", flat=True)[:200]]
    forms = list(EntityAlias.objects.filter(entity__in=own).order_by("pk").values_list("key", "family")[:200])
    keys, families = {key for key, _ in forms}, {family for _, family in forms} - {""}
    apart = {
        pk
        for pair in Decision.objects.filter(kind=DecisionKind.DISTINCT, undone_at=None)
        .filter(Q(entity=entity) | Q(other=entity))
        .values_list("entity_id", "other_id")
        for pk in pair
    }
    # Each by its own index: asked at once, the database would go through all names.
    alike = EntityAlias.objects.order_by()
    like = apart | {*alike.filter(kind__in=EntityKind.values, key__in=keys).values_list("entity", flat=True)}
    wanted = Q(pk__in=like - {entity.pk})
    if entity.kind == EntityKind.PERSON:
        same_family = {*alike.filter(family__in=families).values_list("entity", flat=True)}
        wanted |= Q(pk__in=same_family - {entity.pk}, kind=EntityKind.PERSON)
    others = Entity.objects.shown().filter(wanted).most_named()[: 10 * OTHERS]
    found = [Other(other, _why(entity, other, apart)) for other in others]
    return sorted(found, key=lambda other: other.entity.pk not in apart)[:OTHERS]


def _why(entity: Entity, other: Entity, apart: set[int]) -> str:
    if other.pk in apart:
        return "told apart by a librarian"
    if other.kind != entity.kind:
        return f"the {other.get_kind_display().lower()}"
    return "the same surname" if entity.kind == EntityKind.PERSON else "the same name"
