"""Facets as readers see them: values with their names, what is chosen, what is excluded."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from archive.access import Reader
from archive.choices import EntityKind
from archive.models import Entity, Source
from archive.search.backends.base import Filter
from archive.search.results import Facet

LABELS = {
    "person": "People",
    "organisation": "Organisations",
    "place": "Places",
    "source": "Sources",
    "year": "Years",
    "month": "Months",
    "day": "Days",
    "section": "Sections",
    "language": "Languages",
}


@dataclass(frozen=True, slots=True)
class ShownValue:
    value: str
    label: str
    count: int
    is_chosen: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class ShownFacet:
    name: str
    label: str
    values: tuple[ShownValue, ...]


def label(facets: Sequence[Facet], filters: Sequence[Filter], reader: Reader) -> tuple[ShownFacet, ...]:
    """Names for the values of all facets, in one query for each table; chosen values are shown even at zero."""
    wanted = {facet.name: [value.value for value in facet.values] for facet in facets}
    for one in filters:
        wanted.setdefault(one.facet, []).extend(one.values)
    names = _names(wanted, {value.value for facet in facets for value in facet.values}, reader)
    shown = []
    for facet in facets:
        chosen = {value for one in filters if one.facet == facet.name and not one.exclude for value in one.values}
        excluded = {value for one in filters if one.facet == facet.name and one.exclude for value in one.values}
        counts = {value.value: value.count for value in facet.values}
        values = [*counts, *sorted((chosen | excluded) - counts.keys())]
        shown.append(
            ShownFacet(
                facet.name,
                LABELS.get(facet.name, facet.name),
                tuple(
                    ShownValue(
                        value,
                        names.get((facet.name, value)) or value or "unknown",
                        counts.get(value, 0),
                        value in chosen,
                        value in excluded,
                    )
                    for value in values
                ),
            )
        )
    return tuple(shown)


def _names(wanted: dict[str, list[str]], counted: set[str], reader: Reader) -> dict[tuple[str, str], str]:
    """A value that was chosen but counts nothing is named only if everybody may know it."""
    sources = Source.objects.readable_by(reader).filter(slug__in=wanted.get("source", []))
    names = {("source", slug): name for slug, name in sources.values_list("slug", "name")} if "source" in wanted else {}
    slugs = [slug for kind in EntityKind for slug in wanted.get(kind.value, [])]
    if slugs:
        seen = Q(article_count__gt=0) | Q(slug__in=counted & set(slugs))
        for kind, slug, name in Entity.objects.filter(seen, slug__in=slugs).values_list("kind", "slug", "name"):
            names[(kind, slug)] = name
    return names
