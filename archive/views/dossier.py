"""What a name's page tells beside articles: how it is written, in what roles, how sure that is, who else there is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from archive.access import Reader
from archive.choices import DecisionKind, EntityKind, LinkBy
from archive.models import Article, Decision, Entity, EntityAlias, Quotation
from archive.querysets import seen_through
from archive.text import name_key
from archive.views.passages import Passage, paragraph_at, passages

SPELLINGS, ROLES, QUOTATIONS, OTHERS = 12, 8, 10, 8
CHUNK = 2_000
"""Mentions held at a time: a name of every third article has hundreds of thousands."""


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
    """How many articles name an entity by what kind of evidence (see `LinkBy`)."""

    by: LinkBy
    articles: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the mentions of an entity tell: how many articles name it, and the days of the first and last of them."""

    articles: int
    first: date | None
    last: date | None
    spellings: list[tuple[str, int]]
    """How articles write the name, most frequent first."""
    roles: list[Role]
    """What stands beside the name ("Treasury Secretary"), that of most articles first."""
    sureness: list[Sureness]
    """The surest evidence first; one article may be tied by several."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody or something that could be taken for the entity, and why."""

    entity: Entity
    why: str


def summary(entity: Entity, reader: Reader) -> Summary:
    """All that is counted in the mentions, in one walk through them: it takes less than half of four queries' time."""
    spellings: Counter[str] = Counter()
    days: dict[int, date | None] = {}
    by_link: dict[str, set[int]] = defaultdict(set)
    by_role: dict[str, dict[int, date | None]] = defaultdict(dict)
    rows = entity.mentions.filter(seen_through("article", reader)).order_by()
    columns = ("article_id", "link", "text", "role", "article__published_on")
    for article, link, text, role, day in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        spellings[text] += 1
        days[article] = day
        by_link[link].add(article)
        if role:
            by_role[role][article] = day
    return Summary(
        len(days),
        *_ends(days.values()),
        sorted(spellings.items(), key=lambda pair: (-pair[1], pair[0]))[:SPELLINGS],
        _roles(by_role),
        [Sureness(by, len(by_link[by])) for by in (LinkBy.STAFF, LinkBy.NAME, LinkBy.SHORT) if by in by_link],
    )


def _ends(days: Iterable[date | None]) -> tuple[date | None, date | None]:
    known = {day for day in days if day}
    return min(known, default=None), max(known, default=None)


def _roles(found: Mapping[str, Mapping[int, date | None]]) -> list[Role]:
    """The roles out of role → article → day, spellings of one together."""
    alike: dict[str, list[Role]] = defaultdict(list)
    for text, days in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        alike[name_key(text)].append(Role(text, len(days), *_ends(days.values())))
    together = [_together(group) for group in alike.values()]
    return sorted(together, key=lambda role: (-role.articles, role.text))[:ROLES]


def _together(roles: list[Role]) -> Role:
    """One role out of its spellings, under the most frequent that is not in capitals."""
    text = next((role.text for role in roles if not role.text.isupper()), roles[0].text)
    # An article has one role for a person, so that adding up counts none twice.
    ends = _ends(day for role in roles for day in (role.first, role.last))
    return Role(text, sum(role.articles for role in roles), *ends)


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
    own = sorted(Entity.objects.with_all_merged([entity.pk]))[:200]
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
