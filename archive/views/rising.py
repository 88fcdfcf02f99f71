"""Names that are in the news more than before: those of the archive's last weeks against all it holds."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from archive.access import Reader
from archive.choices import EntityKind
from archive.models import Article, Entity
from archive.search.backends.view import view
from archive.search.query import Dated
from archive.views.counts import association, facet_counts

DAYS = 30
FEWEST, MOST = 2, 240
"""Articles of the period below which nothing rose, and the names that are told."""


@dataclass(frozen=True, slots=True)
class Rising:
    """A name, the articles of the period that have it, and how much more often than before."""

    entity: Entity
    here: int
    strength: float


@dataclass(frozen=True, slots=True)
class Period:
    """The last days in which the archive has articles, both inclusive, and what rose in them."""

    start: date
    end: date
    risen: tuple[Rising, ...]


def rising(kind: EntityKind, reader: Reader, days: int = DAYS) -> Period | None:
    """What of a kind rose most in the last `days` days up to the latest article; None for an archive without dates.

    Strength is `association` of the name with the period: the log-likelihood ratio of its articles inside and outside.
    A date in the future is a mistake of the source and moves no period.
    """
    today = timezone.localdate()
    dated = Article.objects.listed_for(reader).filter(published_on__lte=today)
    end: date | None = dated.aggregate(last=Max("published_on"))["last"]
    if end is None:
        return None
    start = end - timedelta(days=days - 1)
    in_period = facet_counts(Dated(start, end), kind, seen=view(reader))[kind]
    inside = dated.filter(published_on__range=(start, end)).count()
    total = Article.objects.listed_for(reader).count()
    risen = []
    for entity in Entity.objects.shown().filter(kind=kind, slug__in=list(in_period)):
        here = in_period[entity.slug]
        strength = association(here, max(entity.article_count, here), inside, max(total, inside))
        if strength > 0 and here >= FEWEST:
            risen.append(Rising(entity, here, strength))
    risen.sort(key=lambda one: (-one.strength, one.entity.sort_name, one.entity.pk))
    return Period(start, end, tuple(risen[:MOST]))
