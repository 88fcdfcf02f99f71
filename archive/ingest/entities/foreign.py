"""Names of texts that are not in English: what the language's model says, gathered; none of the English steps."""

from collections import defaultdict
from collections.abc import Sequence

from archive.choices import EntityKind
from archive.ingest.entities.clusters import is_short_for
from archive.ingest.entities.found import KIND_OF_LABEL
from archive.ingest.entities.model import Labelled
from archive.ingest.records import NamedEntity, Span, TextNames
from archive.variants import entity_key

Key = tuple[EntityKind, str]


def gathered(text: str, labelled: Sequence[Labelled]) -> TextNames:
    """One entity for each name, in order of first mention; a surname alone goes to the one full name that it fits."""
    groups: dict[Key, list[Span]] = defaultdict(list)
    for one in labelled:
        kind = KIND_OF_LABEL.get(one.label)
        span = _trimmed(text, one.start, one.end)
        if kind is not None and (key := entity_key(kind, span.text)):
            groups[kind, key].append(span)
    for kind, key in list(groups):
        full = [
            other
            for other in groups
            if kind is other[0] is EntityKind.PERSON and is_short_for(key.split(), other[1].split())
        ]
        if len(full) == 1:
            groups[full[0]] += groups.pop((kind, key))
    entities = [_entity(kind, sorted(spans, key=lambda span: span.start)) for (kind, _), spans in groups.items()]
    return TextNames(tuple(sorted(entities, key=lambda entity: entity.mentions[0].start)))


def _entity(kind: EntityKind, spans: list[Span]) -> NamedEntity:
    return NamedEntity(kind, " ".join(max(spans, key=lambda span: len(span.text)).text.split()), tuple(spans))


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without blanks and punctuation at its ends."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end, text[start:end])
